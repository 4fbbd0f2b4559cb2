from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest

from caseapp.domain.seal import (
    BEGINNING,
    Broken,
    Seal,
    broken_event,
    broken_link,
    canonical,
    digest,
    plain,
    seal_over,
    sealed,
)

AT = datetime(2026, 11, 22, 17, 0, tzinfo=UTC)


def an_event(number: int, **values: Any) -> dict[str, Any]:
    return {"id": number, "at": AT, "actor": "Ann Berg", "before": None, "after": {"b": 1, "a": "é"}} | values


ROWS = [an_event(5), an_event(7, at=AT + timedelta(hours=1)), an_event(8)]


def a_seal(**changed: Any) -> Seal:
    return replace(seal_over(ROWS, "audit_event", number=3, after_id=4, before=BEGINNING, at=AT), **changed)


def test_the_same_values_are_written_down_the_same_in_whatever_order_and_zone() -> None:
    one = an_event(5)
    other = dict(reversed(one.items())) | {
        "after": {"a": "é", "b": 1},
        "at": AT.astimezone(timezone(timedelta(hours=-5))),
    }
    assert canonical(plain(one)) == canonical(plain(other))
    assert canonical(plain(one)) == (
        b'{"actor":"Ann Berg","after":{"a":"\\u00e9","b":1},"at":"2026-11-22T17:00:00.000000+00:00","id":5}'
    )


def test_a_column_that_is_empty_changes_no_digest() -> None:
    assert digest(an_event(5)) == digest(an_event(5, added_later=None))
    assert digest(an_event(5)) != digest(an_event(5, added_later=""))


def test_a_seal_keeps_the_digest_of_each_event_and_the_latest_instant() -> None:
    seal = a_seal()
    assert sealed(seal) == {row["id"]: digest(row) for row in ROWS}
    assert (seal.after_id, seal.last_id, seal.count) == (4, 8, 3)
    assert seal.last_at == AT + timedelta(hours=1)
    assert broken_event(seal, ROWS) is None
    assert broken_link(seal, 3, BEGINNING, 4) is None


@pytest.mark.parametrize(
    ("rows", "broken"),
    [
        ([ROWS[0], an_event(7), ROWS[2]], Broken("altered", "audit_event", 7)),
        ([ROWS[0], ROWS[2]], Broken("removed", "audit_event", 7)),
        ([], Broken("removed", "audit_event", 5)),
        ([ROWS[0], an_event(6), *ROWS[1:]], Broken("inserted", "audit_event", 6)),
        ([an_event(5, actor="Bo"), an_event(6)], Broken("altered", "audit_event", 5)),
    ],
)
def test_the_first_event_that_is_not_as_it_was_sealed_is_named(
    rows: list[dict[str, Any]], broken: Broken
) -> None:
    assert broken_event(a_seal(), rows) == broken


@pytest.mark.parametrize(
    "changed",
    [
        {"stream": "access_event"},
        {"after_id": 3},
        {"last_id": 9},
        {"count": 2},
        {"last_at": AT},
        {"digests": b"\0" * 36},
        {"hash": "f" * 64},
        {"at": AT + timedelta(seconds=1)},
    ],
)
def test_a_seal_of_which_anything_was_changed_does_not_hold(changed: dict[str, Any]) -> None:
    assert broken_link(a_seal(**changed), 3, BEGINNING, 4) == Broken("altered", None, 3)


def test_a_seal_holds_only_in_its_place() -> None:
    assert broken_link(a_seal(), 2, BEGINNING, 4) == Broken("removed", None, 2)
    assert broken_link(a_seal(), 3, "1" * 64, 4) == Broken("altered", None, 3)
    assert broken_link(a_seal(), 3, BEGINNING, 2) == Broken("altered", None, 3)
