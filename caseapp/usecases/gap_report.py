"""The coverage gaps of all clients on a day, in the order in which they are to be mended.

Source: docs/domain.md, *Coverage gaps*.
"""

from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from caseapp.domain.actor import Actor
from caseapp.domain.coverage_day import CoverageDay
from caseapp.domain.coverage_gap import ORDER
from caseapp.domain.coverage_judging import gaps_of_day
from caseapp.domain.practice import Practice
from caseapp.models import Client, CoverageFinding, CoverageTurn, ServiceLine
from caseapp.usecases.coverage_gap import refresh_all_due
from caseapp.usecases.facts_of_day import facts_of_all
from caseapp.usecases.visibility import visible_to


class ReportedGap(NamedTuple):
    """A gap of one client's service line; `mend_by` None where no day is known, `at_risk` in sessions."""

    client_number: str
    service_line: str
    code: str
    severity: str
    mend_by: date | None
    at_risk: int


def gaps_today(session: Session, actor: Actor, today: date, practice: Practice) -> list[ReportedGap]:
    """From the kept findings, after those whose turn has come were judged anew."""
    refresh_all_due(session, today, practice)
    stale = or_(CoverageTurn.next_turn <= today, CoverageTurn.asked_on > today)
    if session.execute(select(CoverageTurn.client_id).where(stale).limit(1)).first():
        # Another writer is at work, or the clock was set back: what is kept is not of this day.
        return gaps_on(session, actor, today, practice)
    rows = session.execute(
        select(
            Client.number,
            ServiceLine.code,
            CoverageFinding.code,
            CoverageFinding.severity,
            CoverageFinding.mend_by,
            CoverageFinding.at_risk,
        )
        .join(Client, Client.id == CoverageFinding.client_id)
        .join(ServiceLine, ServiceLine.id == CoverageFinding.service_line_id)
        .where(visible_to(actor), CoverageFinding.severity != "information")
    )
    return sorted((ReportedGap(*row) for row in rows), key=_order)


def gaps_on(session: Session, actor: Actor, on: date, practice: Practice) -> list[ReportedGap]:
    """Judged anew for any day. Memory grows with the gaps, not with the clients."""
    return sorted(_judged(session, actor, on, practice), key=_order)


def _judged(session: Session, actor: Actor, on: date, practice: Practice) -> Iterator[ReportedGap]:
    asked = CoverageDay(on, practice)
    for _, facts in facts_of_all(session, actor, asked):
        for gap in gaps_of_day(facts, asked):
            yield ReportedGap(
                facts.number, gap.service_line, gap.code, gap.severity, gap.mend_by, gap.at_risk
            )


def _order(gap: ReportedGap) -> tuple[bool, date, int, str, str, int]:
    """Errors first, then mend-by (empty last), at risk (more first), client number, service line."""
    return (
        gap.severity != "error",
        gap.mend_by or date.max,
        -gap.at_risk,
        gap.client_number,
        gap.service_line,
        ORDER[gap.code],
    )
