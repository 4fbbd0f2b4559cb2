"""The smallest valid rows. Each function takes a session and overrides by column name, and commits.

It commits because a use-case begins a transaction of its own, and a page is served on another connection.
Many rows are made quicker in one transaction: `with together(session):`.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import wraps
from itertools import count
from typing import Any, ParamSpec, TypeVar, cast

from sqlalchemy import Table, insert, select
from sqlalchemy.orm import Session

from caseapp.models import (
    Appointment,
    Base,
    CaseManager,
    Client,
    ClientServiceLine,
    Clinician,
    ClinicianServiceLine,
    Enrollment,
    FundingSource,
    Leave,
    Payor,
    ServiceLine,
    TaxonomyCode,
    begin_write,
    new_public_id,
)

RECORDED_AT = datetime(2026, 1, 1, tzinfo=UTC)
LONG_AGO = date(2020, 1, 1)
_numbers = count(1)
_TOGETHER = "together"

P = ParamSpec("P")
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Row:
    """A row that was made. `key` is its number or code, empty where it has none; so is `public_id`."""

    id: int
    public_id: str = ""
    key: str = ""


@contextmanager
def together(session: Session) -> Iterator[None]:
    """One write transaction for all that is made in this block, committed at the end of the outermost one."""
    if _TOGETHER in session.info:
        yield
        return
    begin_write(session)
    session.info[_TOGETHER] = True
    try:
        yield
    finally:
        del session.info[_TOGETHER]
    session.commit()


def _in_one(make: Callable[P, T]) -> Callable[P, T]:
    """The rows of one function together."""

    @wraps(make)
    def make_in_one(*args: P.args, **values: P.kwargs) -> T:
        with together(cast(Session, args[0])):
            return make(*args, **values)

    return make_in_one


def _add(session: Session, model: type[Base], values: dict[str, Any]) -> Row:
    table = cast(Table, model.__table__)
    values = {"recorded_at": RECORDED_AT} | values
    if "public_id" in table.columns:
        values = {"public_id": new_public_id()} | values
    with together(session):
        # Past the mapper, which works out the statement of every row anew.
        made = session.connection().execute(insert(table).returning(table.c.id), values).scalar_one()
    key = values.get("number") or values.get("code") or ""
    return Row(made, values.get("public_id", ""), key)


def npi(digits: int) -> str:
    """The valid NPI that begins with 1 and holds `digits` (at most eight of them) before its check digit."""
    nine = f"1{digits:08}"
    doubled = [int(digit) * (2 if place % 2 == 0 else 1) for place, digit in enumerate(reversed(nine))]
    # 24 is what the prefix 80840 adds to the Luhn sum.
    total = 24 + sum(number // 10 + number % 10 for number in doubled)
    return f"{nine}{-total % 10}"


def a_service_line(session: Session, code: str = "ABA", **values: Any) -> Row:
    """The service line of this code; made where it is not there yet."""
    table = cast(Table, ServiceLine.__table__)
    asked = select(table.c.id, table.c.public_id).where(table.c.code == code)
    known = session.connection().execute(asked).one_or_none()
    if known is not None:
        return Row(known.id, known.public_id, code)
    return _add(session, ServiceLine, {"code": code, "name": code} | values)


def a_taxonomy_code(session: Session, code: str = "103K00000X", name: str = "Behavior analyst") -> None:
    """A code to choose; made where it is not there yet: a database that was emptied has none."""
    with together(session):
        if session.get(TaxonomyCode, code) is None:
            session.execute(insert(TaxonomyCode).values(code=code, name=name))


def a_payor(session: Session, **values: Any) -> Row:
    """Insurance, which requires enrollment."""
    return _add(
        session,
        Payor,
        {
            "code": f"P{next(_numbers)}",
            "name": "Riverbend Health",
            "type": "insurance",
            "requires_enrollment": True,
        }
        | values,
    )


@_in_one
def a_clinician(
    session: Session, service_lines: Iterable[str] = ("ABA",), enrollments: Iterable[Row] = (), **values: Any
) -> Row:
    """Has a valid NPI, practises `service_lines` (codes), is enrolled with the payors `enrollments`."""
    number = next(_numbers)
    clinician = _add(
        session,
        Clinician,
        {
            "number": f"S{number}",
            "last_name": "Okafor",
            "first_name": "Ada",
            "credential": "BCBA",
            "npi": npi(number),
            "may_be_case_manager": True,
        }
        | values,
    )
    for code in service_lines:
        line = a_service_line(session, code)
        session.connection().execute(
            insert(cast(Table, ClinicianServiceLine.__table__)),
            {"clinician_id": clinician.id, "service_line_id": line.id},
        )
    for payor in enrollments:
        an_enrollment(session, clinician, payor)
    return clinician


def an_enrollment(session: Session, clinician: Row, payor: Row, **values: Any) -> Row:
    """Approved for long, with an open end."""
    return _add(
        session,
        Enrollment,
        {"clinician_id": clinician.id, "payor_id": payor.id, "status": "approved", "start_date": LONG_AGO}
        | values,
    )


def a_leave(session: Session, clinician: Row, **values: Any) -> Row:
    return _add(session, Leave, {"clinician_id": clinician.id, "start_date": LONG_AGO} | values)


@_in_one
def a_client(session: Session, service_lines: Iterable[str] = (), **values: Any) -> Row:
    """Active; receives `service_lines` (codes) since long ago, with an open end. Has no search terms."""
    names = {"last_name": "Hartmann", "first_name": "Léa"} | values
    client = _add(
        session,
        Client,
        {
            "number": f"C{next(_numbers)}",
            "status": "active",
            "sort_key": f"{names['last_name']} {names['first_name']}".casefold(),
        }
        | names,
    )
    for code in service_lines:
        a_client_service_line(session, client, code)
    return client


@_in_one
def a_client_service_line(session: Session, client: Row, service_line: str = "ABA", **values: Any) -> Row:
    line = a_service_line(session, service_line)
    return _add(
        session,
        ClientServiceLine,
        {"client_id": client.id, "service_line_id": line.id, "start_date": LONG_AGO} | values,
    )


@_in_one
def a_funding_source(session: Session, client: Row, payor: Row | None = None, **values: Any) -> Row:
    """Primary since long ago, with an open end; from a new payor unless one is given."""
    payor = payor or a_payor(session)
    return _add(
        session,
        FundingSource,
        {"client_id": client.id, "payor_id": payor.id, "priority": "primary", "start_date": LONG_AGO}
        | values,
    )


@_in_one
def a_case_manager(
    session: Session,
    client: Row,
    service_line: str = "ABA",
    clinician: Row | None = None,
    **values: Any,
) -> Row:
    """Since long ago, with an open end; a new clinician unless one is given."""
    line = a_service_line(session, service_line)
    clinician = clinician or a_clinician(session, service_lines=[service_line])
    return _add(
        session,
        CaseManager,
        {
            "client_id": client.id,
            "service_line_id": line.id,
            "clinician_id": clinician.id,
            "start_date": LONG_AGO,
        }
        | values,
    )


@_in_one
def an_appointment(
    session: Session,
    client: Row,
    starts_at: datetime,
    service_line: str = "ABA",
    clinician: Row | None = None,
    **values: Any,
) -> Row:
    """Scheduled, billable, an hour long; without a clinician unless one is given."""
    line = a_service_line(session, service_line)
    return _add(
        session,
        Appointment,
        {
            "number": f"A{next(_numbers)}",
            "client_id": client.id,
            "service_line_id": line.id,
            "clinician_id": clinician.id if clinician else None,
            "starts_at": starts_at,
            "minutes": 60,
            "status": "scheduled",
            "billable": True,
        }
        | values,
    )
