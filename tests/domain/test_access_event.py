from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from caseapp.domain.access_event import KINDS, once_in
from caseapp.domain.actor import Actor

AT = datetime(2026, 11, 22, 17, 0, tzinfo=UTC)
ANN = Actor("Ann Berg", "office", 7)


def viewed(actor: Actor = ANN, client: str = "milo", detail: str = "", at: datetime = AT) -> str | None:
    return once_in("viewed", actor, client, detail, at)


def test_views_of_one_hour_by_one_person_count_once() -> None:
    assert viewed() is not None
    assert viewed(at=AT + timedelta(minutes=59, seconds=59)) == viewed()
    assert viewed(at=AT + timedelta(hours=1)) != viewed()


def test_another_person_client_or_reason_counts_anew() -> None:
    others = {
        viewed(),
        viewed(replace(ANN, name="Bo Lund", user_id=8)),
        viewed(replace(ANN, user_id=9)),
        viewed(client="fay"),
        viewed(detail="emergency access"),
    }
    assert len(others) == 5


def test_searches_count_once_a_minute() -> None:
    first = once_in("searched", ANN, "", "", AT)
    assert once_in("searched", ANN, "", "", AT + timedelta(seconds=59)) == first
    assert once_in("searched", ANN, "", "", AT + timedelta(seconds=60)) != first


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind not in ("viewed", "searched")])
def test_everything_else_counts_each_time(kind: str) -> None:
    assert once_in(kind, ANN, "milo", "", AT) is None  # type: ignore[arg-type]
