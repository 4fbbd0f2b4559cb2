"""Random work on the practice's own service lines, on hand-overs, and on the message of gaps."""

from dataclasses import replace

from sqlalchemy import select

from caseapp.domain.hand_over import LineEntry
from caseapp.domain.hand_over_entry import HandOverEntry
from caseapp.domain.service_line_entry import LineEntry as ServiceLineEntry
from caseapp.models import AuditEvent, HandOverDraft, ServiceLine
from caseapp.usecases import hand_over, hand_over_draft
from caseapp.usecases.coverage_digest import coverage_digest, record_sent
from caseapp.usecases.hand_over_plan import Plan, open_plan
from caseapp.usecases.hand_over_undo import undo_hand_over
from caseapp.usecases.outcome import Saved, UnknownRecord
from caseapp.usecases.service_line_record import LineRequest, save_line
from caseapp.usecases.service_line_removal import remove_line
from tests.usecases.random_edits.hand import Hand

PLANS = (
    "add_service_line_of_the_practice",
    "edit_service_line_of_the_practice",
    "remove_service_line_of_the_practice",
    "keep_hand_over",
    "discard_hand_over",
    "hand_over",
    "undo_hand_over",
    "tell_of_gaps",
)
"""What can be done, by the names of the methods that do it."""


class Plans(Hand):
    """What the pages of service lines and hand-overs let somebody do."""

    def add_service_line_of_the_practice(self) -> object:
        entry = ServiceLineEntry(code=f"L{self.random.randrange(10**4)}", name=self.text())
        return save_line(*self.where, LineRequest(entry=entry, form_token=self.token()))

    def edit_service_line_of_the_practice(self) -> object:
        row = self.any(ServiceLine.public_id, ServiceLine.version, ServiceLine.code, ServiceLine.name)
        entry = ServiceLineEntry(code=row.code, name=self.text(row.name))
        request = LineRequest(
            entry=entry, line=row.public_id, version=self.version(row.version), form_token=self.token()
        )
        return save_line(*self.where, request)

    def remove_service_line_of_the_practice(self) -> object:
        row = self.any(ServiceLine.public_id, ServiceLine.version)
        if self.chance(7):
            # Of the newest, most likely nothing hangs on it yet.
            newest = select(ServiceLine.public_id, ServiceLine.version).order_by(ServiceLine.id.desc())
            row = self.session.execute(newest.limit(1)).one()
        return remove_line(*self.where, row.public_id, row.version)

    def keep_hand_over(self) -> object:
        entry, lines = self._plan()
        request = hand_over_draft.DraftRequest(entry=entry, lines=lines, form_token=self.token())
        session, actor, now, _ = self.where
        return hand_over_draft.save_draft(session, actor, now, request)

    def discard_hand_over(self) -> object:
        session, actor, now, _ = self.where
        return hand_over_draft.discard_draft(session, actor, now, self.any(HandOverDraft.public_id))

    def hand_over(self) -> object:
        entry, lines = self._plan()
        request = hand_over.ApplyRequest(
            entry=entry, lines=lines, set_last_day=self.chance(1), form_token=self.token()
        )
        return hand_over.apply_hand_over(*self.where, request)

    def undo_hand_over(self) -> object:
        """Of one that was just applied, or of the latest, on which later work mostly depends."""
        outcome = self.hand_over() if self.chance(7) else None
        self.session.rollback()
        if isinstance(outcome, Saved):
            return undo_hand_over(*self.where, outcome.public_id)
        applied = select(AuditEvent.entity_id).where(
            AuditEvent.entity == "hand_over", AuditEvent.action == "apply"
        )
        latest = self.session.scalar(applied.order_by(AuditEvent.id.desc()).limit(1))
        if latest is None:
            raise UnknownRecord
        return undo_hand_over(*self.where, latest)

    def tell_of_gaps(self) -> None:
        session, actor, now, practice = self.where
        record_sent(session, actor, now, coverage_digest(session, actor, self.today, practice))

    def _plan(self) -> tuple[HandOverEntry, tuple[LineEntry, ...]]:
        """A plan as it is proposed; lines with something wrong are mostly left out."""
        if self.chance(7):
            entry = HandOverEntry(clinician=self.clinician(), last_day=self.day(40))
        else:
            first, last = self.day(40), self.day(90)
            entry = HandOverEntry(
                clinician=self.clinician(), kind="absence", first_away=first, last_away=self.maybe(last)
            )
        session, actor, now, practice = self.where
        plan = open_plan(session, actor, now, practice, entry)
        if not isinstance(plan, Plan):
            return entry, ()
        again = open_plan(session, actor, now, practice, entry, lines=[line.entry for line in plan.lines])
        assert isinstance(again, Plan)
        lines = tuple(
            replace(line.entry, leave_out=True, reason="not yet")
            if line.errors and self.chance(9)
            else line.entry
            for line in again.lines
        )
        return entry, lines
