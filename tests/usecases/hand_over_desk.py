"""A practice that hands over: Mei is ST case manager of Lea and Milo, Jo and Kim could follow her.

As in save_desk today is Sun 22 Nov 2026; Aetna pays for both.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from caseapp.domain.actor import LOCAL_USER, Actor
from caseapp.domain.hand_over import LineEntry
from caseapp.domain.hand_over_entry import HandOverEntry
from caseapp.models import AuditEvent, Clinician
from caseapp.usecases.hand_over import ApplyRequest, apply_hand_over
from caseapp.usecases.hand_over_plan import NotUnderstood, Plan, open_plan
from caseapp.usecases.hand_over_undo import undo_hand_over
from caseapp.usecases.outcome import Refused, Saved
from tests import builders
from tests.builders import Row
from tests.conftest import NOW
from tests.usecases.save_desk import PRACTICE, TODAY, Desk, a_desk


@dataclass(frozen=True)
class HandOverDesk:
    desk: Desk
    milo: Row
    kim: Row
    of_lea: Row
    of_milo: Row

    @property
    def session(self) -> Session:
        return self.desk.session

    def entry(self, **typed: str) -> HandOverEntry:
        """Mei's last day is Mon 30 Nov 2026."""
        values = {"clinician": self.desk.mei.public_id, "last_day": "2026-11-30"} | typed
        return HandOverEntry(**values)

    def away(self, first: str = "2026-12-01", last: str = "2027-02-28") -> HandOverEntry:
        return self.entry(kind="absence", last_day="", first_away=first, last_away=last)

    def plan(
        self,
        entry: HandOverEntry | None = None,
        lines: Sequence[LineEntry] | None = None,
        *,
        now: datetime = NOW,
        **more: Any,
    ) -> Plan:
        self.session.rollback()
        plan = open_plan(self.session, LOCAL_USER, now, PRACTICE, entry or self.entry(), lines=lines, **more)
        assert isinstance(plan, Plan), plan
        self.session.rollback()
        return plan

    def not_understood(self, entry: HandOverEntry) -> list[str]:
        self.session.rollback()
        plan = open_plan(self.session, LOCAL_USER, NOW, PRACTICE, entry)
        assert isinstance(plan, NotUnderstood), plan
        return [finding.code for finding in plan.findings]

    def lines(self, entry: HandOverEntry | None = None) -> tuple[LineEntry, ...]:
        """What a form sends that nobody has changed."""
        return tuple(line.entry for line in self.plan(entry).lines)

    def to(self, *lines: tuple[Row, Row], start: str = "2026-12-01") -> tuple[LineEntry, ...]:
        """Case managers with the successors chosen for them."""
        return tuple(
            LineEntry(case_manager=cm.public_id, version=1, successor=who.key, start_date=start)
            for cm, who in lines
        )

    def apply(
        self,
        lines: Sequence[LineEntry] | None = None,
        entry: HandOverEntry | None = None,
        *,
        actor: Actor = LOCAL_USER,
        now: datetime = NOW,
        **more: Any,
    ) -> Saved | Refused:
        request = ApplyRequest(
            entry=entry or self.entry(),
            lines=tuple(self.lines(entry) if lines is None else lines),
            **more,
        )
        self.session.rollback()
        return apply_hand_over(self.session, actor, now, PRACTICE, request)

    def applied(self, *given: Any, **more: Any) -> Saved:
        outcome = self.apply(*given, **more)
        assert isinstance(outcome, Saved), outcome
        self.holds()
        return outcome

    def refused(self, *given: Any, **more: Any) -> list[str]:
        """The codes of the whole form; nothing may be stored."""
        before = self.everything()
        outcome = self.apply(*given, **more)
        assert isinstance(outcome, Refused), outcome
        assert self.everything() == before
        return [finding.code for finding in outcome.errors]

    def undo(self, public_id: str, *, now: datetime = NOW, actor: Actor = LOCAL_USER) -> Saved | Refused:
        self.session.rollback()
        outcome = undo_hand_over(self.session, actor, now, PRACTICE, public_id)
        self.holds()
        return outcome

    def undone(self, public_id: str, **more: Any) -> Saved:
        outcome = self.undo(public_id, **more)
        assert isinstance(outcome, Saved), outcome
        return outcome

    def hindered(self, public_id: str, **more: Any) -> list[str]:
        """The sentences of a refused undoing; nothing may be stored."""
        before = self.everything()
        outcome = self.undo(public_id, **more)
        assert isinstance(outcome, Refused), outcome
        assert self.everything() == before
        return [finding.message for finding in outcome.errors]

    def holds(self) -> None:
        """The findings kept are those that a recomputation tells."""
        for client in (self.desk.lea, self.milo):
            assert self.desk.kept(client) == self.desk.recomputed(client)

    def periods(self, client: Row | None = None) -> list[tuple[str, str, str | None]]:
        """Who stands from when to when, by the clinician's number."""
        found = self.session.execute(select(Clinician.id, Clinician.number))
        numbers = {row.id: row.number for row in found}
        return sorted(
            (
                numbers[row.clinician_id],
                row.start_date.isoformat(),
                row.end_date.isoformat() if row.end_date else None,
            )
            for row in self.desk.rows()
            if row.removed_at is None and row.client_id == (client or self.desk.lea).id
        )

    def events(self, action: str = "") -> list[Any]:
        """The hand-overs' own events, or all of an action."""
        self.session.rollback()
        statement = select(AuditEvent.__table__).order_by(AuditEvent.id)
        if action:
            return list(self.session.execute(statement.where(AuditEvent.action == action)).all())
        return list(self.session.execute(statement.where(AuditEvent.entity == "hand_over")).all())

    def last_day_of_mei(self) -> date | None:
        self.session.rollback()
        return self.session.scalar(select(Clinician.active_to).where(Clinician.id == self.desk.mei.id))

    def everything(self) -> tuple[Any, ...]:
        rows = [tuple(row) for row in self.desk.rows()]
        return rows, len(self.desk.events()), self.desk.kept(), self.last_day_of_mei()


def a_hand_over_desk(session: Session) -> HandOverDesk:
    desk = a_desk(session)
    kim = builders.a_clinician(session, ["ST"], [desk.aetna], first_name="Kim", last_name="Zed")
    milo = builders.a_client(session, ["ST"], first_name="Milo", last_name="Harper")
    builders.a_funding_source(session, milo, desk.aetna)
    of_lea = builders.a_case_manager(session, desk.lea, "ST", desk.mei)
    of_milo = builders.a_case_manager(session, milo, "ST", desk.mei)
    desk.refresh(desk.lea, milo)
    return HandOverDesk(desk, milo, kim, of_lea, of_milo)


def changed(line: LineEntry, **values: Any) -> LineEntry:
    return replace(line, **values)


assert NOW.date() == TODAY
