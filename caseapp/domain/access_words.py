"""What an access event says, in words; beside the changes, of which domain/history.py tells."""

from caseapp.domain.access_event import KINDS, AccessKind
from caseapp.domain.history import Told

CHANGES = "changes"

KIND_WORDS: dict[AccessKind, str] = {
    "signed_in": "Signed in",
    "signed_out": "Signed out",
    "sign_in_failed": "Failed to sign in",
    "sign_in_throttled": "Held back after failed sign-ins",
    "second_factor_failed": "Wrong second factor",
    "viewed": "Looked at a client's record",
    "searched": "Searched the clients",
    "exported": "Took a table out",
    "denied": "Was refused",
}

FILTERS: tuple[tuple[str, str], ...] = ((CHANGES, "Changes"), *((kind, KIND_WORDS[kind]) for kind in KINDS))
"""(value, words) of the kinds to filter by."""


def tell_access(kind: AccessKind, detail: str) -> Told:
    """Was refused: GET /users."""
    return Told(KIND_WORDS[kind], (detail,) if detail else ())
