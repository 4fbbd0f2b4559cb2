"""Access events: who came in, looked at what, or was refused. Their kinds, and how often they count."""

import hashlib
from datetime import datetime, timedelta
from typing import Literal, get_args

from caseapp.domain.actor import Actor

AccessKind = Literal[
    "signed_in",
    "signed_out",
    "sign_in_failed",
    "sign_in_throttled",
    "second_factor_failed",
    "viewed",
    "searched",
    "exported",
    "denied",
]

KINDS: tuple[AccessKind, ...] = get_args(AccessKind)

UNKNOWN_USER = Actor("unknown user", "billing")
"""Stands in for whoever tries to sign in under a name that nobody has."""

COUNTED_ONCE: dict[AccessKind, timedelta] = {
    "viewed": timedelta(hours=1),
    "searched": timedelta(minutes=1),
}
"""Such an event is kept once for a person and a client (if any) in so much time."""


def once_in(kind: AccessKind, actor: Actor, client: str, detail: str, at: datetime) -> str | None:
    """What two events have in common of which one is kept; None where each is kept.

    `client` is the public ID, empty for none. The hour is that of UTC, so none is longer than another.
    """
    length = COUNTED_ONCE.get(kind)
    if length is None:
        return None
    window = int(at.timestamp() // length.total_seconds())
    parts = (kind, str(actor.user_id or ""), actor.name, client, detail, str(window))
    return hashlib.blake2b("\0".join(parts).encode("utf-8", "replace"), digest_size=16).hexdigest()
