"""Add and edit payors: load what an entry asks for, ask the domain, write, refresh, commit."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import String, bindparam, literal, null, or_, select, union_all
from sqlalchemy.orm import Session

from caseapp.domain.actor import Actor
from caseapp.domain.dates import day_of
from caseapp.domain.entry_reader import askable
from caseapp.domain.payor_entry import PayorEntry, PayorValues, judge_payor
from caseapp.domain.practice import Practice
from caseapp.models import FundingSource, Payor, ServiceLine, begin_write
from caseapp.usecases.answered import Press, answered
from caseapp.usecases.coverage_touched import refresh_touched
from caseapp.usecases.outcome import Refused, Saved, UnknownRecord
from caseapp.usecases.record import Change, Stored, asked_again

ENTITY = "payor"
_COLUMNS = (
    Payor.id,
    Payor.public_id,
    Payor.version,
    Payor.code,
    Payor.name,
    Payor.type,
    Payor.requires_enrollment,
)
_OPEN = select(*(column.expression for column in _COLUMNS)).where(
    Payor.__table__.c.public_id == bindparam("public_id", type_=String)
)


@dataclass(frozen=True, slots=True, kw_only=True)
class SaveRequest:
    """One press of Save. `payor` is the public ID that an edit changes (None adds)."""

    entry: PayorEntry
    payor: str | None = None
    version: int | None = None
    form_token: str | None = None


@dataclass(frozen=True, slots=True)
class OpenPayor:
    """A payor as an edit finds it."""

    stored: Stored
    values: PayorValues


def open_payor(session: Session, public_id: str) -> OpenPayor:
    """The stored payor. Raises UnknownRecord."""
    row = session.connection().execute(_OPEN, {"public_id": public_id}).one_or_none()
    if row is None:
        raise UnknownRecord
    return _opened(row)


def _opened(row: Any) -> OpenPayor:
    values = PayorValues(
        code=row.code, name=row.name, type=row.type, requires_enrollment=row.requires_enrollment
    )
    return OpenPayor(Stored(row.id, row.public_id, row.version, values.told), values)


@dataclass(frozen=True, slots=True)
class _Found:
    """The payor that an edit changes, the names of other payors by code, row ids of service lines by code."""

    before: OpenPayor | None
    holders: dict[str, str]
    line_ids: dict[str, int]


def _find(session: Session, request: SaveRequest) -> _Found:
    """One statement, and on PostgreSQL one that keeps other writers of this payor out."""
    mine = Payor.public_id == (request.payor or "")
    if request.payor and session.get_bind().dialect.name != "sqlite":
        session.execute(select(Payor.id).where(mine).with_for_update())
    taken = Payor.code == askable(request.entry.code.strip())
    lines = select(
        ServiceLine.id, literal("line"), ServiceLine.version, ServiceLine.code, null(), null(), null()
    )
    rows: Any = session.execute(union_all(select(*_COLUMNS).where(or_(mine, taken)), lines)).all()
    payors = [row for row in rows if row.type is not None]
    before = next((_opened(row) for row in payors if row.public_id == request.payor), None)
    return _Found(
        before,
        {row.code: row.name for row in payors if row.public_id != request.payor},
        {row.code: row.id for row in rows if row.type is None},
    )


def save_payor(
    session: Session, actor: Actor, now: datetime, practice: Practice, request: SaveRequest
) -> Saved | Refused:
    """Save under every rule, or store nothing. Raises UnknownRecord.

    The same request again answers like the first and writes nothing. Where another was faster to take the
    code, or the token was spent, the database refuses and the rules are asked again.
    """
    return asked_again(
        session,
        lambda: _save(session, actor, now, practice, request, suspects=False),
        lambda: _save(session, actor, now, practice, request, suspects=True),
    )


def _save(
    session: Session,
    actor: Actor,
    now: datetime,
    practice: Practice,
    request: SaveRequest,
    *,
    suspects: bool,
) -> Saved | Refused:
    begin_write(session)
    found = _find(session, request)
    before = found.before
    judged = judge_payor(request.entry, found.holders)
    values = judged.values
    press = Press(
        entity=ENTITY,
        edited=request.payor,
        version=request.version,
        form_token=request.form_token,
        suspects=suspects,
        stored=before.stored if before else None,
        same=before is not None and before.values == values,
        told=values.told,
        message=_message(values),
        errors=judged.errors,
    )
    if answer := answered(session, practice, press):
        return answer
    change = Change(session, actor, now, ENTITY, Payor, form_token=request.form_token)
    if before:
        public_id = before.stored.public_id
        change.change(before.stored, values.told, values.told)
        if before.values.payor != values.payor:
            _refresh(session, before.stored.id, day_of(now, practice.zone), practice, found.line_ids)
    else:
        _, public_id = change.add(values.told, values.told)
    session.commit()
    return Saved(public_id, _message(values))


def _refresh(
    session: Session, payor_id: int, today: date, practice: Practice, line_ids: dict[str, int]
) -> None:
    """Judge those clients anew for whom the payor pays today or later: findings name it and ask its type."""
    clients = (
        select(FundingSource.client_id)
        .distinct()
        .where(
            FundingSource.payor_id == payor_id,
            or_(FundingSource.end_date.is_(None), FundingSource.end_date >= today),
        )
    )
    refresh_touched(session, clients, today, practice, line_ids)


def _message(values: PayorValues) -> str:
    return f"Saved: {values.name} ({values.code})."
