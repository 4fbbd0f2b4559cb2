"""What was found of the seals, in words."""

from datetime import datetime

from caseapp.domain.seal import Broken
from caseapp.domain.words import count

_KINDS = {"audit_event": "change", "access_event": "access event"}


def broken_words(broken: Broken, told: tuple[datetime, str, str] | None) -> str:
    """Change 17 was altered after it was sealed: edit, by Ann Berg, at 2026-11-22T17:00:00+00:00."""
    if broken.stream is None:
        return f"Seal {broken.id} was {broken.what}: what it covers can no longer be proven."
    words = f"{_KINDS[broken.stream].capitalize()} {broken.id} was {broken.what} after it was sealed"
    if told is None:
        return f"{words}."
    at, who, action = told
    return f"{words}: {action.replace('_', ' ')}, by {who}, at {at.isoformat(timespec='seconds')}."


def sealed_words(events: int, seals: int, unsealed: int, since: datetime | None = None) -> str:
    """All 2,104 sealed events are as they were, under 3 seals. 12 events are not sealed yet …"""
    if not seals:
        words = "Nothing is sealed yet."
    else:
        words = f"All {events:,} sealed events are as they were, under {count(seals, 'seal')}."
    if not unsealed or since is None:
        return words
    are = "event is" if unsealed == 1 else "events are"
    oldest = since.isoformat(timespec="seconds")
    return f"{words} {unsealed:,} {are} not sealed yet, since {oldest}: nothing proves them until they are."
