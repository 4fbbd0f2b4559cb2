"""What changed in the coverage gaps since the last message that a mail server took.

Reading and recording are two transactions: nobody's save waits for a mail server.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from caseapp.domain.actor import Actor
from caseapp.domain.coverage_gap import ORDER
from caseapp.domain.practice import Practice
from caseapp.models import Client, CoverageDigest, CoverageFinding, CoverageTold, ServiceLine, begin_write
from caseapp.usecases.coverage_counts import errors_of_today
from caseapp.usecases.visibility import visible_to

Key = tuple[int, int, str]
"""A gap by the row ids of its client and service line, and its code."""


class NotUpToDate(Exception):
    """Somebody else is writing: what is kept is not of today yet."""


class ToldGap(NamedTuple):
    """One gap as a message tells it; of a mended one only what names it is known."""

    client_number: str
    service_line: str
    code: str
    severity: str = ""
    mend_by: date | None = None
    at_risk: int = 0


@dataclass(frozen=True, slots=True)
class Digest:
    """`new` and `mended` in the order of the list; `last` is when the last message went, None before any."""

    on: date
    last: datetime | None
    gaps: dict[Key, ToldGap]
    new: list[ToldGap]
    mended: list[ToldGap]

    @property
    def changed(self) -> bool:
        return bool(self.new or self.mended)

    def number(self, severity: str) -> int:
        return sum(1 for gap in self.gaps.values() if gap.severity == severity)


def coverage_digest(session: Session, actor: Actor, today: date, practice: Practice) -> Digest:
    """The gaps of today beside those that were told. Raises NotUpToDate."""
    _, done = errors_of_today(session, actor, today, practice)
    if not done:
        raise NotUpToDate
    gaps = {row[:3]: ToldGap(row[3], row[4], row[2], *row[5:]) for row in _gaps(session, actor)}
    told = {row[:3]: ToldGap(row[3], row[4], row[2]) for row in _told(session, actor)}
    last = session.scalar(select(CoverageDigest.sent_at).order_by(CoverageDigest.id.desc()).limit(1))
    mended = [gap for key, gap in told.items() if key not in gaps]
    mended.sort(key=lambda gap: (gap.client_number, gap.service_line, ORDER.get(gap.code, 0)))
    return Digest(today, last, gaps, [gap for key, gap in gaps.items() if key not in told], mended)


def _gaps(session: Session, actor: Actor) -> list[Any]:
    """Key, client number, line, severity, mend-by and at risk of each, in the order of the list."""
    found = session.execute(
        select(
            CoverageFinding.client_id,
            CoverageFinding.service_line_id,
            CoverageFinding.code,
            Client.number,
            ServiceLine.code,
            CoverageFinding.severity,
            CoverageFinding.mend_by,
            CoverageFinding.at_risk,
        )
        .join(Client, Client.id == CoverageFinding.client_id)
        .join(ServiceLine, ServiceLine.id == CoverageFinding.service_line_id)
        .where(CoverageFinding.severity != "information", visible_to(actor))
        .order_by(CoverageFinding.place)
    )
    return [tuple(row) for row in found]


def _told(session: Session, actor: Actor) -> list[Any]:
    """Key, client number and line of each."""
    found = session.execute(
        select(
            CoverageTold.client_id,
            CoverageTold.service_line_id,
            CoverageTold.code,
            Client.number,
            ServiceLine.code,
        )
        .join(Client, Client.id == CoverageTold.client_id)
        .join(ServiceLine, ServiceLine.id == CoverageTold.service_line_id)
        .where(visible_to(actor))
    )
    return [tuple(row) for row in found]


def record_sent(session: Session, actor: Actor, now: datetime, digest: Digest) -> None:
    """Remember what this message told, which a mail server has taken."""
    begin_write(session)
    session.execute(delete(CoverageTold))
    rows = [
        {"client_id": client, "service_line_id": line, "code": code} for client, line, code in digest.gaps
    ]
    if rows:
        session.execute(insert(CoverageTold), rows)
    session.execute(insert(CoverageDigest).values(sent_at=now, gaps=len(rows)))
    session.commit()
