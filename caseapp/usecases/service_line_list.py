"""The service lines of the practice: one page of them, with how many clients receive each today."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from caseapp.models import ClientServiceLine, ServiceLine

PAGE = 50
MOST_COUNTED = 1_000


@dataclass(frozen=True, slots=True)
class LineRow:
    """All as it is shown; `clients` are those who receive it today, `key` is the id of its row."""

    public_id: str
    code: str
    name: str
    clients: str

    @property
    def key(self) -> str:
        return f"service-line-{self.public_id}"

    @property
    def actions(self) -> str:
        """What the row's menu button is called."""
        return f"Actions for {self.code}"


@dataclass(frozen=True, slots=True)
class LineList:
    """A page; `next` is the service line to go on behind, None at the end."""

    rows: tuple[LineRow, ...]
    next: str | None


def line_list(
    session: Session, today: date, after: str | None = None, *, only: str | None = None
) -> LineList:
    """A page of service lines by code, in at most two statements; `only` is the public ID of a single one.

    Nothing is counted beyond MOST_COUNTED. The numbers are those of the whole practice, whoever asks: they
    tell of no single client.
    """
    receiving = (
        select(ClientServiceLine.client_id)
        .distinct()
        .where(
            ClientServiceLine.service_line_id == ServiceLine.id,
            ClientServiceLine.start_date <= today,
            or_(ClientServiceLine.end_date.is_(None), ClientServiceLine.end_date >= today),
        )
        .correlate(ServiceLine)
        .limit(MOST_COUNTED + 1)
        .subquery()
    )
    number = select(func.count()).select_from(receiving).scalar_subquery()
    found = select(ServiceLine.public_id, ServiceLine.code, ServiceLine.name, number.label("clients"))
    if only is not None:
        found = found.where(ServiceLine.public_id == only)
    if after:
        place = session.execute(select(ServiceLine.code).where(ServiceLine.public_id == after)).scalar()
        if place is not None:
            found = found.where(ServiceLine.code > place)
    rows = session.execute(found.order_by(ServiceLine.code).limit(PAGE + 1)).all()
    shown = tuple(LineRow(row.public_id, row.code, row.name, _counted(row.clients)) for row in rows[:PAGE])
    return LineList(shown, shown[-1].public_id if len(rows) > PAGE else None)


def _counted(number: int) -> str:
    return f"more than {MOST_COUNTED:,}" if number > MOST_COUNTED else f"{number:,}"
