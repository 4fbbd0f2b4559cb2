"""The timeline as places in a picture."""

from datetime import date

from caseapp.domain.client import CaseManager, ClientFacts, ClientServiceLine
from caseapp.domain.clinician import Clinician
from caseapp.domain.timeline import timeline
from caseapp.web.timeline_picture import LEFT, WIDTH, Picture, picture

TODAY = date(2026, 11, 22)
MEI = Clinician(number="mei", first_name="Mei", last_name="Lindqvist")


def drawn(*case_managers: CaseManager, since: date = date(2025, 12, 1)) -> Picture:
    facts = ClientFacts(
        service_lines=(ClientServiceLine(service_line="ST", start=since),), case_managers=case_managers
    )
    made = picture(timeline(facts, TODAY), TODAY)
    assert made is not None
    return made


def case_manager(start: date, end: date | None = None) -> CaseManager:
    return CaseManager(id=f"cm{start}", service_line="ST", clinician=MEI, start=start, end=end)


def test_nothing_is_drawn_of_a_client_without_lines() -> None:
    assert picture(timeline(ClientFacts(), TODAY), TODAY) is None


def test_bars_follow_each_other_within_the_picture() -> None:
    made = drawn(case_manager(date(2025, 12, 1), date(2026, 5, 31)), case_manager(date(2026, 7, 1)))

    assert [bar.kind for bar in made.bars] == ["past", "gap", "present"]
    assert made.bars[0].x == LEFT
    for before, after in zip(made.bars, made.bars[1:], strict=False):
        assert abs(before.x + before.width - after.x) < 0.3
    assert made.bars[-1].x + made.bars[-1].width <= WIDTH - 9


def test_what_begins_later_is_drawn_as_future() -> None:
    made = drawn(case_manager(date(2026, 12, 1)))
    assert [bar.kind for bar in made.bars] == ["gap", "future"]


def test_a_label_that_today_would_cross_stands_behind_it() -> None:
    made = drawn(case_manager(date(2025, 12, 1), date(2026, 11, 10)))
    gap = made.bars[-1]
    assert gap.kind == "gap"
    assert gap.x < made.today < gap.label_x


def test_a_bar_too_short_for_its_label_has_none_and_is_still_told() -> None:
    made = drawn(case_manager(date(2026, 3, 1), date(2026, 3, 3)), since=date(2026, 3, 1))
    assert made.bars[0].label == ""
    assert made.bars[0].told == "Mei Lindqvist from 1 Mar 2026 to 3 Mar 2026"
    assert made.told[0][1][0] == made.bars[0].told


def test_a_year_stands_at_the_first_mark_and_where_it_changes() -> None:
    assert [tick.label for tick in drawn().ticks] == [
        "Dec 2025",
        "Feb 2026",
        "Apr",
        "Jun",
        "Aug",
        "Oct",
        "Dec",
        "Feb 2027",
    ]
