"""Keep what was typed into a hand-over as a draft, open it again, list the drafts, discard one."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from sqlalchemy import Table, delete, func, insert, select
from sqlalchemy.orm import Session

from caseapp.domain.actor import Actor
from caseapp.domain.finding import Finding
from caseapp.domain.hand_over import LineEntry
from caseapp.domain.hand_over_entry import HandOverEntry
from caseapp.models import CaseManager, Client, Clinician, HandOverDraft, HandOverDraftLine, begin_write
from caseapp.models.base import new_public_id
from caseapp.usecases import audit
from caseapp.usecases.done import done_by
from caseapp.usecases.hand_over_facts import MOST
from caseapp.usecases.hand_over_plan import TOO_MANY, UNKNOWN_LINE
from caseapp.usecases.outcome import Refused, Saved, UnknownRecord
from caseapp.usecases.visibility import visible_to

ENTITY = "hand_over_draft"
MOST_LISTED = 50
_line = cast(Table, HandOverDraftLine.__table__)
_TEXTS = ("kind", "last_day", "first_away", "last_away")


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftRequest:
    """What to keep. `draft` is the public ID of the draft that it replaces, opened on `version`."""

    entry: HandOverEntry
    lines: tuple[LineEntry, ...]
    set_last_day: bool = False
    after: str = ""
    draft: str | None = None
    version: int | None = None
    form_token: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A draft as it was kept."""

    public_id: str
    version: int
    entry: HandOverEntry
    lines: tuple[LineEntry, ...]
    set_last_day: bool
    after: str


@dataclass(frozen=True, slots=True)
class DraftRow:
    """One draft in the list."""

    public_id: str
    clinician_name: str
    kind: str
    first: str
    lines: int
    saved_at: datetime
    saved_by: str


def save_draft(session: Session, actor: Actor, now: datetime, request: DraftRequest) -> Saved | Refused:
    """Keep everything as it was typed, right or wrong. Raises UnknownRecord.

    Refused where another changed the draft since, or where it names lines that nobody knows.
    """
    begin_write(session)
    if done := done_by(session, request.form_token):
        session.rollback()
        return Saved(done.public_id, "Kept as a draft.")
    clinician_id = session.scalar(select(Clinician.id).where(Clinician.public_id == request.entry.clinician))
    if clinician_id is None:
        raise UnknownRecord
    before = _row(session, request.draft) if request.draft else None
    if before is not None and before.version != request.version:
        session.rollback()
        return Refused((_changed(before.saved_by),), before.version)
    keys = {line.case_manager for line in request.lines}
    if len(keys) > MOST:
        session.rollback()
        return Refused((TOO_MANY,))
    ids = _case_managers(session, actor, keys)
    if keys - ids.keys():
        session.rollback()
        return Refused((UNKNOWN_LINE,))
    values: dict[str, Any] = {
        "clinician_id": clinician_id,
        "set_last_day": request.set_last_day,
        "after": request.after,
        "saved_at": now,
        "saved_by": actor.name,
    } | {name: getattr(request.entry, name) for name in _TEXTS}
    if before is None:
        public_id, version = new_public_id(), 1
        draft_id = session.execute(
            insert(HandOverDraft)
            .values(**values, public_id=public_id, version=1, recorded_at=now)
            .returning(HandOverDraft.id)
        ).scalar_one()
    else:
        public_id, version, draft_id = before.public_id, before.version + 1, before.id
        session.execute(delete(HandOverDraftLine).where(HandOverDraftLine.draft_id == draft_id))
        table = cast(Table, HandOverDraft.__table__)
        session.execute(table.update().where(table.c.id == draft_id).values(**values, version=version))
    if request.lines:
        session.connection().execute(insert(_line), [_columns(draft_id, ids, one) for one in request.lines])
    audit.record(
        session,
        actor,
        now,
        "add" if before is None else "edit",
        ENTITY,
        public_id,
        after={"clinician": request.entry.clinician, "lines": len(request.lines), "version": version},
        form_token=request.form_token or None,
    )
    session.commit()
    return Saved(public_id, "Kept as a draft. Nothing is handed over yet.")


def _columns(draft_id: int, ids: dict[str, int], line: LineEntry) -> dict[str, Any]:
    return {
        "draft_id": draft_id,
        "case_manager_id": ids[line.case_manager],
        "case_manager_version": line.version or 0,
        "successor": line.successor,
        "start_date": line.start_date,
        "leave_out": line.leave_out,
        "reason": line.reason,
    }


def _case_managers(session: Session, actor: Actor, keys: set[str]) -> dict[str, int]:
    rows = session.execute(
        select(CaseManager.public_id, CaseManager.id)
        .join(Client, Client.id == CaseManager.client_id)
        .where(CaseManager.public_id.in_(keys), visible_to(actor))
    )
    return {row.public_id: row.id for row in rows}


def _row(session: Session, public_id: str) -> Any:
    row = session.execute(
        select(HandOverDraft.__table__, Clinician.public_id.label("clinician"))
        .join(Clinician, Clinician.id == HandOverDraft.clinician_id)
        .where(HandOverDraft.public_id == public_id)
    ).one_or_none()
    if row is None:
        raise UnknownRecord
    return row


def open_draft(session: Session, actor: Actor, public_id: str) -> Draft:
    """A draft in two statements. Raises UnknownRecord."""
    row = _row(session, public_id)
    lines = session.execute(
        select(HandOverDraftLine.__table__, CaseManager.public_id)
        .join(CaseManager, CaseManager.id == HandOverDraftLine.case_manager_id)
        .join(Client, Client.id == CaseManager.client_id)
        .where(HandOverDraftLine.draft_id == row.id, visible_to(actor))
        .order_by(HandOverDraftLine.id)
    )
    return Draft(
        public_id=public_id,
        version=row.version,
        entry=HandOverEntry(clinician=row.clinician, **{name: getattr(row, name) for name in _TEXTS}),
        lines=tuple(
            LineEntry(
                case_manager=line.public_id,
                version=line.case_manager_version,
                successor=line.successor,
                start_date=line.start_date,
                leave_out=line.leave_out,
                reason=line.reason,
            )
            for line in lines
        ),
        set_last_day=row.set_last_day,
        after=row.after,
    )


def drafts(session: Session) -> list[DraftRow]:
    """The drafts, the latest first, in one statement."""
    number = (
        select(func.count())
        .select_from(HandOverDraftLine)
        .where(HandOverDraftLine.draft_id == HandOverDraft.id)
        .correlate(HandOverDraft)
        .scalar_subquery()
    )
    rows = session.execute(
        select(
            HandOverDraft.__table__,
            Clinician.number,
            Clinician.first_name,
            Clinician.last_name,
            number.label("lines"),
        )
        .join(Clinician, Clinician.id == HandOverDraft.clinician_id)
        .order_by(HandOverDraft.saved_at.desc(), HandOverDraft.id.desc())
        .limit(MOST_LISTED)
    )
    return [
        DraftRow(
            row.public_id,
            f"{row.first_name} {row.last_name}".strip() or row.number,
            row.kind,
            row.last_day if row.kind == "leaving" else row.first_away,
            row.lines,
            row.saved_at,
            row.saved_by,
        )
        for row in rows
    ]


def discard_draft(session: Session, actor: Actor, now: datetime, public_id: str) -> Saved:
    """Throw a draft away; nothing was handed over by it. Raises UnknownRecord."""
    begin_write(session)
    row = _row(session, public_id)
    drop_draft(session, public_id)
    audit.record(
        session,
        actor,
        now,
        "remove",
        ENTITY,
        public_id,
        before={"clinician": row.clinician, "version": row.version},
    )
    session.commit()
    return Saved(public_id, "The draft was discarded. Nothing was handed over by it.")


def drop_draft(session: Session, public_id: str) -> None:
    """Delete a draft with its lines, in the caller's transaction; one that is gone stays so."""
    ids = select(HandOverDraft.id).where(HandOverDraft.public_id == public_id).scalar_subquery()
    session.execute(delete(HandOverDraftLine).where(HandOverDraftLine.draft_id == ids))
    session.execute(delete(HandOverDraft).where(HandOverDraft.public_id == public_id))


def _changed(by: str) -> Finding:
    return Finding(
        "conflict",
        None,
        "error",
        f"{by[:1].upper()}{by[1:]} changed this draft meanwhile. What you typed is still here: "
        "keep it again to put it in place of that.",
    )
