"""Store the facts of a worked case in a database."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from tests import builders
from tests.rule_cases import KNOWN_LINES, Case, day


@dataclass
class StoredCase:
    """The client's public ID, and the public IDs of its case managers by the ids of the case."""

    client: str
    client_id: int
    case_managers: dict[str, str]


def store(session: Session, case: Case) -> StoredCase:
    with builders.together(session):
        return _store(session, case)


def _store(session: Session, case: Case) -> StoredCase:
    for line in KNOWN_LINES:
        builders.a_service_line(session, line)
    payors = {
        code: builders.a_payor(
            session,
            code=code,
            name=code,
            type=row["type"],
            requires_enrollment=row.get("requires_enrollment", False),
        )
        for code, row in case.raw["payors"].items()
    }
    clinicians = {
        number: _clinician(session, number, row, payors) for number, row in case.raw["clinicians"].items()
    }
    client = builders.a_client(session, status=case.raw["client"].get("status", "active"))
    for row in case.raw["client"]["service_lines"]:
        builders.a_client_service_line(session, client, row["service_line"], **_period(row))
    for row in case.raw["client"]["funding_sources"]:
        builders.a_funding_source(
            session, client, payors[row["payor"]], priority=row["priority"], **_period(row)
        )
    stored = {}
    for row in case.raw["case_managers"]:
        made = builders.a_case_manager(
            session, client, row["service_line"], clinicians[row["clinician"]], **_period(row)
        )
        stored[row["id"]] = made.public_id
    for row in case.raw["appointments"]:
        builders.an_appointment(
            session,
            client,
            case.instant(row["starts_at"]),
            row["service_line"],
            status=row["status"],
            billable=row.get("billable", True),
        )
    return StoredCase(client.public_id, client.id, stored)


def _period(row: dict[str, Any]) -> dict[str, Any]:
    return {"start_date": day(row["start_date"]), "end_date": day(row["end_date"])}


def _clinician(
    session: Session, number: str, row: dict[str, Any], payors: dict[str, builders.Row]
) -> builders.Row:
    made = builders.a_clinician(
        session,
        service_lines=row["service_lines"],
        number=number,
        first_name=number.title(),
        last_name="",
        credential=row["credential"],
        npi=row["npi"],
        may_be_case_manager=row.get("may_be_case_manager", True),
        active_from=day(row["active_from"]),
        active_to=day(row["active_to"]),
    )
    for enrollment in row["enrollments"]:
        builders.an_enrollment(
            session, made, payors[enrollment["payor"]], status=enrollment["status"], **_period(enrollment)
        )
    return made
