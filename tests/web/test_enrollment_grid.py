"""Who is enrolled with whom: the grid, its filters and pages, and what hangs on one person."""

from datetime import date

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from caseapp.usecases.enrollment_grid import enrollment_grid
from caseapp.usecases.enrollment_grid_facts import Question
from tests import builders
from tests.builders import Row
from tests.client_lists import TODAY
from tests.statements import counted
from tests.web.desk import Desk, Scene
from tests.web.page import Page

GRID = "/payors/enrollments"


def cells(page: Page) -> list[list[str]]:
    """The texts of the grid's rows: the clinician, then a cell for each payor."""
    found = page.by_id("enrollment-grid")
    assert found is not None
    rows = [e for e in found.all() if e.tag == "tr"][1:]
    return [[e.text for e in row.children if e.tag in ("th", "td")] for row in rows]


def columns(page: Page) -> list[str]:
    found = page.by_id("enrollment-grid")
    assert found is not None
    return [e.text for e in found.all() if e.tag == "th" and e.attributes.get("scope") == "col"][1:]


def single(page: Page) -> list[str]:
    found = page.by_id("single-points")
    return [e.text for e in found.children] if found else []


def link(page: Page, words: str) -> str:
    return next(e.attributes["href"] for e in page.elements if e.tag == "a" and e.text == words)


def cell_link(page: Page, clinician: str, payor: str) -> str:
    """Where the cell of a clinician (the beginning of the name) and a payor leads."""
    found = page.by_id("enrollment-grid")
    assert found is not None
    row = next(e for e in found.all() if e.tag == "tr" and e.text.startswith(clinician))
    (link,) = next(e for e in row.all() if e.attributes.get("data-label") == payor).children
    return link.attributes["href"]


def test_each_cell_says_how_it_stands_today_and_leads_to_its_form(desk: Desk, scene: Scene) -> None:
    applied = builders.an_enrollment(
        desk.session,
        scene.ana,
        scene.aetna,
        status="in_process",
        start_date=None,
        applied_on=date(2026, 9, 3),
    )
    builders.an_enrollment(
        desk.session, scene.mei, scene.medicaid, start_date=date(2026, 1, 1), end_date=date(2027, 1, 31)
    )
    builders.an_enrollment(desk.session, scene.tomas, scene.medicaid, status="denied", start_date=None)

    page = desk.get(GRID)

    assert columns(page) == ["Aetna", "Medicaid"]
    assert cells(page) == [
        ["Beltrán, Ana CF-SLP · ST", "applied on 3 Sep", "–"],
        ["Lindqvist, Mei CCC-SLP · ST", "enrolled", "until 31 Jan"],
        ["Natarajan, Priya BCBA · ABA", "enrolled", "–"],
        ["Vidal, Tomás BCBA · ABA", "enrolled", "denied"],
    ]
    of_ana = f"/clinicians/{scene.ana.public_id}/enrollments"
    assert cell_link(page, "Beltrán, Ana", "Aetna") == f"{of_ana}/{applied.public_id}/edit"
    assert cell_link(page, "Beltrán, Ana", "Medicaid") == f"{of_ana}/new?payor={scene.medicaid.key}"
    desk.get(cell_link(page, "Beltrán, Ana", "Medicaid"))


def test_a_cell_leads_to_the_enrollment_that_holds_today(desk: Desk, scene: Scene) -> None:
    coming = builders.an_enrollment(
        desk.session, scene.mei, scene.aetna, status="in_process", start_date=date(2027, 1, 1)
    )

    address = cell_link(desk.get(GRID), "Lindqvist, Mei", "Aetna")

    assert coming.public_id not in address


def test_payors_that_require_no_enrollment_have_no_column(desk: Desk, scene: Scene) -> None:
    for kind, requires in (
        ("private_pay", True),
        ("regional_center", False),
        ("school_district", True),
    ):
        builders.a_payor(desk.session, name=kind, type=kind, requires_enrollment=requires)

    assert columns(desk.get(GRID)) == ["Aetna", "Medicaid", "school_district"]


def test_what_hangs_on_one_person_or_on_nobody_is_said(desk: Desk, scene: Scene) -> None:
    assistant = builders.a_clinician(desk.session, ["ST"], [scene.aetna], may_be_case_manager=False)
    gone = builders.a_clinician(desk.session, ["ST"], [scene.aetna], active_to=date(2026, 11, 21))
    ended = builders.a_clinician(desk.session, ["ST"], first_name="Ended")
    builders.an_enrollment(desk.session, ended, scene.aetna, end_date=date(2026, 11, 21))
    denied = builders.a_clinician(desk.session, ["ST"], first_name="Denied")
    builders.an_enrollment(desk.session, denied, scene.aetna, status="denied")
    coming = builders.a_clinician(desk.session, ["ST"], first_name="Coming")
    builders.an_enrollment(desk.session, coming, scene.aetna, start_date=date(2026, 11, 23))
    twice = scene.mei
    builders.an_enrollment(desk.session, twice, scene.aetna, start_date=date(2026, 3, 1))
    assert assistant != gone

    assert single(desk.get(GRID)) == [
        "Aetna · ST: only Mei Lindqvist",
        "Medicaid · ABA, ST: nobody",
    ]


def test_two_enrolled_clinicians_are_enough(desk: Desk, scene: Scene) -> None:
    builders.an_enrollment(desk.session, scene.ana, scene.aetna)

    assert "Aetna · ST" not in " ".join(single(desk.get(GRID)))


def test_the_filters_narrow_rows_columns_and_what_is_said(desk: Desk, scene: Scene) -> None:
    builders.a_clinician(
        desk.session, ["ST"], last_name="Gone", first_name="Ida", active_to=date(2026, 1, 1), credential=""
    )

    lines = desk.get(f"{GRID}?service_line=ST")
    payors = desk.get(f"{GRID}?payor={scene.medicaid.key}")
    everybody = desk.get(f"{GRID}?standing=all&service_line=ST")

    assert [row[0] for row in cells(lines)] == ["Beltrán, Ana CF-SLP · ST", "Lindqvist, Mei CCC-SLP · ST"]
    assert single(lines) == ["Aetna · ST: only Mei Lindqvist", "Medicaid · ST: nobody"]
    assert columns(payors) == ["Medicaid"]
    assert [row[0] for row in cells(everybody)][1] == "Gone, Ida ST · not active today"


def test_filters_that_find_nothing_say_so(desk: Desk, scene: Scene) -> None:
    assert "No clinician is found so." in str([e.text for e in desk.get(f"{GRID}?service_line=PT").elements])
    assert "No payor of this code requires enrollment." in str(
        [e.text for e in desk.get(f"{GRID}?payor=NONE").elements]
    )


def test_an_empty_practice_has_an_empty_grid(desk: Desk) -> None:
    assert "No payor requires enrollment." in str([e.text for e in desk.get(GRID).elements])


def test_pages_go_on_both_ways_and_keep_the_filters(
    desk: Desk, scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("caseapp.usecases.enrollment_grid.CLINICIANS", 1)
    monkeypatch.setattr("caseapp.usecases.enrollment_grid.PAYORS", 1)
    first = desk.get(f"{GRID}?service_line=ST")
    below = desk.get(link(first, "Next clinicians"))
    across = desk.get(link(below, "More payors"))
    back = desk.get(link(across, "First clinicians"))
    home = desk.get(link(back, "First payors"))

    seen = [(columns(page), [row[0].split(",")[0] for row in cells(page)]) for page in (first, below, across)]
    assert seen == [
        (["Aetna"], ["Beltrán"]),
        (["Aetna"], ["Lindqvist"]),
        (["Medicaid"], ["Lindqvist"]),
    ]
    assert (columns(back), columns(home)) == (["Medicaid"], ["Aetna"])
    assert "service_line=ST" in link(across, "First clinicians")
    assert "Lindqvist" not in link(first, "Next clinicians")


@pytest.mark.parametrize("places", ["after=nobody", f"after={'x' * 20}", f"column={'x' * 20}", "payor=%00"])
def test_a_place_that_is_none_is_the_first_page(desk: Desk, scene: Scene, places: str) -> None:
    assert len(cells(desk.get(f"{GRID}?{places}"))) == 4


def test_the_statements_do_not_grow_with_the_practice(session: Session, scene: Scene, engine: Engine) -> None:
    def ask() -> int:
        session.rollback()
        with counted(engine) as sent:
            enrollment_grid(session, Question(), TODAY)
        return len(sent)

    few = ask()
    payors: list[Row] = [builders.a_payor(session) for _ in range(3)]
    for _ in range(3):
        builders.a_clinician(session, ["ABA", "ST", "OT"], payors)

    assert ask() == few == 6
