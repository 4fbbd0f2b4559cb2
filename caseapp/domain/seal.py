"""Seals over what is on record: how events are written down to be hashed, chained, and compared.

A seal holds a digest of each of its events, and a hash over these and the hash of the seal before. Whoever
alters, removes or inserts an event, or a seal, breaks the chain at a place that can be named; whoever makes
the whole chain anew arrives at another last hash than the one that was written down elsewhere.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal, get_args

Stream = Literal["audit_event", "access_event"]
Harm = Literal["altered", "removed", "inserted"]

STREAMS: tuple[Stream, ...] = get_args(Stream)
BEGINNING = "0" * 64
"""Stands for the hash before the first seal."""

_DISTANCE = 4
_DIGEST = 32
_ENTRY = _DISTANCE + _DIGEST
MOST_DISTANCE = 2 ** (8 * _DISTANCE) - 1

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Seal:
    """One seal; the columns are told in models/audit_seal.py."""

    number: int
    stream: Stream
    after_id: int
    last_id: int
    count: int
    last_at: datetime
    digests: bytes
    hash: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Broken:
    """The first place that is not as it was sealed: an event of a stream by its id, or with None a seal."""

    what: Harm
    stream: Stream | None
    id: int


def plain(row: Row) -> dict[str, Any]:
    """The values of an event as JSON has them; an empty one is left out, so that columns may be added."""
    return {
        name: value.astimezone(UTC).isoformat(timespec="microseconds")
        if isinstance(value, datetime)
        else value
        for name, value in row.items()
        if value is not None
    }


def canonical(values: Mapping[str, Any]) -> bytes:
    """The one way to write values down: the same ones always give the same bytes."""
    text = json.dumps(values, sort_keys=True, separators=(",", ":"), ensure_ascii=True, allow_nan=False)
    return text.encode("ascii")


def digest(row: Row) -> bytes:
    return hashlib.sha256(canonical(plain(row))).digest()


def seal_over(
    rows: Sequence[Row], stream: Stream, *, number: int, after_id: int, before: str, at: datetime
) -> Seal:
    """The next seal, over rows of ascending id, of which there is one at least. `before`: the last hash."""
    digests = b"".join((row["id"] - after_id).to_bytes(_DISTANCE, "big") + digest(row) for row in rows)
    seal = Seal(
        number=number,
        stream=stream,
        after_id=after_id,
        last_id=rows[-1]["id"],
        count=len(rows),
        last_at=max(row["at"] for row in rows),
        digests=digests,
        hash="",
        at=at,
    )
    return Seal(**{**_fields(seal), "hash": hash_of(seal, before)})


def hash_of(seal: Seal, before: str) -> str:
    """The hash that a seal must have after the one whose hash is `before`."""
    told = {**_fields(seal), "digests": seal.digests.hex(), "before": before}
    del told["hash"]
    return hashlib.sha256(canonical(plain(told))).hexdigest()


def _fields(seal: Seal) -> dict[str, Any]:
    return {name: getattr(seal, name) for name in Seal.__slots__}


def sealed(seal: Seal) -> dict[int, bytes]:
    """What the seal keeps: the digest of each event by its id, in their order."""
    kept = {}
    for place in range(0, len(seal.digests), _ENTRY):
        middle = place + _DISTANCE
        distance = int.from_bytes(seal.digests[place:middle], "big")
        kept[seal.after_id + distance] = seal.digests[middle : place + _ENTRY]
    return kept


def broken_link(seal: Seal, number: int, before: str, reached: int) -> Broken | None:
    """Whether a seal is the next in the chain: that number, after that hash, from where its stream stood."""
    if seal.number != number:
        return Broken("removed", None, number)
    if seal.hash != hash_of(seal, before) or seal.after_id != reached:
        return Broken("altered", None, number)
    return None


def broken_event(seal: Seal, rows: Iterable[Row]) -> Broken | None:
    """The first event, by id, between the seal's bounds that is not as it was sealed."""
    kept, found = sealed(seal), {row["id"]: digest(row) for row in rows}
    for event_id in sorted(kept.keys() | found.keys()):
        if event_id not in found:
            return Broken("removed", seal.stream, event_id)
        if event_id not in kept:
            return Broken("inserted", seal.stream, event_id)
        if kept[event_id] != found[event_id]:
            return Broken("altered", seal.stream, event_id)
    return None
