"""Tokens of programs: made and shown once, revoked, and asked who they speak for."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from caseapp.domain.actor import Actor
from caseapp.domain.api_token import SCOPES, TokenEntry, judge_token
from caseapp.domain.finding import Finding
from caseapp.domain.words import moment
from caseapp.models import ApiToken, begin_write
from caseapp.usecases import audit
from caseapp.usecases.account_kit import new_token, token_digest
from caseapp.usecases.done import done_by
from caseapp.usecases.outcome import UnknownRecord
from caseapp.usecases.record import asked_again

PREFIX = "caseapp_"
"""So that a token that strayed into a file can be recognised."""


@dataclass(frozen=True, slots=True)
class TokenRow:
    """As it is shown."""

    public_id: str
    name: str
    scopes: str
    expires: str
    state: str

    @property
    def actions(self) -> str:
        return f"Actions for the token {self.name}"


@dataclass(frozen=True, slots=True)
class Program:
    """Who asks with a token, and what it may do."""

    actor: Actor
    scopes: frozenset[str]


_MADE = Finding(
    "conflict",
    None,
    "error",
    "This form has made a token already, and made no other one now. Where you do not have it, revoke it "
    "under Users, and make another one here.",
)


def make_token(
    session: Session, actor: Actor, now: datetime, entry: TokenEntry, form_token: str | None = None
) -> str | list[Finding]:
    """A new token, which is told this once; or what is wrong. `form_token`: a form makes one, and no more."""
    if found := judge_token(entry):
        return found
    return asked_again(session, lambda: _make_token(session, actor, now, entry, form_token))


def _make_token(
    session: Session, actor: Actor, now: datetime, entry: TokenEntry, form_token: str | None
) -> str | list[Finding]:
    begin_write(session)
    if done_by(session, form_token):
        session.rollback()
        return [_MADE]
    token = PREFIX + new_token()
    expires_at = now + timedelta(days=int(entry.days))
    made = ApiToken(
        name=entry.name.strip(),
        digest=token_digest(token),
        user_id=actor.user_id,
        scopes=sorted(set(entry.scopes)),
        expires_at=expires_at,
        recorded_at=now,
    )
    session.add(made)
    session.flush()
    told = {"name": made.name, "scopes": made.scopes, "expires_at": expires_at.isoformat()}
    audit.record(session, actor, now, "added", "api_token", made.public_id, after=told, form_token=form_token)
    session.commit()
    return token


def revoke_token(session: Session, actor: Actor, now: datetime, public_id: str) -> None:
    """From now on it opens nothing. Raises UnknownRecord."""
    begin_write(session)
    row = session.execute(
        select(ApiToken).where(ApiToken.public_id == public_id).with_for_update()
    ).scalar_one_or_none()
    if row is None:
        raise UnknownRecord
    if row.revoked_at is None:
        _revoke(session, actor, now, row)
    session.commit()


def revoke_all_of(session: Session, actor: Actor, now: datetime, user_id: int) -> None:
    """Revoke what a user made, each on record. Part of the caller's transaction."""
    rows = session.scalars(
        select(ApiToken)
        .where(ApiToken.user_id == user_id, ApiToken.revoked_at.is_(None))
        .order_by(ApiToken.id)
        .with_for_update()
    )
    for row in rows:
        _revoke(session, actor, now, row)


def _revoke(session: Session, actor: Actor, now: datetime, row: ApiToken) -> None:
    row.revoked_at = now
    audit.record(session, actor, now, "revoked", "api_token", row.public_id)


def token_rows(session: Session, now: datetime, zone: ZoneInfo, today: date) -> tuple[TokenRow, ...]:
    """The newest hundred tokens."""
    rows = session.execute(select(ApiToken).order_by(ApiToken.id.desc()).limit(100)).scalars()
    return tuple(
        TokenRow(
            row.public_id,
            row.name,
            "; ".join(SCOPES.get(scope, scope) for scope in row.scopes),
            moment(row.expires_at, zone, today),
            "revoked" if row.revoked_at else "expired" if row.expires_at <= now else "",
        )
        for row in rows
    )


def program_of(session: Session, token: str, now: datetime) -> Program | None:
    """Who speaks with this token; None where it is unknown, expired or revoked."""
    if not token.startswith(PREFIX):
        return None
    row = session.execute(
        select(ApiToken.name, ApiToken.scopes).where(
            ApiToken.digest == token_digest(token), ApiToken.expires_at > now, ApiToken.revoked_at.is_(None)
        )
    ).one_or_none()
    if row is None:
        return None
    scopes = frozenset(row.scopes)
    return Program(Actor(f"program {row.name}", "office" if "write" in scopes else "billing"), scopes)
