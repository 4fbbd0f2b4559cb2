"""Write the steps of a hand-over, or take them back, in a fixed number of statements with one audit batch."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, cast

from sqlalchemy import Date, Integer, Table, bindparam, insert, or_, select, update
from sqlalchemy.orm import Session

from caseapp.domain.actor import Actor
from caseapp.domain.client import CaseManager as CaseManagerFacts
from caseapp.domain.practice import Practice
from caseapp.models import AuditEvent, CaseManager, Client, Clinician, new_public_id
from caseapp.usecases import audit
from caseapp.usecases.case_manager_facts import StoredRow
from caseapp.usecases.coverage_touched import refresh_touched

ENTITY = "hand_over"
_manager = cast(Table, CaseManager.__table__)
_event = cast(Table, AuditEvent.__table__)
_CHANGE = (
    update(_manager)
    .where(_manager.c.id == bindparam("changed", type_=Integer))
    .values(
        clinician_id=bindparam("clinician", type_=Integer),
        for_clinician_id=bindparam("for_clinician", type_=Integer),
        start_date=bindparam("start", type_=Date),
        end_date=bindparam("end", type_=Date),
        version=_manager.c.version + 1,
    )
)


@dataclass(frozen=True, slots=True)
class Written:
    """One case manager to write: its client (row id), the row that it changes (None adds), its values after.

    `public_id` is that of the row; a new one gets its own.
    """

    client_id: int
    public_id: str
    row: StoredRow | None
    after: dict[str, Any]

    @property
    def action(self) -> str:
        if self.row is None:
            return "add"
        differs = {name for name, value in self.after.items() if self.row.values.get(name) != value}
        return "end" if differs <= {"end_date", "version"} else "edit"


@dataclass(frozen=True, slots=True)
class Batch:
    """Who writes what when, and the audit event to which all of it belongs."""

    session: Session
    actor: Actor
    now: datetime
    event_id: int

    def write(
        self, all_of_it: Sequence[Written], line_ids: Mapping[str, int], clinician_ids: Mapping[str, int]
    ) -> None:
        """Changes first: they make room for what is added. Each line has one."""
        connection = self.session.connection()
        changes = [
            {"changed": one.row.id, **_bound(one.after, clinician_ids)} for one in all_of_it if one.row
        ]
        connection.execute(_CHANGE, changes)
        added = [self._columns(one, line_ids, clinician_ids) for one in all_of_it if one.row is None]
        if added:
            connection.execute(insert(_manager), added)
        self.record(
            [
                (one.action, one.client_id, one.public_id, one.row.values if one.row else None, one.after)
                for one in all_of_it
            ]
        )

    def record(
        self, events: Sequence[tuple[str, int, str, Mapping[str, Any] | None, Mapping[str, Any]]]
    ) -> None:
        """Events of case managers: action, client (row id), public ID, whole values before and after."""
        self.session.connection().execute(
            insert(_event),
            [
                {
                    "at": self.now,
                    "actor": self.actor.name,
                    "action": action,
                    "entity": "case_manager",
                    "entity_id": public_id,
                    "client_id": client_id,
                    "before": before,
                    "after": after,
                    "batch_id": self.event_id,
                }
                for action, client_id, public_id, before, after in events
            ],
        )

    def _columns(
        self, one: Written, line_ids: Mapping[str, int], clinician_ids: Mapping[str, int]
    ) -> dict[str, Any]:
        bound = _bound(one.after, clinician_ids)
        return {
            "public_id": one.public_id,
            "client_id": one.client_id,
            "service_line_id": line_ids[one.after["service_line"]],
            "clinician_id": bound["clinician"],
            "for_clinician_id": bound["for_clinician"],
            "start_date": bound["start"],
            "end_date": bound["end"],
            "recorded_at": self.now,
            "version": one.after["version"],
        }

    def set_last_day(
        self, clinician_id: int, public_id: str, told: Mapping[str, Any], last_day: date | None
    ) -> None:
        """Record a clinician's last day; `told` are the whole values before, with their version."""
        version = told["version"] + 1
        self.session.execute(
            update(Clinician).where(Clinician.id == clinician_id).values(active_to=last_day, version=version)
        )
        after = {**told, "active_to": last_day.isoformat() if last_day else None, "version": version}
        audit.record(
            self.session,
            self.actor,
            self.now,
            "edit",
            "clinician",
            public_id,
            subject_id=public_id,
            before=dict(told),
            after=after,
            batch_id=self.event_id,
        )


def a_change(client_id: int, row: StoredRow, public_id: str, after: CaseManagerFacts) -> Written:
    values = {**row.values, **_values(after), "version": row.version + 1}
    return Written(client_id, public_id, row, values)


def an_addition(client_id: int, after: CaseManagerFacts) -> Written:
    return Written(client_id, new_public_id(), None, {**_values(after), "version": 1})


def _values(cm: CaseManagerFacts) -> dict[str, Any]:
    return {
        "service_line": cm.service_line,
        "clinician": cm.clinician.number,
        "start_date": cm.start.isoformat(),
        "end_date": cm.end.isoformat() if cm.end else None,
        "for_clinician": cm.for_clinician.number if cm.for_clinician else None,
    }


def _bound(values: Mapping[str, Any], clinician_ids: Mapping[str, int]) -> dict[str, Any]:
    end, whom = values["end_date"], values["for_clinician"]
    return {
        "clinician": clinician_ids[values["clinician"]],
        "for_clinician": clinician_ids[whom] if whom else None,
        "start": date.fromisoformat(values["start_date"]),
        "end": date.fromisoformat(end) if end else None,
    }


def refresh_clients(
    session: Session,
    clients: set[int],
    clinician_id: int | None,
    today: date,
    practice: Practice,
    line_ids: Mapping[str, int],
) -> None:
    """Judge the touched clients anew; also all of the clinician's, where their last day was set."""
    whose: Any = Client.id.in_(clients)
    if clinician_id is not None:
        managed = select(CaseManager.client_id).where(
            CaseManager.clinician_id == clinician_id, CaseManager.removed_at.is_(None)
        )
        whose = or_(whose, Client.id.in_(managed))
    refresh_touched(session, select(Client.id).where(whose), today, practice, line_ids)
