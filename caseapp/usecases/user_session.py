"""Sign-ins, kept on the server: begun, used, ended, run out."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any, cast

from sqlalchemy import Select, String, Table, bindparam, delete, func, insert, select, update
from sqlalchemy.orm import Session

from caseapp.domain.actor import Role
from caseapp.domain.sign_in import has_run_out
from caseapp.models import EmergencyAccess, KeptForm, UserAccount, UserSession, begin_write
from caseapp.models.base import Instant
from caseapp.usecases.account_kit import new_token, token_digest
from caseapp.usecases.signed_in import record_sign_in

_KEPT_AFTER_END = timedelta(days=1)
_session = cast(Table, UserSession.__table__)
_user = cast(Table, UserAccount.__table__)
_emergency = cast(Table, EmergencyAccess.__table__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How long a sign-in lasts unused, and at most."""

    idle: timedelta
    length: timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class SignIn:
    """A kept sign-in and whose it is. `stage` signed_in is all the way in; `run_out`: it is over."""

    digest: str
    stage: str
    data: Mapping[str, Any]
    began_at: datetime
    seen_at: datetime
    run_out: bool
    user_id: int
    public_id: str
    name: str
    role: Role
    clinician_id: int | None
    emergency_ends: datetime | None


def begin(
    session: Session,
    user_id: int,
    stage: str,
    data: Mapping[str, Any],
    now: datetime,
    *,
    instead_of: str = "",
) -> str:
    """Keep a new sign-in and return what its cookie holds; the one that it replaces (a digest) is gone.

    What has been over for a day is thrown away by the way.
    """
    begin_write(session)
    token = new_token()
    session.execute(delete(_session).where(_session.c.seen_at < now - _KEPT_AFTER_END))
    session.execute(delete(KeptForm).where(KeptForm.kept_at < now - _KEPT_AFTER_END))
    if instead_of:
        session.execute(delete(_session).where(_session.c.digest == instead_of))
    session.execute(
        insert(_session).values(
            digest=token_digest(token),
            user_id=user_id,
            stage=stage,
            data=dict(data),
            began_at=now,
            seen_at=now,
        )
    )
    if stage == "signed_in":
        record_sign_in(session, now, user_id)
    session.commit()
    return token


def find(session: Session, digest: str, now: datetime, limits: Limits) -> SignIn | None:
    """The sign-in of this digest, in one statement; None where there is none, or its user is not active."""
    row = session.connection().execute(_statement(), {"digest": digest, "now": now}).one_or_none()
    if row is None:
        return None
    return SignIn(
        digest=row.digest,
        stage=row.stage,
        data=row.data,
        began_at=row.began_at,
        seen_at=row.seen_at,
        run_out=has_run_out(row.began_at, row.seen_at, now, limits.idle, limits.length),
        user_id=row.user_id,
        public_id=row.public_id,
        name=row.name,
        role=row.role,
        clinician_id=row.clinician_id,
        emergency_ends=row.emergency_ends,
    )


@cache
def _statement() -> Select[Any]:
    return (
        select(
            _session.c.digest,
            _session.c.stage,
            _session.c.data,
            _session.c.began_at,
            _session.c.seen_at,
            _session.c.user_id,
            _user.c.public_id,
            _user.c.name,
            _user.c.role,
            _user.c.clinician_id,
            emergency_until(_session.c.user_id).label("emergency_ends"),
        )
        .join_from(_session, _user, _user.c.id == _session.c.user_id)
        .where(_session.c.digest == bindparam("digest", type_=String), _user.c.active)
    )


def emergency_until(user_id: Any) -> Any:
    """Until when the user's emergency access lasts, as a column; empty where it does not. Takes `now`."""
    return (
        select(func.max(_emergency.c.ends_at))
        .where(_emergency.c.user_id == user_id, _emergency.c.ends_at > bindparam("now", type_=Instant))
        .scalar_subquery()
    )


def note(session: Session, digest: str, now: datetime, data: Mapping[str, Any] | None = None) -> None:
    """Write down that a sign-in was used, and what is kept with it. Ends a read that is under way."""
    begin_write(session)
    values: dict[str, Any] = {"seen_at": now}
    if data is not None:
        values["data"] = dict(data)
    session.execute(update(_session).where(_session.c.digest == digest).values(values))
    session.commit()


def end(session: Session, digest: str) -> None:
    """Sign one browser out."""
    begin_write(session)
    session.execute(delete(_session).where(_session.c.digest == digest))
    session.commit()


def end_all(session: Session, user_id: int, *, but: str = "") -> None:
    """Sign a user out everywhere, or everywhere `but` in one browser. Part of its caller's transaction."""
    session.execute(delete(_session).where(_session.c.user_id == user_id, _session.c.digest != but))
