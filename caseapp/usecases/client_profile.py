"""What the tabs Profile and Funding source show, and the forms of their records open with."""

from dataclasses import dataclass
from datetime import date
from typing import cast

from sqlalchemy import select
from sqlalchemy.orm import Session

from caseapp.domain import words
from caseapp.domain.payor import PayorType
from caseapp.domain.payor_entry import TYPE_WORDS
from caseapp.domain.period import Period
from caseapp.models import (
    CaseManager,
    Client,
    ClientServiceLine,
    Clinician,
    FundingSource,
    Payor,
    ServiceLine,
)
from caseapp.models.funding_source import FUNDING_PRIORITIES
from caseapp.usecases.client_page import clinician_name, on_day


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceLineRow(Period):
    """One episode of care; `beside` is the case manager of today, or why there is none.

    `ends_on` is the day that its discharge proposes, None where it has ended or not begun.
    """

    public_id: str
    version: int
    code: str
    name: str
    state: str
    beside: str
    covered: bool
    ends_on: date | None

    @property
    def key(self) -> str:
        """Unique on the page: the id of its element."""
        return f"service-line-{self.public_id}"

    @property
    def actions(self) -> str:
        """The name of the row's menu button."""
        return f"Actions for {self.code}, from {words.day(self.start)}"


@dataclass(frozen=True, slots=True, kw_only=True)
class FundingRow(Period):
    public_id: str
    version: int
    payor: str
    payor_type: str
    priority: str
    member_id: str
    state: str

    @property
    def key(self) -> str:
        """Unique on the page: the id of its element."""
        return f"funding-source-{self.public_id}"

    @property
    def actions(self) -> str:
        """The name of the row's menu button."""
        return f"Actions for {self.payor}, {self.priority}, from {words.day(self.start)}"


@dataclass(frozen=True, slots=True)
class Profile:
    """`lines`: those open today first, then the latest."""

    external_id: str | None
    version: int
    lines: tuple[ServiceLineRow, ...]

    def row(self, public_id: str) -> ServiceLineRow | None:
        return next((line for line in self.lines if line.public_id == public_id), None)


def profile(session: Session, client_id: int, today: date) -> Profile:
    """What the tab Profile shows beside the head of a client whom the actor may see. Two statements."""
    kept = session.execute(select(Client.external_id, Client.version).where(Client.id == client_id)).one()
    rows = session.execute(
        select(
            ClientServiceLine.public_id,
            ClientServiceLine.version,
            ServiceLine.code,
            ServiceLine.name,
            ClientServiceLine.start_date,
            ClientServiceLine.end_date,
            Clinician.first_name,
            Clinician.last_name,
            Clinician.credential,
        )
        .join(ServiceLine, ServiceLine.id == ClientServiceLine.service_line_id)
        .outerjoin(
            CaseManager,
            (CaseManager.client_id == ClientServiceLine.client_id)
            & (CaseManager.service_line_id == ClientServiceLine.service_line_id)
            & CaseManager.removed_at.is_(None)
            & on_day(CaseManager.start_date.expression, CaseManager.end_date.expression, today),
        )
        .outerjoin(Clinician, Clinician.id == CaseManager.clinician_id)
        .where(ClientServiceLine.client_id == client_id)
        .order_by(ClientServiceLine.start_date.desc(), ServiceLine.code)
    ).all()
    lines = []
    for public_id, version, code, name, start, end, first, last, credential in rows:
        period = Period(start=start, end=end)
        state = state_of(period, today)
        who = clinician_name(first, last, credential) if state == "present" else ""
        lines.append(
            ServiceLineRow(
                public_id=public_id,
                version=version,
                code=code,
                name=name,
                start=start,
                end=end,
                state=state,
                beside=who or ("no case manager" if state == "present" else "not open today"),
                covered=bool(who),
                ends_on=today if state == "present" and end is None else None,
            )
        )
    lines.sort(key=lambda line: line.state != "present")
    return Profile(kept.external_id, kept.version, tuple(lines))


def funding_rows(session: Session, client_id: int, today: date) -> tuple[FundingRow, ...]:
    """The client's funding sources by priority, the latest of each first, what is over last."""
    rows = session.execute(
        select(
            FundingSource.public_id,
            FundingSource.version,
            Payor.name,
            Payor.type,
            FundingSource.priority,
            FundingSource.member_id,
            FundingSource.start_date,
            FundingSource.end_date,
        )
        .join(Payor, Payor.id == FundingSource.payor_id)
        .where(FundingSource.client_id == client_id)
        .order_by(FundingSource.start_date.desc(), Payor.name)
    ).all()
    found = [
        FundingRow(
            public_id=row.public_id,
            version=row.version,
            payor=row.name,
            payor_type=TYPE_WORDS[cast(PayorType, row.type)],
            priority=row.priority,
            member_id=row.member_id or "",
            start=row.start_date,
            end=row.end_date,
            state=state_of(Period(start=row.start_date, end=row.end_date), today),
        )
        for row in rows
    ]
    return tuple(sorted(found, key=lambda row: (row.state == "past", FUNDING_PRIORITIES.index(row.priority))))


def state_of(period: Period, today: date) -> str:
    """present, future or past."""
    return "present" if period.holds(today) else "future" if period.start > today else "past"
