"""What a clinician's page shows: facts, whom a last day leaves uncovered, leaves and caseload."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Integer, bindparam, select
from sqlalchemy.orm import Session

from caseapp.domain import words
from caseapp.domain.actor import Actor
from caseapp.domain.caseload import Caseload
from caseapp.domain.clinician_entry import ClinicianValues
from caseapp.domain.clinician_hints import npi_fault
from caseapp.domain.dates import ONE_DAY, day_of
from caseapp.domain.practice import Practice
from caseapp.models import Clinician, TaxonomyCode
from caseapp.usecases.clinician_caseload import CaseloadPage, caseload, clients_today
from caseapp.usecases.clinician_leaving import Leaving, left_uncovered
from caseapp.usecases.clinician_list import standing_of
from caseapp.usecases.clinician_record_facts import open_clinician
from caseapp.usecases.coverage_impact import CauseOf, Impact, impacts
from caseapp.usecases.leave import OpenLeave, leaves_by_id
from caseapp.usecases.visibility import kept_by_sight, sees_caseload


@dataclass(frozen=True, slots=True)
class LeaveRow:
    """One leave as it is shown; `note` is its text, `state` past, now or coming."""

    public_id: str
    starts: str
    ends: str
    note: str
    state: str
    whose: str

    @property
    def key(self) -> str:
        return f"leave-{self.public_id}"

    @property
    def actions(self) -> str:
        """The name of the row's menu button."""
        return f"Actions for the leave from {self.starts}"


@dataclass(frozen=True, slots=True, kw_only=True)
class ClinicianHead:
    """Who it is; `standing` is empty for who is active today."""

    id: int
    public_id: str
    number: str
    name: str
    list_name: str
    credential: str
    standing: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ClinicianPage:
    """Everything of the page. `leaving` and `day_after` are there where a last day is known."""

    head: ClinicianHead
    values: ClinicianValues
    npi_fault: str
    taxonomy_name: str
    caseload: Caseload
    clients: CaseloadPage
    first_part: bool
    leaves: tuple[LeaveRow, ...]
    leaving: Leaving | None
    leaving_hits: Impact | None
    day_after: date | None
    today: date


def clinician_head(session: Session, public_id: str, today: date) -> ClinicianHead | None:
    """The clinician of an address in one statement; None where there is none."""
    row = session.execute(
        select(
            Clinician.id,
            Clinician.number,
            Clinician.first_name,
            Clinician.last_name,
            Clinician.credential,
            Clinician.active_from,
            Clinician.active_to,
        ).where(Clinician.public_id == public_id)
    ).one_or_none()
    if row is None:
        return None
    return ClinicianHead(
        id=row.id,
        public_id=public_id,
        number=row.number,
        name=f"{row.first_name} {row.last_name}".strip() or row.number,
        list_name=f"{row.last_name}, {row.first_name}".strip(" ,") or row.number,
        credential=row.credential,
        standing=standing_of(row.active_from, row.active_to, today),
    )


def clinician_page(
    session: Session,
    actor: Actor,
    public_id: str,
    now: datetime,
    practice: Practice,
    after: str | None = None,
) -> ClinicianPage:
    """The whole page in at most eight statements, however much there is of each. Raises UnknownRecord."""
    today = day_of(now, practice.zone)
    opened = open_clinician(session, public_id)
    values = opened.values
    head = ClinicianHead(
        id=opened.stored.id,
        public_id=public_id,
        number=values.number,
        name=values.name,
        list_name=f"{values.last_name}, {values.first_name}".strip(" ,") or values.number,
        credential=values.credential,
        standing=standing_of(values.active_from, values.active_to, today),
    )
    asked = {"clinician": head.id, "today": today}
    number, taxonomy = session.connection().execute(_count_statement(actor), asked).one()
    leaving = (
        left_uncovered(session, actor, head.id, values.active_to, now, practice) if values.active_to else None
    )
    return ClinicianPage(
        head=head,
        values=values,
        npi_fault=npi_fault(values.npi) if values.npi else "",
        taxonomy_name=taxonomy or "",
        caseload=Caseload(number, values.caseload_limit if sees_caseload(actor, head.id) else None),
        clients=caseload(session, actor, head.id, today, after),
        first_part=not after,
        leaves=leave_rows(leaves_by_id(session, head.id, head.number), head.name, today),
        leaving=leaving,
        leaving_hits=_leaving_hits(session, actor, public_id) if leaving and leaving.lines else None,
        day_after=values.active_to + ONE_DAY if values.active_to else None,
        today=today,
    )


def _leaving_hits(session: Session, actor: Actor, public_id: str) -> Impact | None:
    cause = CauseOf("leaving", public_id)
    return impacts(session, actor, [cause]).get(cause)


@kept_by_sight()
def _count_statement(actor: Actor) -> Any:
    """The number of clients today, and what the taxonomy code stands for."""
    return (
        select(clients_today(actor), TaxonomyCode.name)
        .select_from(Clinician)
        .outerjoin(TaxonomyCode, TaxonomyCode.code == Clinician.taxonomy_code)
        .where(Clinician.id == bindparam("clinician", type_=Integer))
    )


def leave_rows(leaves: Mapping[str, OpenLeave], whose: str, today: date) -> tuple[LeaveRow, ...]:
    """A clinician's leaves as they are shown: those now and to come by date, then the past ones backwards."""
    rows = [
        LeaveRow(
            public_id=public_id,
            starts=words.day(leave.values.start_date),
            ends=words.day(leave.values.end_date) if leave.values.end_date else "",
            note=leave.values.note or "",
            state=_state(leave.values.period.start, leave.values.period.last, today),
            whose=whose,
        )
        for public_id, leave in leaves.items()
    ]
    past = [row for row in rows if row.state == "past"]
    return (*(row for row in rows if row.state != "past"), *reversed(past))


def _state(first: date, last: date, today: date) -> str:
    return "past" if last < today else "now" if first <= today else "coming"
