"""What the tabs Profile and Funding source show, and the forms of their records open with."""

from dataclasses import dataclass
from datetime import date
from typing import cast

from sqlalchemy import Integer, Table, and_, bindparam, select
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
from caseapp.usecases.client_list_query import today_in
from caseapp.usecases.client_page import clinician_name

_client = cast(Table, Client.__table__)
_received = cast(Table, ClientServiceLine.__table__)
_line = cast(Table, ServiceLine.__table__)
_manager = cast(Table, CaseManager.__table__)
_clinician = cast(Table, Clinician.__table__)
_source = cast(Table, FundingSource.__table__)
_payor = cast(Table, Payor.__table__)
_CLIENT_ID = bindparam("client_id", type_=Integer)

# The statements are put together once: that costs more than a database needs to answer them.
_KEPT = select(_client.c.external_id, _client.c.version).where(_client.c.id == _CLIENT_ID)
_LINES = (
    select(
        _received.c.public_id,
        _received.c.version,
        _line.c.code,
        _line.c.name,
        _received.c.start_date,
        _received.c.end_date,
        _clinician.c.first_name,
        _clinician.c.last_name,
        _clinician.c.credential,
    )
    .select_from(
        _received.join(_line, _line.c.id == _received.c.service_line_id)
        .outerjoin(
            _manager,
            and_(
                _manager.c.client_id == _received.c.client_id,
                _manager.c.service_line_id == _received.c.service_line_id,
                _manager.c.removed_at.is_(None),
                today_in(_manager),
            ),
        )
        .outerjoin(_clinician, _clinician.c.id == _manager.c.clinician_id)
    )
    .where(_received.c.client_id == _CLIENT_ID)
    .order_by(_received.c.start_date.desc(), _line.c.code)
)
_FUNDING = (
    select(
        _source.c.public_id,
        _source.c.version,
        _payor.c.name,
        _payor.c.type,
        _source.c.priority,
        _source.c.member_id,
        _source.c.start_date,
        _source.c.end_date,
    )
    .join_from(_source, _payor, _payor.c.id == _source.c.payor_id)
    .where(_source.c.client_id == _CLIENT_ID)
    .order_by(_source.c.start_date.desc(), _payor.c.name)
)


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
    connection, asked = session.connection(), {"client_id": client_id, "today": today}
    external_id, version_kept = connection.execute(_KEPT, asked).one()
    rows = connection.execute(_LINES, asked).all()
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
    return Profile(external_id, version_kept, tuple(lines))


def funding_rows(session: Session, client_id: int, today: date) -> tuple[FundingRow, ...]:
    """The client's funding sources by priority, the latest of each first, what is over last."""
    rows = session.connection().execute(_FUNDING, {"client_id": client_id}).all()
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
