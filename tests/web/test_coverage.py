"""Coverage gaps: the list as a page and as a fragment, and its filters."""

from datetime import date

import pytest
from flask.testing import FlaskClient
from sqlalchemy import text, update
from sqlalchemy.orm import Session

from caseapp.models import CoverageTurn, begin_write
from caseapp.usecases import coverage_counts, coverage_on
from tests import builders
from tests.web.desk import HTMX, Desk, Scene, judged
from tests.web.page import Element, Page

NASTY = [
    "kind=nonsense",
    "severity=fatal",
    "service_line=XX",
    "payor=%00",
    "clinician=" + "9" * 500,
    "clinician=%ed%a0%80",
    "on=tomorrow",
    "on=1776-07-04",
    "after=nonsense",
    "before=e..0.00000000000000000000.no_case_manager.ST",
    "after=e.2026-13-01.0.00000000000000000000.no_case_manager.ST",
    "after=e..99999999999999999999.x.y.z",
    "after=e..0.00000000000000000000.unheard_of.ST",
    "kind=no_case_manager&kind=nonsense&service_line=nonsense",
]


def rows(page: Page) -> list[Element]:
    return [e for e in page.elements if e.tag == "tr" and "data-code" in e.attributes]


def codes(page: Page) -> list[str]:
    return [row.attributes["data-code"] for row in rows(page)]


def button(page: Page, code: str) -> str:
    """The address of the row's button."""
    row = next(row for row in rows(page) if row.attributes["data-code"] == code)
    return next(e for e in row.all() if e.attributes.get("class") == "button").attributes["href"]


def problems(page: Page) -> str:
    found = page.by_id("coverage-problems")
    return found.text if found else ""


def test_the_list_says_what_is_wrong_until_when_and_for_whom(desk: Desk, scene: Scene) -> None:
    page = desk.get("/coverage")

    assert codes(page) == ["no_case_manager", "secondary_not_enrolled"]
    assert rows(page)[0].text == (
        "Mon 23 Nov session Tue 24 Nov, 9:00 am Harper, Milo "
        f"{scene.milo.key} ST No case manager 1 session Assign"
    )
    heading = page.by_id("coverage-heading")
    assert heading is not None
    assert heading.text == "As of Sun 22 Nov"


def test_a_row_leads_to_the_form_with_the_best_suggestion_filled_in(
    desk: Desk, scene: Scene, session: Session
) -> None:
    address = button(desk.get("/coverage"), "no_case_manager")
    form = desk.whole(address)
    values = form.values("case-manager-form")
    assert (values["service_line"], values["clinician"]) == ("ST", scene.mei.key)
    assert values["start_date"] == "2026-11-22"
    suggestion = form.by_id("suggestion")
    assert suggestion is not None
    assert suggestion.text == (
        "Suggested: Mei Lindqvist, CCC-SLP, who could be saved on Sun 22 Nov; 0 clients."
    )

    desk.send(scene.post, values)

    assert codes(desk.get("/coverage")) == ["secondary_not_enrolled", "secondary_not_enrolled"]


def test_who_is_not_enrolled_is_followed_by_an_interim_for_them(
    desk: Desk, scene: Scene, session: Session
) -> None:
    begin_write(session)
    session.execute(text("UPDATE enrollment SET status = 'in_process'"))
    session.commit()
    able = builders.a_clinician(session, ["ABA"], [scene.aetna], first_name="Noa", last_name="Able")
    judged(session, scene.milo)

    form = desk.whole(button(desk.get("/coverage?kind=not_enrolled"), "not_enrolled"))

    values = form.values("case-manager-form")
    assert (values["clinician"], values["for_clinician"]) == (able.key, scene.priya.key)
    assert values["end_current"] == "y"
    suggestion = form.by_id("suggestion")
    assert suggestion is not None
    assert suggestion.text.endswith("Stands in for Priya Natarajan, who is not enrolled with Aetna then.")


def test_where_nobody_could_be_saved_the_form_says_so(desk: Desk, scene: Scene, session: Session) -> None:
    begin_write(session)
    session.execute(text("UPDATE clinician SET may_be_case_manager = false"))
    session.commit()

    suggestion = desk.whole(button(desk.get("/coverage"), "no_case_manager")).by_id("suggestion")

    assert suggestion is not None
    assert suggestion.text == "Nobody else could be saved on Sun 22 Nov: the list says why of each."


def test_a_form_that_names_somebody_suggests_nobody(desk: Desk, scene: Scene) -> None:
    for asked in (f"service_line=ST&clinician={scene.ana.key}", "", "service_line=ST&start_date=soon"):
        assert desk.get(f"{scene.post}/new?suggest=1&{asked}").by_id("suggestion") is None


def test_one_press_of_save_hands_over_to_the_responsible_clinician(
    desk: Desk, scene: Scene, session: Session
) -> None:
    begin_write(session)
    session.execute(text("UPDATE case_manager SET for_clinician_id = :who"), {"who": scene.tomas.id})
    session.commit()
    judged(session, scene.milo)
    page = desk.get("/coverage")
    assert "hand_over" in codes(page)
    banner = next(e for e in desk.whole(scene.tab).elements if e.attributes.get("data-code") == "hand_over")
    address = button(page, "hand_over")
    assert address in [e.attributes.get("href") for e in banner.all()]
    assert "Hand over from Mon 23 Nov" in banner.text

    desk.send(scene.of(scene.present, verb="edit"), desk.whole(address).values("case-manager-form"))

    assert "hand_over" not in codes(desk.get("/coverage"))
    managed = session.execute(
        text(
            "SELECT clinician_id, for_clinician_id, start_date, end_date FROM case_manager "
            "WHERE start_date >= '2026-02-03' ORDER BY start_date"
        )
    ).all()
    assert [(row[0], row[1]) for row in managed] == [(scene.priya.id, scene.tomas.id), (scene.tomas.id, None)]
    assert [str(row[2]) for row in managed] == ["2026-02-03", "2026-11-23"]
    assert str(managed[0][3]) == "2026-11-22"


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("kind=no_case_manager", ["no_case_manager"]),
        ("severity=warning", ["secondary_not_enrolled"]),
        ("service_line=ABA", ["secondary_not_enrolled"]),
        ("payor={aetna}", ["no_case_manager"]),
        ("clinician={priya}", ["secondary_not_enrolled"]),
        ("kind=no_case_manager&service_line=ABA", []),
    ],
)
def test_filters_leave_what_they_ask_for_and_stay_chosen(
    desk: Desk, scene: Scene, asked: str, found: list[str]
) -> None:
    asked = asked.format(aetna=scene.aetna.key, priya=scene.priya.key)
    assert codes(desk.get(f"/coverage?{asked}")) == found
    name, value = asked.split("&")[0].split("=")
    assert desk.whole(f"/coverage?{asked}").values("coverage-filters")[name] == value


def test_where_nothing_is_left_the_list_says_so(desk: Desk, session: Session) -> None:
    assert "Nothing to mend" in " ".join(e.text for e in desk.get("/coverage").elements if e.tag == "h3")


@pytest.mark.parametrize("asked", NASTY)
def test_what_an_address_asks_by_hand_gets_a_sentence_and_the_list(
    desk: Desk, scene: Scene, asked: str
) -> None:
    page = desk.get(f"/coverage?{asked}", 422)
    assert problems(page).count(".") >= 1
    assert "Traceback" not in problems(page)
    for name in ("csv", "ics"):
        answer = desk.client.get(f"/coverage.{name}?{asked}")
        assert (answer.status_code, answer.mimetype) == (422, "text/plain")


def test_an_unknown_filter_keeps_the_others(desk: Desk, scene: Scene) -> None:
    page = desk.get("/coverage?kind=no_case_manager&payor=NOPE", 422)
    assert codes(page) == ["no_case_manager"]
    assert problems(page) == "The practice has no payor “NOPE”. Choose one of the list."
    assert desk.whole("/coverage?kind=no_case_manager&payor=NOPE").values("coverage-filters") == {
        "kind": "no_case_manager",
        "severity": "",
        "service_line": "",
        "payor": "NOPE",
        "clinician": "",
        "on": "",
    }


def test_another_day_is_asked_by_its_date(desk: Desk, scene: Scene) -> None:
    page = desk.get("/coverage?on=2026-11-25")
    heading = page.by_id("coverage-heading")
    assert heading is not None
    assert heading.text == "As of Wed 25 Nov"
    assert rows(page)[0].text.startswith("no day yet Harper, Milo")
    links = {e.text: e.attributes.get("href", "") for e in page.elements if e.tag == "a"}
    assert links["Download CSV"] == "/coverage.csv?on=2026-11-25"
    assert links["Today"] == "/coverage"
    assert codes(desk.get("/coverage?on=2026-11-22")) == codes(desk.get("/coverage"))


def test_another_day_of_a_large_practice_is_left_to_the_command(
    desk: Desk, scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(coverage_on, "MOST_CLIENTS", 0)
    page = desk.get("/coverage?on=2026-11-25", 422)
    assert problems(page).endswith("ask the command, caseapp check --on 2026-11-25.")
    assert desk.client.get("/coverage.csv?on=2026-11-25").status_code == 422


def test_pages_go_on_where_the_last_ended(
    desk: Desk, scene: Scene, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    more = [builders.a_client(session, ["OT"], last_name=f"N{n:02}") for n in range(60)]
    judged(session, *more)

    def link(page: Page, rel: str) -> str:
        found = [e.attributes["href"] for e in page.elements if e.attributes.get("rel") == rel]
        return found[0] if found else ""

    first = desk.get("/coverage")
    assert (len(rows(first)), link(first, "prev")) == (50, "")
    second = desk.get(link(first, "next"))
    # Sixty-two without a primary payor or a case manager, and the warning.
    assert len(rows(second)) == 50
    assert [row.text for row in rows(desk.get(link(second, "prev")))] == [row.text for row in rows(first)]
    third = desk.get(link(second, "next"))
    assert (len(rows(third)), link(third, "next")) == (22, "")
    for address in (link(first, "next"), link(third, "prev")):
        assert "N0" not in address


def test_findings_that_could_not_be_judged_are_told(
    desk: Desk, scene: Scene, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    begin_write(session)
    session.execute(update(CoverageTurn).values(next_turn=date(2026, 11, 22)))
    session.commit()
    monkeypatch.setattr(coverage_counts, "refresh_due", lambda *_, **__: 0)
    assert "Load the page again" in problems(desk.get("/coverage"))
    assert desk.client.get("/coverage.csv").status_code == 422


def test_a_fragment_of_the_list_is_the_results_alone(client: FlaskClient, scene: Scene) -> None:
    fragment = client.get("/coverage", headers=HTMX).text
    assert fragment.lstrip().startswith('<section class="stack" id="coverage-results"')
    assert fragment.strip() in client.get("/coverage").text.replace("\r", "")
