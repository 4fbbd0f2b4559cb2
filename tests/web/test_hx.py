import pytest
from flask import Flask, get_flashed_messages
from jinja2 import DictLoader

from caseapp.domain.finding import Finding
from caseapp.web import hx

HTMX = {"HX-Request": "true"}
WARNING = Finding("caseload_full", "clinician", "warning", "31 of 30 clients.")


@pytest.fixture
def small() -> Flask:
    app = Flask(__name__)
    app.secret_key = "a key for tests"
    app.jinja_loader = DictLoader({"page.html": "<main>{{ word }}</main>", "part.html": "{{ word }}"})
    return app


@pytest.mark.parametrize(
    ("headers", "body"),
    [
        ({}, "<main>hello</main>"),
        (HTMX, "hello"),
        (HTMX | {"HX-History-Restore-Request": "true"}, "<main>hello</main>"),
        ({"HX-Request": "false"}, "<main>hello</main>"),
    ],
)
def test_htmx_gets_the_fragment_and_everybody_else_the_page(
    small: Flask, headers: dict[str, str], body: str
) -> None:
    with small.test_request_context(headers=headers):
        answer = hx.answer("page.html", "part.html", 422, word="hello")

    assert (answer.status_code, answer.get_data(as_text=True)) == (422, body)
    assert answer.headers["Vary"] == "HX-Request, HX-History-Restore-Request"


def test_only_a_fragment_is_sent_elsewhere(small: Flask) -> None:
    for headers, expected in ((HTMX, ("#row", "outerHTML")), ({}, (None, None))):
        with small.test_request_context(headers=headers):
            answer = hx.answer("page.html", "part.html", retarget="#row", reswap="outerHTML", word="")
        assert (answer.headers.get("HX-Retarget"), answer.headers.get("HX-Reswap")) == expected


def test_after_a_save_the_browser_fetches_the_page_anew(small: Flask) -> None:
    with small.test_request_context():
        answer = hx.see_other("/clients")

    assert (answer.status_code, answer.location) == (303, "/clients")


def test_a_message_keeps_its_warnings_until_the_next_page(small: Flask) -> None:
    with small.test_request_context():
        hx.flash_message("Saved.", [WARNING])
        kept: list[object] = [*get_flashed_messages()]

    assert kept == [hx.said("Saved.", [WARNING])]
    assert kept == [
        {
            "text": "Saved.",
            "findings": [{"code": "caseload_full", "message": "31 of 30 clients.", "severity": "warning"}],
            "link": None,
        }
    ]


def test_messages_that_nobody_reads_do_not_fill_the_cookie(small: Flask) -> None:
    with small.test_request_context():
        for number in range(9):
            hx.flash_message(f"Saved {number}.")
        kept: list[dict[str, object]] = [*get_flashed_messages()]

    assert [message["text"] for message in kept] == ["Saved 6.", "Saved 7.", "Saved 8."]


@pytest.mark.parametrize(
    ("zone", "words"),
    [("America/New_York", "Eastern time"), ("America/Port_of_Spain", "America/Port of Spain time")],
)
def test_a_zone_is_told_in_words(zone: str, words: str) -> None:
    assert hx.zone_words(zone) == words
