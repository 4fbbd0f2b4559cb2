"""What no form of a client sends: every such post is refused in words, and stores nothing."""

from collections.abc import Iterator

import pytest
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from caseapp.models import Client, ClientServiceLine, FundingSource
from tests.web.desk import Desk, Scene, count
from tests.web.page import Page

ODD = ("\x00", "a\x00b", "\x1b[31m", "\ufffd", "x" * 10_001, "9" * 30, "-1", "’; --", "<b>&", "\u202e")


def forms(scene: Scene) -> Iterator[tuple[str, dict[str, str]]]:
    """Every form with what would be saved."""
    of = f"/clients/{scene.milo.public_id}"
    person = {"number": "C-9", "last_name": "Doe", "first_name": "Bee"}
    yield "/clients/new", person | {"service_line_1": "ABA", "line_start_date_1": "2026-11-01"}
    yield f"{of}/edit", person | {"version": "1"}
    yield f"{of}/hold", {"version": "1"}
    yield f"{of}/discharge", {"version": "1", "last_day": "2026-11-30", "service_lines": "ABA"}
    yield f"{of}/readmit", {"version": "1", "start_date": "2026-11-30", "service_lines": "OT"}
    yield f"{of}/service-lines", {"service_line": "OT", "start_date": "2026-11-01"}
    yield (
        f"{of}/funding-sources",
        {
            "payor": scene.aetna.key,
            "priority": "tertiary",
            "start_date": "2026-11-01",
        },
    )


def stored(session: Session) -> list[int]:
    return [count(session, model) for model in (Client, ClientServiceLine, FundingSource)]


@pytest.mark.parametrize("place", range(7))
def test_a_field_sent_twice_or_unknown_is_refused(desk: Desk, scene: Scene, place: int) -> None:
    address, fields = list(forms(scene))[place]
    before = stored(desk.session)
    single = next(name for name in fields if name != "service_lines")
    doubled = MultiDict([("csrf_token", desk.token()), *fields.items(), (single, "more")])

    answer = desk.client.post(address, data=doubled, headers=desk.headers)

    assert answer.status_code == 422
    desk.refused(address, fields | {"surprise": "1"})
    assert stored(desk.session) == before


@pytest.mark.parametrize("place", range(7))
def test_odd_text_in_any_field_is_told_and_never_breaks_the_page(
    desk: Desk, scene: Scene, place: int
) -> None:
    address, fields = list(forms(scene))[place]
    for name in fields:
        for text in ODD[:6] if name in ("last_name", "first_name") else ODD:
            if name == "number" and text in ("9" * 30, "-1", "’; --", "<b>&", "\u202e"):
                continue
            if name in ("last_name", "first_name") and text == "9" * 30:
                continue
            page = desk.refused(address, fields | {name: text})
            assert isinstance(page, Page)
