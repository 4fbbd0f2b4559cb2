"""What the rows of one import share: their moment, their audit event, and whom they touched."""

import base64
import secrets
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date, datetime
from itertools import islice
from typing import TYPE_CHECKING, Any

from sqlalchemy import insert
from sqlalchemy.orm import Session

from caseapp.domain.actor import Actor
from caseapp.models import AuditEvent, Client, ClientServiceLine, Enrollment
from caseapp.models.base import PUBLIC_ID_LENGTH
from caseapp.usecases import audit
from caseapp.usecases.id_set import IdSet
from caseapp.usecases.import_practice_references import References
from caseapp.usecases.import_practice_report import FileReport, ImportReport
from caseapp.usecases.import_practice_tables import REFERRING

if TYPE_CHECKING:
    from caseapp.usecases.import_practice_rows import TableImporter, Write


_NOT_TOLD = ("id", "public_id", "recorded_at", "sort_key")


class Batch:
    """One import, in one write transaction that has begun."""

    def __init__(self, session: Session, actor: Actor, now: datetime, name: str) -> None:
        self.session = session
        self.connection = session.connection()
        self.actor = actor
        self.now = now
        self.name = name
        self.report = ImportReport()
        self.references = References(self.connection)
        self.judged = IdSet()
        """Clients whose coverage is to be judged anew."""
        self.searched = IdSet()
        """Clients whose search words may have changed."""
        self.all_judged = False
        self._event_id: int | None = None

    @property
    def count(self) -> FileReport:
        return self.report.files[-1]

    def added(self, importer: "TableImporter", writes: Sequence["Write"]) -> None:
        self.count.added += len(writes)
        self.references.forget(importer.table.name)
        if importer.stored.model is Client:
            numbers = [write.values[0] for write in writes]
            ids = self.references.ids("client", numbers)
            self._touch([ids[number] for number in numbers], importer)
        elif "client_id" in importer.columns:
            place = importer.columns.index("client_id")
            self._touch({write.values[place] for write in writes}, importer)
        self.all_judged = self.all_judged or importer.stored.model is Enrollment

    def changed(self, importer: "TableImporter", writes: Sequence["Write"]) -> None:
        self.count.changed += len(writes)
        self.all_judged = self.all_judged or importer.stored.judged_everywhere
        befores = [importer.whole(write.old) for write in writes if write.old is not None]
        afters = [
            before
            | dict(zip(importer.columns, write.values, strict=True))
            | {"version": before["version"] + 1}
            for before, write in zip(befores, writes, strict=True)
        ]
        owner = "id" if importer.stored.model is Client else "client_id"
        self._touch({row[owner] for row in [*befores, *afters] if row.get(owner)}, importer)
        told = zip(afters, self._told(befores), self._told(afters), strict=True)
        events = [
            {
                "at": self.now,
                "actor": self.actor.name,
                "action": "edit",
                "entity": importer.table.name,
                "entity_id": row.get("public_id"),
                "client_id": row.get(owner) if owner in row else None,
                "before": before,
                "after": after,
                "batch_id": self.event_id,
            }
            for row, before, after in told
        ]
        self.session.execute(insert(AuditEvent), events)

    def close(self) -> None:
        """Write down what the import did, once all its rows are in."""
        files = {file.file: file.counts() for file in self.report.files}
        after = {"source": self.name, "files": files}
        audit.record(
            self.session,
            self.actor,
            self.now,
            "import",
            "practice",
            None,
            after=after,
            batch_id=self._event_id,
        )

    @property
    def event_id(self) -> int:
        """The audit event at which the import began to change rows: their events and its last point at it."""
        if self._event_id is None:
            after = {"source": self.name}
            self._event_id = audit.record(
                self.session, self.actor, self.now, "import_begun", "practice", None, after=after
            )
        return self._event_id

    def _touch(self, client_ids: Collection[int], importer: "TableImporter") -> None:
        self.judged.update(client_ids)
        if importer.stored.model in (Client, ClientServiceLine):
            self.searched.update(client_ids)

    def _told(self, rows: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
        """Whole values as the audit keeps them: codes in place of ids, ISO dates."""
        names: dict[str, Mapping[int, str]] = {
            column: self.references.names(kind, [row[column] for row in rows])
            for column, kind in REFERRING.items()
            if column in rows[0]
        }
        return [
            {
                column.removesuffix("_id") if column in names else column: _plain(
                    names[column].get(value) if column in names else value
                )
                for column, value in row.items()
                if column not in _NOT_TOLD
            }
            for row in rows
        ]


def in_groups(ids: IdSet, size: int) -> Iterator[list[int]]:
    """The ids of a set, `size` at a time."""
    numbers = iter(ids)
    while group := list(islice(numbers, size)):
        yield group


def public_ids(count: int) -> list[str]:
    """Opaque ids in bulk, 100 random bits each; one by one they would cost more than the rows themselves."""
    # Eight characters of base32 hold five bytes.
    random = secrets.token_bytes(-(-count * PUBLIC_ID_LENGTH // 8) * 5)
    text = base64.b32encode(random).decode("ascii").lower()
    return [
        text[start : start + PUBLIC_ID_LENGTH]
        for start in range(0, count * PUBLIC_ID_LENGTH, PUBLIC_ID_LENGTH)
    ]


def _plain(value: Any) -> Any:
    return (
        value.isoformat() if isinstance(value, date) else list(value) if isinstance(value, tuple) else value
    )
