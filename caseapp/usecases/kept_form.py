"""What was sent when a sign-in had just run out: kept for the one who typed it, given back to them alone."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from caseapp.models import KeptForm, begin_write
from caseapp.usecases.account_kit import new_token, token_digest

MOST_BYTES = 1_000_000
_MOST_OF_ONE = 5


@dataclass(frozen=True, slots=True)
class Kept:
    """Where it was sent to, and its encrypted fields."""

    path: str
    fields: bytes


def keep(session: Session, now: datetime, user_id: int, path: str, encrypted: bytes) -> str | None:
    """Keep a form for a user and return its token; None where it is too large. The oldest of many go."""
    if len(encrypted) > MOST_BYTES:
        return None
    begin_write(session)
    token = new_token()
    digests = (
        session.execute(
            select(KeptForm.digest)
            .where(KeptForm.user_id == user_id)
            .order_by(KeptForm.kept_at.desc())
            .offset(_MOST_OF_ONE - 1)
        )
        .scalars()
        .all()
    )
    session.execute(delete(KeptForm).where(KeptForm.digest.in_(digests)))
    session.add(
        KeptForm(digest=token_digest(token), user_id=user_id, path=path, fields=encrypted, kept_at=now)
    )
    session.commit()
    return token


def read(session: Session, user_id: int, token: str) -> Kept | None:
    """The form, which stays for a reload until it is a day old; None where there is none of this user."""
    row = session.execute(
        select(KeptForm.path, KeptForm.fields).where(
            KeptForm.digest == token_digest(token), KeptForm.user_id == user_id
        )
    ).one_or_none()
    return Kept(row.path, row.fields) if row else None
