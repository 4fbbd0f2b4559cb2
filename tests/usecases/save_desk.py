"""A small practice at which use-cases save and remove: Lea receives ABA and ST, nobody is her case manager.

Aetna pays. Mei and Jo treat ST and are enrolled; today is Sun 22 Nov 2026, noon.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from caseapp.domain.actor import LOCAL_USER, Actor
from caseapp.domain.case_manager_entry import CaseManagerEntry
from caseapp.domain.coverage_judging import coverage_gaps
from caseapp.domain.practice import Practice
from caseapp.models import AuditEvent, CaseManager, CoverageFinding, CoverageTurn, ServiceLine, begin_write
from caseapp.usecases.case_manager import Saved, SaveRequest, save_case_manager
from caseapp.usecases.case_manager_removal import remove_case_manager
from caseapp.usecases.coverage_gap import refresh
from caseapp.usecases.facts import load_facts
from caseapp.usecases.outcome import Refused
from tests import builders
from tests.builders import Row
from tests.conftest import NOW, ZONE

PRACTICE = Practice(ZONE)
TODAY = date(2026, 11, 22)
ANN = Actor("Ann Berg")


@dataclass(frozen=True)
class Desk:
    session: Session
    lea: Row
    aetna: Row
    mei: Row
    jo: Row

    def request(
        self,
        clinician: Row | None = None,
        /,
        *,
        case_manager: str | None = None,
        version: int | None = None,
        form_token: str | None = None,
        client: Row | None = None,
        **typed: Any,
    ) -> SaveRequest:
        """A save of Mei as ST case manager from Mon 23 Nov 2026 on, with what is typed otherwise."""
        values: dict[str, Any] = {
            "service_line": "ST",
            "clinician": (clinician or self.mei).key,
            "start_date": "2026-11-23",
        }
        return SaveRequest(
            client=(client or self.lea).public_id,
            entry=CaseManagerEntry(**values | typed),
            case_manager=case_manager,
            version=version,
            form_token=form_token,
        )

    def save(
        self, *args: Any, actor: Actor = LOCAL_USER, now: datetime = NOW, **more: Any
    ) -> Saved | Refused:
        return save_case_manager(self.session, actor, now, PRACTICE, self.request(*args, **more))

    def saved(self, *args: Any, **more: Any) -> Saved:
        outcome = self.save(*args, **more)
        assert isinstance(outcome, Saved), outcome
        return outcome

    def refused(self, *args: Any, **more: Any) -> list[str]:
        """The codes of a refusal."""
        return [finding.code for finding in self.refusal(*args, **more).errors]

    def refusal(self, *args: Any, **more: Any) -> Refused:
        before = self.stored()
        outcome = self.save(*args, **more)
        assert isinstance(outcome, Refused), outcome
        assert self.stored() == before
        return outcome

    def remove(self, case_manager: str, *, client: Row | None = None, **more: Any) -> Any:
        where = (client or self.lea).public_id
        given = {"reason": ""} | more
        actor, now = given.pop("actor", LOCAL_USER), given.pop("now", NOW)
        return remove_case_manager(self.session, actor, now, PRACTICE, where, case_manager, **given)

    def stored(self) -> tuple[int, int, list[Any]]:
        """How many case managers and events there are, and the findings kept: what a refusal leaves alone."""
        self.session.rollback()
        rows = self.session.execute(select(func.count()).select_from(CaseManager)).scalar_one()
        events = self.session.execute(select(func.count()).select_from(AuditEvent)).scalar_one()
        return rows, events, self.kept()

    def rows(self) -> Sequence[Any]:
        self.session.rollback()
        return self.session.execute(select(CaseManager.__table__).order_by(CaseManager.id)).all()

    def row(self, public_id: str) -> Any:
        return next(row for row in self.rows() if row.public_id == public_id)

    def events(self) -> Sequence[Any]:
        self.session.rollback()
        return self.session.execute(select(AuditEvent.__table__).order_by(AuditEvent.id)).all()

    def kept(self, client: Row | None = None) -> list[Any]:
        """The findings as they lie in the table."""
        found = self.session.execute(
            select(
                ServiceLine.code.label("service_line"),
                CoverageFinding.code,
                CoverageFinding.severity,
                CoverageFinding.mend_by,
                CoverageFinding.at_risk,
                CoverageFinding.message,
            )
            .join(ServiceLine, ServiceLine.id == CoverageFinding.service_line_id)
            .where(CoverageFinding.client_id == (client or self.lea).id)
        )
        return sorted(tuple(row) for row in found)

    def recomputed(self, client: Row | None = None, today: date = TODAY) -> list[Any]:
        """The findings as the domain tells them of the stored facts."""
        self.session.rollback()
        who = (client or self.lea).id
        gaps = coverage_gaps(load_facts(self.session, [who])[who], today, PRACTICE)
        return sorted((g.service_line, g.code, g.severity, g.mend_by, g.at_risk, g.message) for g in gaps)

    def turns(self) -> list[Any]:
        self.session.rollback()
        found = self.session.execute(
            select(CoverageTurn.asked_on, CoverageTurn.next_turn)
            .where(CoverageTurn.client_id == self.lea.id)
            .order_by(CoverageTurn.service_line_id)
        )
        return [tuple(row) for row in found]

    def refresh(self, *clients: Row, today: date = TODAY) -> None:
        """Keep findings of what builders made."""
        begin_write(self.session)
        refresh(self.session, [client.id for client in clients or (self.lea,)], today, PRACTICE)
        self.session.commit()

    def session_on(self, text: str, line: str = "ST", **more: Any) -> Row:
        """An appointment at a time of the practice's zone; findings are refreshed."""
        starts_at = datetime.fromisoformat(text).replace(tzinfo=ZONE).astimezone(UTC)
        made = builders.an_appointment(self.session, self.lea, starts_at, line, **more)
        self.refresh()
        return made


def a_desk(session: Session) -> Desk:
    aetna = builders.a_payor(session, name="Aetna")
    mei = builders.a_clinician(session, ["ST"], [aetna], first_name="Mei", last_name="Lindqvist")
    jo = builders.a_clinician(session, ["ST"], [aetna], first_name="Jo", last_name="Park")
    lea = builders.a_client(session, ["ABA", "ST"], first_name="Lea")
    builders.a_funding_source(session, lea, aetna)
    desk = Desk(session, lea, aetna, mei, jo)
    desk.refresh()
    return desk
