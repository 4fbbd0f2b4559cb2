"""What hold, discharge and readmit do alike: once, on a known version, on record."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from caseapp.domain import client as clients
from caseapp.domain.actor import Actor
from caseapp.domain.dates import day_of
from caseapp.domain.finding import Finding
from caseapp.domain.practice import Practice
from caseapp.models import Client, begin_write
from caseapp.usecases import audit
from caseapp.usecases.client_record_facts import ClientRecord, load_record
from caseapp.usecases.conflict import changed_meanwhile, saved_before
from caseapp.usecases.coverage_gap import keep
from caseapp.usecases.outcome import Refused, Saved
from caseapp.usecases.record import Change, asked_again


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusRequest:
    """One press of the button; `client` is a public ID, `version` what its question was opened on."""

    client: str
    version: int | None = None
    form_token: str | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Act:
    """Everything that each of the three does alike."""

    session: Session
    actor: Actor
    now: datetime
    practice: Practice
    request: StatusRequest
    record: ClientRecord
    events: list[dict[str, Any]] = field(default_factory=list)

    @property
    def today(self) -> date:
        return day_of(self.now, self.practice.zone)

    @property
    def name(self) -> str:
        return self.record.client.values.name

    def stopped(self, told: Mapping[str, Any], message: str) -> Saved | Refused | None:
        """The answer where this very form was saved before, or somebody changed the client meanwhile."""
        stored, done = self.record.client.stored, self.record.done
        if done:
            self.session.rollback()
            if done.is_of(stored.id, "client", stored.public_id, told):
                return Saved(stored.public_id, message)
            return Refused((saved_before(),), stored.version)
        if self.request.version == stored.version:
            return None
        conflict = changed_meanwhile(
            self.session, "client", stored.public_id, self.request.version, self.practice, {}
        )
        self.session.rollback()
        return Refused((conflict,), stored.version)

    def refused(self, *errors: Finding) -> Refused:
        self.session.rollback()
        return Refused(errors, self.record.client.stored.version)

    def set_status(self, status: str, action: str, told: Mapping[str, Any]) -> None:
        change = self.change("client", Client, form_token=self.request.form_token)
        change.change(self.record.client.stored, {"status": status}, told, action)

    def change(self, entity: str, model: Any, *, form_token: str | None = None) -> Change:
        return Change(
            self.session,
            self.actor,
            self.now,
            entity,
            model,
            client_id=self.record.id,
            reason=self.request.reason.strip() or None,
            form_token=form_token,
            later=self.events,
        )

    def keep(self, facts: clients.ClientFacts) -> None:
        """Append the events of all changes, and keep the findings of the facts after them."""
        audit.append(self.session, self.events)
        keep(
            self.session,
            self.record.id,
            facts,
            self.record.line_ids,
            self.today,
            self.practice,
            before=self.record.facts,
        )


Body = Callable[[Act], Saved | Refused]


def run(
    session: Session, actor: Actor, now: datetime, practice: Practice, request: StatusRequest, body: Body
) -> Saved | Refused:
    """Load the client in a write transaction and let `body` judge and write. Raises UnknownRecord."""

    def save() -> Saved | Refused:
        begin_write(session)
        record = load_record(session, actor, request.client, form_token=request.form_token, lock=True)
        return body(Act(session, actor, now, practice, request, record))

    return asked_again(session, save)
