"""The answer of a save that writes nothing: it stands already, another was faster, or a rule is broken."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from caseapp.domain.finding import Finding
from caseapp.domain.practice import Practice
from caseapp.usecases.conflict import changed_meanwhile, saved_before
from caseapp.usecases.done import done_by
from caseapp.usecases.outcome import Refused, Saved, UnknownRecord
from caseapp.usecases.record import Stored


@dataclass(frozen=True, slots=True, kw_only=True)
class Press:
    """One press of Save, with what was found and judged for it.

    `edited` is the public ID that an edit changes (None adds), `version` what its form was opened on, and
    `stored` the record as it stands. `told` are the values that the audit would keep, `same` tells that they
    stand already. `suspects`: the database has refused the form's token before.
    """

    entity: str
    edited: str | None
    version: int | None
    form_token: str | None
    suspects: bool
    stored: Stored | None
    same: bool
    told: Mapping[str, Any]
    message: str
    errors: tuple[Finding, ...]
    warnings: tuple[Finding, ...] = ()


def unknown() -> Refused:
    """There is no such record, and there has been none."""
    raise UnknownRecord


def answered(
    session: Session, practice: Practice, press: Press, removed: Callable[[], Refused] = unknown
) -> Saved | Refused | None:
    """What to answer without writing; the transaction is over then. None: write.

    Whether the form was saved before is asked where something stands in its way: else the database refuses
    its token, and it is asked then. `removed` answers an edit of a record that is no longer there.
    """
    stored = press.stored
    version = stored.version if stored else None
    stale = press.edited is not None and press.version != version
    done = done_by(session, press.form_token) if press.suspects or stale or press.errors else None
    if done:
        session.rollback()
        if done.is_of(press.entity, press.edited, press.told):
            return Saved(done.public_id, press.message, press.warnings)
        return Refused((saved_before(),), version)
    if press.edited and stored is None:
        return removed()
    if stored and stale:
        told = changed_meanwhile(session, press.entity, stored.public_id, press.version, practice, {})
        session.rollback()
        if press.same and not press.errors:
            return Saved(stored.public_id, press.message, press.warnings)
        return Refused((told,), version)
    if press.errors:
        session.rollback()
        return Refused(press.errors, version)
    return None
