"""Domain values as rows: what the rules are tested with, in a database."""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Table, delete, insert
from sqlalchemy.orm import Session

from caseapp.domain.client import ClientFacts
from caseapp.domain.clinician import Clinician
from caseapp.domain.npi import npi_is_valid
from caseapp.domain.payor import Payor
from caseapp.models import begin_write, new_public_id
from caseapp.models.base import Base
from tests.builders import RECORDED_AT, npi
from tests.rule_cases import KNOWN_LINES

Rows = dict[str, list[dict[str, Any]]]


def store(session: Session, clients: Sequence[ClientFacts]) -> list[int]:
    """Their row ids, in order, in an emptied database. Nothing is committed.

    Each client has clinicians of their own, for two may have the same number in two cases. NPIs become
    different ones, valid or not as they were, and an enrollment that the database refuses twice is left out.
    """
    begin_write(session)
    for table in reversed(Base.metadata.sorted_tables):
        if table.name != "taxonomy_code":
            session.execute(delete(table))
    rows: Rows = {}
    lines = {code: _add(rows, "service_line", code=code, name=code) for code in KNOWN_LINES}
    payors = {
        code: _add(rows, "payor", code=code, name=payor.name, type=payor.type,
                   requires_enrollment=payor.requires_enrollment)
        for code, payor in _payors(clients).items()
    }  # fmt: skip
    ids = [_store_client(rows, client, payors, lines) for client in clients]
    for table in Base.metadata.sorted_tables:
        if table.name in rows:
            session.execute(insert(table), rows[table.name])
    return ids


def _payors(clients: Iterable[ClientFacts]) -> dict[str, Payor]:
    """Those of the funding sources, and those that enrollments alone name."""
    found = {source.payor.code: source.payor for client in clients for source in client.funding_sources}
    for client in clients:
        for clinician in _staff(client).values():
            for enrollment in clinician.enrollments:
                found.setdefault(enrollment.payor, Payor(enrollment.payor, enrollment.payor, "private_pay"))
    return found


def _staff(client: ClientFacts) -> dict[str, Clinician]:
    """By number; of a clinician whom only an appointment names, no more is known."""
    found = {
        session.clinician: Clinician(number=session.clinician)
        for session in client.appointments
        if session.clinician
    }
    for cm in client.case_managers:
        for clinician in (cm.clinician, cm.for_clinician):
            if clinician is not None:
                found[clinician.number] = clinician
    return found


def _store_client(rows: Rows, client: ClientFacts, payors: dict[str, int], lines: dict[str, int]) -> int:
    client_id = len(rows.get("client", ())) + 1
    _add(rows, "client", number=f"C-{client_id}", first_name=client.first_name, last_name="Berg",
         status=client.status, sort_key=f"berg {client_id}")  # fmt: skip
    staff = {
        number: _store_clinician(rows, clinician, client_id, payors)
        for number, clinician in _staff(client).items()
    }
    for line in client.service_lines:
        _add(rows, "client_service_line", client_id=client_id, service_line_id=lines[line.service_line],
             start_date=line.start, end_date=line.end)  # fmt: skip
    for source in client.funding_sources:
        _add(rows, "funding_source", client_id=client_id, payor_id=payors[source.payor.code],
             priority=source.priority, start_date=source.start, end_date=source.end)  # fmt: skip
    for cm in client.case_managers:
        _add(rows, "case_manager", client_id=client_id, service_line_id=lines[cm.service_line],
             clinician_id=staff[cm.clinician.number],
             for_clinician_id=staff[cm.for_clinician.number] if cm.for_clinician else None,
             start_date=cm.start, end_date=cm.end, uncovered_left_at=cm.uncovered_left_at)  # fmt: skip
    for session in client.appointments:
        place = len(rows.get("appointment", ()))
        _add(rows, "appointment", number=f"A-{place}", client_id=client_id,
             service_line_id=lines[session.service_line], starts_at=session.starts_at, minutes=60,
             clinician_id=staff[session.clinician] if session.clinician else None,
             status=session.status, billable=session.billable)  # fmt: skip
    return client_id


def _store_clinician(rows: Rows, clinician: Clinician, client_id: int, payors: dict[str, int]) -> int:
    place = len(rows.get("clinician", ()))
    given = clinician.npi and (npi(place) if npi_is_valid(clinician.npi) else f"0{place:09}")
    row_id = _add(
        rows, "clinician", number=f"{clinician.number}-{client_id}", first_name=clinician.first_name,
        last_name=clinician.last_name, credential=clinician.credential, npi=given,
        may_be_case_manager=clinician.may_be_case_manager, active_from=clinician.active_from,
        active_to=clinician.active_to, caseload_limit=clinician.caseload_limit,
    )  # fmt: skip
    seen = set()
    for enrollment in clinician.enrollments:
        key = enrollment.payor, enrollment.start
        if key not in seen:
            seen.add(key)
            _add(rows, "enrollment", clinician_id=row_id, payor_id=payors[enrollment.payor],
                 status=enrollment.status, applied_on=enrollment.applied_on, start_date=enrollment.start,
                 end_date=enrollment.end)  # fmt: skip
    return row_id


def _add(rows: Rows, name: str, /, **values: Any) -> int:
    """The id of one more row; what a table wants besides is filled in."""
    table: Table = Base.metadata.tables[name]
    of_table = rows.setdefault(name, [])
    values |= {"id": len(of_table) + 1, "recorded_at": RECORDED_AT}
    if "public_id" in table.c:
        values["public_id"] = new_public_id()
    of_table.append(values)
    return int(values["id"])
