"""What the tests of saving a clinician share: one as typed, and how a save is asked and read."""

from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from caseapp.domain.actor import LOCAL_USER
from caseapp.domain.clinician_entry import ClinicianEntry
from caseapp.domain.practice import Practice
from caseapp.models import AuditEvent, CoverageFinding, begin_write
from caseapp.usecases.clinician_record import SaveRequest, save_clinician
from caseapp.usecases.clinician_record_facts import open_clinician
from caseapp.usecases.coverage_gap import refresh
from caseapp.usecases.outcome import Refused, Saved
from tests import builders
from tests.builders import Row, npi
from tests.client_lists import TODAY
from tests.conftest import NOW, ZONE

PRACTICE = Practice(ZONE)
ADA = ClinicianEntry(
    number="K-101",
    last_name="Okafor",
    first_name="Ada",
    credential="BCBA",
    npi=npi(77_000_000),
    taxonomy_code="103K00000X",
    service_lines=("ABA",),
    may_be_case_manager=True,
    active_from="2024-01-01",
    caseload_limit="12",
    email="ada@example.org",
)


def save(session: Session, entry: ClinicianEntry, **more: Any) -> Saved | Refused:
    return save_clinician(session, LOCAL_USER, NOW, PRACTICE, SaveRequest(entry=entry, **more))


def saved(session: Session, entry: ClinicianEntry, **more: Any) -> Saved:
    outcome = save(session, entry, **more)
    assert isinstance(outcome, Saved), outcome
    return outcome


def refused(session: Session, entry: ClinicianEntry, **more: Any) -> list[tuple[str, str | None]]:
    before = events(session)
    outcome = save(session, entry, **more)
    assert isinstance(outcome, Refused), outcome
    assert events(session) == before
    return [(finding.code, finding.field) for finding in outcome.errors]


def events(session: Session) -> int:
    session.rollback()
    return session.execute(select(func.count()).select_from(AuditEvent)).scalar_one()


def entry_of(session: Session, clinician: str) -> ClinicianEntry:
    entry = open_clinician(session, clinician).values.entry
    session.rollback()
    return entry


def codes(session: Session, client: Row) -> list[str]:
    session.rollback()
    return list(
        session.scalars(
            select(CoverageFinding.code)
            .where(CoverageFinding.client_id == client.id)
            .order_by(CoverageFinding.code)
        )
    )


def client_of(session: Session, clinician: Row, **values: Any) -> Row:
    payor = builders.a_payor(session)
    builders.an_enrollment(session, clinician, payor)
    client = builders.a_client(session, ["ABA"])
    builders.a_funding_source(session, client, payor)
    builders.a_case_manager(session, client, "ABA", clinician, **values)
    begin_write(session)
    refresh(session, [client.id], TODAY, PRACTICE)
    session.commit()
    return client
