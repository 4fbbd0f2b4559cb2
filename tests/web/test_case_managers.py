"""The Clinical tab and the forms that it opens, as pages and as fragments."""

from datetime import date

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from caseapp.extensions import db
from tests import builders
from tests.statements import counted
from tests.web.audit import audit
from tests.web.desk import HTMX, Desk, Scene
from tests.web.page import Element, Page


def rows(page: Page) -> list[Element]:
    body = page.by_id("case-manager-rows")
    assert body is not None
    return [row for row in body.children if row.attributes.get("id") != "case-manager-rows-end"]


def cells(row: Element) -> dict[str, str]:
    return {cell.attributes.get("data-label", ""): cell.text for cell in row.children}


def focused(page: Page) -> list[str]:
    """The ids or texts of what takes the focus."""
    return [e.attributes.get("id") or e.text for e in page.elements if "data-focus" in e.attributes]


def test_the_tab_shows_present_then_future_then_past(desk: Desk, scene: Scene, session: Session) -> None:
    future = builders.a_case_manager(session, scene.milo, "ST", scene.mei, start_date=date(2026, 12, 1))

    page = desk.get(scene.tab)

    assert [row.attributes["id"] for row in rows(page)] == [
        f"case-manager-{scene.present.public_id}",
        "line-ST",
        f"case-manager-{future.public_id}",
        f"case-manager-{scene.past.public_id}",
    ]


def test_a_row_says_who_since_when_and_whether_today_can_be_billed(desk: Desk, scene: Scene) -> None:
    present, nobody, past = map(cells, rows(desk.get(scene.tab)))

    assert present["Service line"] == "ABA"
    assert present["Case manager"].startswith("Priya Natarajan, BCBA NPI 1")
    assert present["Starts"] == "3 Feb 2026"
    assert present["Ends"] == "open"
    assert present["Today"] == "can be billed Not enrolled with Medicaid (secondary)"
    assert nobody["Case manager"] == "no case manager Assign"
    assert nobody["Today"] == "cannot be billed"
    assert (past["Starts"], past["Ends"], past["Today"]) == ("10 Jun 2025", "2 Feb 2026", "past")


def test_leave_is_told_with_the_word_that_nothing_need_change(
    desk: Desk, scene: Scene, session: Session
) -> None:
    builders.a_leave(session, scene.priya, start_date=date(2026, 12, 7), end_date=date(2026, 12, 18))

    today = cells(rows(desk.get(scene.tab))[0])["Today"]

    assert today.startswith("can be billed")
    assert "On leave 7–18 Dec: no change needed" in today


def test_a_banner_says_what_is_wrong_and_its_button_opens_the_form_filled(desk: Desk, scene: Scene) -> None:
    page = desk.get(scene.tab)

    assert page.codes("banners") == ["no_case_manager", "secondary_not_enrolled"]
    banner = page.by_id("banners")
    assert banner is not None
    assert "Tue 24 Nov, 9:00 am" in banner.text
    assert "1 session at risk" in banner.text
    (button,) = (e for e in banner.all() if e.text == "Assign ST case manager" and e.tag == "a")
    assert button.attributes["hx-get"] == button.attributes["href"]
    assert button.attributes["hx-target"] == "#dialog-place"
    opened = desk.get(button.attributes["href"]).values("case-manager-form")
    assert opened["service_line"] == "ST"
    assert opened["start_date"] == "2026-11-22"


def test_a_menu_has_the_name_of_its_row_and_the_two_items(desk: Desk, scene: Scene) -> None:
    row = rows(desk.get(scene.tab))[0]

    (button,) = (e for e in row.all() if e.tag == "button")
    items = [e for e in row.all() if e.attributes.get("role") == "menuitem"]
    assert button.attributes["aria-label"] == "Actions for Priya Natarajan, ABA, from 3 Feb 2026"
    assert [(item.text, item.attributes["href"]) for item in items] == [
        ("Edit", scene.of(scene.present, verb="edit")),
        ("Remove", scene.of(scene.present, verb="remove")),
    ]


def test_a_client_without_service_lines_gets_words_and_the_way_to_add(desk: Desk, session: Session) -> None:
    alone = builders.a_client(session)

    page = desk.get(f"/clients/{alone.public_id}/clinical")

    assert rows(page) == []
    assert page.by_id("no-case-managers") is not None
    assert page.by_id("add-case-manager") is not None


def test_adding_opens_an_empty_form_with_marks_and_reasons(desk: Desk, scene: Scene) -> None:
    page = desk.get(f"{scene.post}/new?service_line=ST")

    form = page.by_id("case-manager-form")
    assert form is not None
    required = [e.attributes["name"] for e in form.all() if "required" in e.attributes]
    assert required == ["service_line", "clinician", "start_date"]
    assert form.text.count("*") == 4  # the explanation and the three
    options = [e.text for e in form.all() if e.tag == "option"]
    assert options[options.index("Choose a clinician") + 1 :] == [
        "Mei Lindqvist, CCC-SLP",
        "Ana Beltrán, CF-SLP – not enrolled with Aetna",
        "Priya Natarajan, BCBA – does not practise ST",
        "Tomás Vidal, BCBA – does not practise ST",
    ]
    hint = page.by_id("start_date-hint")
    assert hint is not None
    assert hint.text == "First appointment Tue 24 Nov, 9:00 am: start by Mon 23 Nov."
    dialogs = [e for e in page.elements if e.tag == "dialog"]
    assert len(dialogs) == (1 if desk.fragments else 0)


def test_editing_opens_the_stored_values_in_the_place_of_the_row(desk: Desk, scene: Scene) -> None:
    page = desk.get(scene.of(scene.past, verb="edit"))

    values = page.values("case-manager-form")
    assert values["clinician"] == scene.tomas.key
    assert (values["start_date"], values["end_date"]) == ("2025-06-10", "2026-02-02")
    assert values["version"] == "1"
    row = page.by_id(f"case-manager-{scene.past.public_id}")
    assert (row is not None) == desk.fragments


def test_cancel_gives_the_row_back_with_the_focus_on_its_menu(client: FlaskClient, scene: Scene) -> None:
    tab = client.get(scene.tab).text

    answer = client.get(scene.of(scene.present), headers=HTMX)

    audit(answer.text, page=False, inside=tab)
    row = Page(answer.text)
    assert cells(row.elements[1]) == cells(rows(Page(tab))[0])
    assert focused(row) == [f"case-manager-{scene.present.public_id}-button"]
    assert client.get(scene.of(scene.present)).headers["Location"] == scene.tab


def test_a_restored_page_of_the_history_is_whole(client: FlaskClient, scene: Scene) -> None:
    restore = {**HTMX, "HX-History-Restore-Request": "true"}

    for address in (scene.tab, f"{scene.post}/new", scene.of(scene.present, verb="edit")):
        audit(client.get(address, headers=restore).text)


def test_the_statements_do_not_grow_with_the_rows(
    app: Flask, client: FlaskClient, scene: Scene, session: Session
) -> None:
    addresses = (scene.tab, f"{scene.post}/new?service_line=ST", scene.of(scene.present, verb="edit"))
    with app.app_context():
        engine = db.engine

    def statements() -> list[int]:
        numbers = []
        for address in addresses:
            with counted(engine) as sent:
                assert client.get(address).status_code == 200
            numbers.append(len(sent))
        return numbers

    statements()  # the first visit may refresh what was due
    before = statements()
    for year in range(1990, 2005):
        other = builders.a_clinician(session, ["ABA", "ST"], [scene.aetna], last_name=f"Other {year}")
        builders.a_case_manager(
            session, scene.milo, "ABA", other, start_date=date(year, 1, 1), end_date=date(year, 12, 31)
        )
    assert statements() == before
    assert max(before) <= 12


def test_a_line_that_nobody_covers_yet_says_who_starts(desk: Desk, scene: Scene) -> None:
    desk.send(scene.post, scene.mei_for_st())

    banners = desk.whole(scene.tab).by_id("banners")

    assert banners is not None
    assert "Mei Lindqvist starts on Mon 23 Nov." in banners.text
