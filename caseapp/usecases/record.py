"""What every use-case that adds or changes a record does alike: once, on a known version, on record.

A use-case reads: `begin_write`, load, judge, `add` or `change`, refresh the coverage, `session.commit()`.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, TypeVar, cast

from sqlalchemy import Table, bindparam, insert, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from caseapp.domain.actor import Actor
from caseapp.models import Base, broken_constraint, new_public_id
from caseapp.usecases import audit

Outcome = TypeVar("Outcome")
SUBJECTS = frozenset({"clinician", "payor"})
"""Records with a page of their own: what happens to them is told there."""


@dataclass(frozen=True, slots=True)
class Stored:
    """A record as it stands: its row, and the whole values the audit keeps (numbers and codes, ISO dates)."""

    id: int
    public_id: str
    version: int
    values: Mapping[str, Any]

    @property
    def told(self) -> dict[str, Any]:
        """The values with the version, as `before` of an audit event."""
        return {**self.values, "version": self.version}


@dataclass(frozen=True, slots=True)
class Change:
    """Who changes what: the same for every event of one use-case.

    `client_id` (row id), or `subject_id` (public ID of a clinician or payor), is on whose page it is told.
    The events go into `later` where it is given: a use-case with several changes appends all of theirs in one
    statement, `audit.append`, before it commits.
    """

    session: Session
    actor: Actor
    now: datetime
    entity: str
    model: type[Base]
    client_id: int | None = None
    subject_id: str | None = None
    reason: str | None = None
    form_token: str | None = None
    later: list[dict[str, Any]] | None = None

    def add(self, columns: Mapping[str, Any], told: Mapping[str, Any]) -> tuple[int, str]:
        """Insert a row and its event, `told` being the whole values the audit keeps: (row id, public ID)."""
        public_id = new_public_id()
        table = self.model.__table__
        row_id: int = self.session.execute(
            insert(self.model)
            .values(**columns, public_id=public_id, recorded_at=self.now, version=1)
            .returning(table.c.id)
        ).scalar_one()
        # A client's own event names a row that is there only now.
        whose = replace(self, client_id=row_id) if self.entity == "client" else self
        whose._record("add", public_id, None, {**told, "version": 1})
        return row_id, public_id

    def add_all(self, rows: Sequence[tuple[Mapping[str, Any], Mapping[str, Any]]]) -> list[str]:
        """Insert rows (columns, told), each with its event, in two statements: their public IDs.

        The form's token stands on the first event, for it is unique.
        """
        public_ids = [new_public_id() for _ in rows]
        shared = {"recorded_at": self.now, "version": 1}
        # Into the table: of mapped rows, those with an empty column would be a statement of their own.
        self.session.execute(
            insert(cast(Table, self.model.__table__)),
            [
                {**columns, **shared, "public_id": public_id}
                for public_id, (columns, _) in zip(public_ids, rows, strict=True)
            ],
        )
        self._record_all(
            "add",
            [
                (public_id, None, {**told, "version": 1})
                for public_id, (_, told) in zip(public_ids, rows, strict=True)
            ],
        )
        return public_ids

    def change(
        self, stored: Stored, columns: Mapping[str, Any], told: Mapping[str, Any], action: str = "edit"
    ) -> None:
        """Update the row to its next version and record whole values before and after."""
        version = stored.version + 1
        self._update(stored.id, {**columns, "version": version})
        self._record(action, stored.public_id, stored.told, {**stored.values, **told, "version": version})

    def change_all(
        self,
        rows: Sequence[tuple[Stored, Mapping[str, Any], Mapping[str, Any]]],
        action: str = "edit",
    ) -> None:
        """The same for rows (stored, columns, told) of which the same columns change, in two statements."""
        if not rows:
            return
        table = cast(Table, self.model.__table__)
        self.session.connection().execute(
            update(table).where(table.c.id == bindparam("changed_id")),
            [
                {**columns, "version": stored.version + 1, "changed_id": stored.id}
                for stored, columns, _ in rows
            ],
        )
        self._record_all(
            action,
            [
                (stored.public_id, stored.told, {**stored.values, **told, "version": stored.version + 1})
                for stored, _, told in rows
            ],
        )

    def _update(self, row_id: int, values: Mapping[str, Any]) -> None:
        table = cast(Table, self.model.__table__)
        self.session.connection().execute(update(table).where(table.c.id == row_id).values(**values))

    def _record(
        self, action: str, public_id: str, before: dict[str, Any] | None, after: dict[str, Any]
    ) -> None:
        self._record_all(action, [(public_id, before, after)])

    def _record_all(
        self, action: str, events: Sequence[tuple[str, dict[str, Any] | None, dict[str, Any]]]
    ) -> None:
        """Append an event for each (public ID, before, after); the form's token stands on the first."""
        shared = {
            "at": self.now,
            "actor": self.actor.name,
            "action": action,
            "entity": self.entity,
            "client_id": self.client_id,
            "reason": self.reason,
        }
        tokens = [self.form_token or None] + [None] * (len(events) - 1)
        rows = [
            {
                **shared,
                "entity_id": public_id,
                "subject_id": self.subject_id or (public_id if self.entity in SUBJECTS else None),
                "before": before,
                "after": after,
                "form_token": token,
            }
            for token, (public_id, before, after) in zip(tokens, events, strict=True)
        ]
        if self.later is None:
            audit.append(self.session, rows)
        else:
            self.later.extend(rows)


def asked_again(
    session: Session, save: Callable[[], Outcome], again: Callable[[], Outcome] | None = None
) -> Outcome:
    """Run a save; where another was faster and the database refuses it, ask the rules again: they tell it.

    `again` is the save of the second time where that one looks closer (None: the same).
    """
    try:
        return save()
    except IntegrityError as error:
        session.rollback()
        if broken_constraint(error) is None:
            raise
        return (again or save)()
