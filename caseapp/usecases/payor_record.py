"""Add and edit payors: load what an entry asks for, ask the domain, write, refresh, commit."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from caseapp.domain.actor import Actor
from caseapp.domain.dates import day_of
from caseapp.domain.payor_entry import PayorEntry, PayorValues, judge_payor
from caseapp.domain.practice import Practice
from caseapp.models import FundingSource, Payor, begin_write
from caseapp.usecases.conflict import changed_meanwhile, saved_before
from caseapp.usecases.coverage_touched import refresh_touched
from caseapp.usecases.done import done_by
from caseapp.usecases.outcome import Refused, Saved, UnknownRecord
from caseapp.usecases.record import Change, Stored, unless_taken

ENTITY = "payor"


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


def open_payor(session: Session, public_id: str, *, lock: bool = False) -> OpenPayor:
    """The stored payor. Raises UnknownRecord."""
    statement = select(
        Payor.id,
        Payor.public_id,
        Payor.version,
        Payor.code,
        Payor.name,
        Payor.type,
        Payor.requires_enrollment,
    ).where(Payor.public_id == public_id)
    row = session.execute(statement.with_for_update() if lock else statement).one_or_none()
    if row is None:
        raise UnknownRecord
    values = PayorValues(
        code=row.code, name=row.name, type=row.type, requires_enrollment=row.requires_enrollment
    )
    return OpenPayor(Stored(row.id, row.public_id, row.version, values.told), values)


def save_payor(
    session: Session, actor: Actor, now: datetime, practice: Practice, request: SaveRequest
) -> Saved | Refused:
    """Save under every rule, or store nothing. Raises UnknownRecord.

    The same request again answers like the first and writes nothing. Where another was faster to take the
    code, the rules are asked again and tell whose it is.
    """

    def save() -> Saved | Refused:
        return _save(session, actor, now, practice, request)

    def again(_broken: str) -> Refused | None:
        outcome = save()
        return outcome if isinstance(outcome, Refused) else None

    return unless_taken(session, save, again)


def _save(
    session: Session, actor: Actor, now: datetime, practice: Practice, request: SaveRequest
) -> Saved | Refused:
    begin_write(session)
    before = open_payor(session, request.payor, lock=True) if request.payor else None
    judged = judge_payor(request.entry, _holders(session, request.entry.code.strip(), before))
    values, version = judged.values, before.stored.version if before else None
    if done := done_by(session, request.form_token):
        session.rollback()
        if not done.is_of(ENTITY, request.payor, values.told):
            return Refused((saved_before(),), version)
        return Saved(done.public_id, _message(values))
    if before and request.version != version:
        same = not judged.errors and values == before.values
        told = changed_meanwhile(session, ENTITY, before.stored.public_id, request.version, practice, {})
        session.rollback()
        return Saved(before.stored.public_id, _message(values)) if same else Refused((told,), version)
    if judged.errors:
        session.rollback()
        return Refused(judged.errors, version)
    change = Change(session, actor, now, ENTITY, Payor, form_token=request.form_token)
    if before:
        public_id = before.stored.public_id
        change.change(before.stored, values.told, values.told)
        if before.values.payor != values.payor:
            _refresh(session, before.stored.id, day_of(now, practice.zone), practice)
    else:
        _, public_id = change.add(values.told, values.told)
    session.commit()
    return Saved(public_id, _message(values))


def _holders(session: Session, code: str, before: OpenPayor | None) -> dict[str, str]:
    """Other payors of this code, by it; what no database would look up is nobody's."""
    if not code.isprintable():
        return {}
    found = select(Payor.code, Payor.name).where(Payor.code == code)
    if before:
        found = found.where(Payor.id != before.stored.id)
    return dict(session.execute(found).all())


def _refresh(session: Session, payor_id: int, today: date, practice: Practice) -> None:
    """Judge those clients anew for whom the payor pays today or later: findings name it and ask its type."""
    clients = (
        select(FundingSource.client_id)
        .distinct()
        .where(
            FundingSource.payor_id == payor_id,
            or_(FundingSource.end_date.is_(None), FundingSource.end_date >= today),
        )
    )
    refresh_touched(session, clients, today, practice)


def _message(values: PayorValues) -> str:
    return f"Saved: {values.name} ({values.code})."
