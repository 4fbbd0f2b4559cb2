"""The service lines: list, add, edit, remove, as whole pages and as fragments."""

from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from caseapp.extensions import db
from caseapp.models import ServiceLine
from tests import builders
from tests.builders import Row
from tests.client_lists import TODAY
from tests.databases import ONE_DATABASE
from tests.statements import counted
from tests.web.desk import HTMX, Desk, Scene, count, last_event, message
from tests.web.page import Page

LIST = "/service-lines"
MUSIC = {"code": "MUS", "name": "Music Therapy"}
ODD = ("\x00", "a\x00b", "\x1b[31m", "\ufffd", "x" * 10_001, "", " ", "\u202e", "a;b", "9" * 30)


@pytest.fixture
def music(session: Session) -> Row:
    return builders.a_service_line(session, "MUS", name="Music Therapy")


def of(line: Row, verb: str = "") -> str:
    return f"{LIST}/{line.public_id}{'/' if verb else ''}{verb}"


def opened(desk: Desk, address: str, **fields: str) -> dict[str, str]:
    return desk.get(address).values("service-line-form") | fields


def rows(page: Page) -> list[list[str]]:
    """The cells of each row of the list, without its menu."""
    table = page.by_id("service-lines")
    assert table is not None
    lines = [e for e in table.all() if e.tag == "tr" and e.attributes.get("id")]
    return [[cell.text for cell in line.children if cell.tag in ("th", "td")][:3] for line in lines]


def focused(page: Page) -> list[str]:
    return [e.attributes.get("id", "") for e in page.elements if "data-focus" in e.attributes]


def test_the_list_tells_by_code_how_many_receive_each_today(desk: Desk, scene: Scene) -> None:
    again = builders.a_client(desk.session, ["ST"])
    builders.a_client_service_line(desk.session, again, "OT", end_date=TODAY - timedelta(days=1))

    page = desk.get(LIST)

    assert rows(page) == [["ABA", "ABA", "1"], ["OT", "OT", "0"], ["ST", "ST", "2"]]
    assert "Nothing was changed here yet" in page.text_of("history")


def test_a_great_number_is_not_counted_to_its_end(
    desk: Desk, scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("caseapp.usecases.service_line_list.MOST_COUNTED", 1)
    builders.a_client(desk.session, ["ST"])

    assert rows(desk.get(LIST))[-1] == ["ST", "ST", "more than 1"]


def test_an_empty_list_says_so(desk: Desk) -> None:
    assert "No service line is recorded yet. Add the first one." in desk.get(LIST).text_of("service-lines")


def test_a_long_list_goes_on_page_by_page(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("caseapp.usecases.service_line_list.PAGE", 2)
    for code in ("C", "A", "B"):
        builders.a_service_line(desk.session, code)
    first = desk.get(LIST)
    (forth,) = [e.attributes["href"] for e in first.elements if e.text == "Next" and e.tag == "a"]

    second = desk.get(forth)

    assert [[row[0] for row in rows(page)] for page in (first, second)] == [["A", "B"], ["C"]]
    assert [e.text for e in second.elements if e.text == "Next"] == []
    desk.get(f"{LIST}?after=nobody")
    desk.get(f"{LIST}?after={'a' * 20}")


@ONE_DATABASE
def test_the_page_takes_three_statements_however_long(client: FlaskClient, session: Session) -> None:
    for code in ("A", "B", "C"):
        builders.a_client(session, [code])
    with client.application.app_context():
        engine = db.engine
    with counted(engine) as sent:
        client.get(LIST)

    # The lines, their history, and the errors in the menu.
    assert len(sent) == 3


def test_a_line_is_added_and_stands_in_the_history(desk: Desk) -> None:
    answer = desk.send(LIST, opened(desk, f"{LIST}/new", **MUSIC))

    page = desk.told(answer)
    assert message(page) == "Saved: Music Therapy (MUS)."
    assert rows(page) == [["MUS", "Music Therapy", "0"]]
    event = last_event(desk.session)
    assert (event.entity, event.action) == ("service_line", "add")
    assert event.after == {**MUSIC, "version": 1}
    if desk.fragments:
        assert focused(page) == [f"service-line-{event.entity_id}-button"]
    assert "Added service line: MUS · Music Therapy" in desk.whole(LIST).text_of("history")


def test_all_that_is_wrong_is_told_at_once_and_what_was_typed_stays(desk: Desk, music: Row) -> None:
    page = desk.refused(LIST, {"code": "MUS", "name": "n" * 201})

    assert page.errors() == [["code", "taken"], ["name", "too_long"]]
    assert page.text_of("code-error") == "MUS is the code of Music Therapy. Choose another."
    assert page.values("service-line-form")["code"] == "MUS"
    assert desk.refused(LIST, {}).errors() == [["code", "required"], ["name", "required"]]


def test_the_same_form_sent_twice_saves_once(desk: Desk) -> None:
    form = opened(desk, f"{LIST}/new", **MUSIC)
    told = message(desk.told(desk.send(LIST, form)))

    again = desk.send(LIST, form)

    assert message(desk.told(again)) == told
    assert count(desk.session, ServiceLine) == 1
    assert desk.refused(LIST, form | {"code": "MUS2"}).errors() == [[None, "conflict"]]


def test_an_edit_changes_code_and_name_and_cancel_returns_to_the_row(desk: Desk, music: Row) -> None:
    form = opened(desk, of(music, "edit"), code="MT", name="Music")

    answer = desk.send(of(music, "edit"), form)

    assert rows(desk.told(answer)) == [["MT", "Music", "0"]]
    event = last_event(desk.session)
    assert (event.before, event.after) == (
        {**MUSIC, "version": 1},
        {"code": "MT", "name": "Music", "version": 2},
    )
    history = desk.whole(LIST).text_of("history")
    assert "Code: MUS → MT" in history
    row = desk.client.get(of(music), headers=HTMX)
    assert focused(Page(row.text)) == [f"service-line-{music.public_id}-button"]
    assert desk.client.get(of(music)).headers["Location"] == LIST


def test_the_second_of_two_editors_is_told_what_the_first_changed(desk: Desk, music: Row) -> None:
    mine, theirs, same = (opened(desk, of(music, "edit"), name=n) for n in ("Mine", "Theirs", "Theirs"))
    desk.send(of(music, "edit"), theirs)

    page = desk.refused(of(music, "edit"), mine)

    assert page.errors() == [[None, "conflict"]]
    assert "name from Music Therapy to Theirs" in page.text_of("form-error")
    assert message(desk.told(desk.send(of(music, "edit"), same))) == "Saved: Theirs (MUS)."
    desk.send(of(music, "edit"), page.values("service-line-form"))
    assert (last_event(desk.session).after or {})["name"] == "Mine"


def test_a_removal_asks_first_and_stays_in_the_history(desk: Desk, music: Row) -> None:
    page = desk.get(of(music, "remove"))
    assert "entered in error" in page.text_of("removal-form")
    form = page.values("removal-form")

    told = desk.told(desk.send(of(music, "remove"), form))

    assert message(told) == "Removed: Music Therapy (MUS). It stays in the history."
    assert rows(told) == []
    if desk.fragments:
        assert focused(told) == ["service-lines-heading"]
    assert "Removed service line: MUS" in desk.whole(LIST).text_of("history")
    again = desk.told(desk.send(of(music, "remove"), form))
    assert message(again) == "This service line has been removed. It stays in the history."
    typed = {**MUSIC, "version": "1", "name": "Kept"}
    late = desk.refused(of(music, "edit"), typed)
    assert late.errors() == [[None, "conflict"]]
    assert late.values("service-line-form")["name"] == "Kept"


def test_what_is_used_stays_and_the_question_says_so_at_once(desk: Desk, scene: Scene) -> None:
    line = builders.a_service_line(desk.session, "ST")
    asked = desk.get(of(line, "remove"))
    assert (
        asked.text_of("form-error") == "ST is used by 1 client, 2 clinicians and 1 appointment, so it stays."
    )
    assert "Close" in asked.text_of("removal-form")

    page = desk.refused(of(line, "remove"), asked.values("removal-form"))

    assert page.errors() == [[None, "in_use"]]
    assert count(desk.session, ServiceLine) == 2


def test_a_line_changed_meanwhile_is_not_removed(desk: Desk, music: Row) -> None:
    form = desk.get(of(music, "remove")).values("removal-form")
    desk.send(of(music, "edit"), opened(desk, of(music, "edit"), name="New"))

    page = desk.refused(of(music, "remove"), form)

    assert page.errors() == [[None, "conflict"]]
    desk.send(of(music, "remove"), page.values("removal-form"))
    assert count(desk.session, ServiceLine) == 0


def test_what_no_form_of_ours_sends_is_refused_and_stores_nothing(desk: Desk, music: Row) -> None:
    good = {"code": "ART", "name": "Art Therapy"}
    for address in (LIST, of(music, "edit")):
        fields = good | ({"version": "1"} if address != LIST else {})
        for name in good:
            for text in ODD if name == "code" else ODD[:7]:
                assert desk.refused(address, fields | {name: text}).errors()
        desk.refused(address, fields | {"surprise": "1"})
        doubled = MultiDict([("csrf_token", desk.token()), *fields.items(), ("name", "More")])
        assert desk.client.post(address, data=doubled, headers=desk.headers).status_code == 422
        assert desk.client.post(address, data=good, headers=desk.headers).status_code == 422
        desk.refused(address, fields | {"code": "MUS" if address == LIST else ""})
    for version in ("9" * 30, "-1", "x", ""):
        desk.refused(of(music, "edit"), good | {"version": version})
        desk.refused(of(music, "remove"), {"version": version})
    assert desk.client.post(of(music, "remove"), headers=desk.headers).status_code == 422


def test_what_is_not_there_and_what_is_not_used_so(desk: Desk, music: Row) -> None:
    nobody = Row(0, "x" * 20)
    data = {"csrf_token": desk.token(), **MUSIC}
    for verb in ("edit", "remove"):
        assert desk.client.get(of(nobody, verb), headers=desk.headers).status_code == 404
        assert desk.client.post(of(nobody, verb), headers=desk.headers).status_code == 404
        fields = data if verb == "edit" else {"csrf_token": data["csrf_token"], "version": "1"}
        assert desk.client.post(of(nobody, verb), data=fields, headers=desk.headers).status_code == 404
    assert desk.client.get(of(nobody), headers=HTMX).status_code == 404
    assert desk.client.get(f"{LIST}/7", headers=desk.headers).status_code == 404
    assert desk.client.delete(LIST, headers=desk.headers).status_code == 405
    assert desk.client.post(of(music), headers=desk.headers).status_code == 405


NO_LINE = ("No service line is recorded yet.", "Add one under Service lines")
NO_PAYOR = ("No payor is recorded yet.", "Add one under Payors")


def test_a_form_that_has_nothing_to_offer_leads_to_where_it_is_added(desk: Desk) -> None:
    client, clinician = builders.a_client(desk.session), builders.a_clinician(desk.session, [])
    of_client = f"/clients/{client.public_id}"
    for address, noted, words, leads in (
        ("/clients/new", "no-service-line", NO_LINE, "/service-lines/new"),
        (f"{of_client}/service-lines/new", "no-service-line", NO_LINE, "/service-lines/new"),
        ("/clinicians/new", "no-service-line", NO_LINE, "/service-lines/new"),
        ("/clients/new", "no-payor", NO_PAYOR, "/payors/new"),
        (f"{of_client}/funding-sources/new", "no-payor", NO_PAYOR, "/payors/new"),
        (f"/clinicians/{clinician.public_id}/enrollments/new", "no-payor", NO_PAYOR, "/payors/new"),
    ):
        note = desk.get(address).by_id(noted)
        assert note is not None, address
        (link,) = [e for e in note.all() if e.tag == "a"]
        assert note.text.startswith(words[0])
        assert (link.text, link.attributes["href"]) == (words[1], leads)
    builders.a_service_line(desk.session)
    builders.a_payor(desk.session)
    page = desk.get("/clients/new")
    assert (page.by_id("no-service-line"), page.by_id("no-payor")) == (None, None)


def test_an_empty_practice_is_told_its_first_steps(desk: Desk) -> None:
    steps = desk.get("/clients").by_id("client-results")

    assert steps is not None
    links = [e.attributes["href"] for e in steps.all() if e.tag == "a"]
    assert links == ["/service-lines", "/payors", "/clinicians", "/clients/new"]
