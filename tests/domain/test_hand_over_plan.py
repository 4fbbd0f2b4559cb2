"""The plan: one successor proposed for each line, and who is given some counts for the next."""

from dataclasses import replace
from typing import Any

from caseapp.domain.client import ClientFacts
from caseapp.domain.clinician import Clinician
from caseapp.domain.hand_over import LineEntry
from caseapp.domain.hand_over_entry import HandOver
from caseapp.domain.hand_over_plan import Given, Line, PlannedLine, make_plan
from tests.domain.examples import JO, MEI, PRACTICE, at, d, lea, managed

HAND_OVER = HandOver(clinician=MEI, first=d("2026-12-01"))
KIM = replace(JO, number="kim", first_name="Kim", last_name="Zed", npi="1999999984")
OPEN = managed(MEI)


def a_line(number: str, typed: LineEntry | None = None, **more: Any) -> Line:
    cm = replace(OPEN, id=number)
    facts: ClientFacts = replace(lea(case_managers=(cm,), **more), number=number)
    return Line(cm, facts, 1, typed)


def planned(
    *lines: Line, staff: tuple[Clinician, ...] = (MEI, JO, KIM), ask: str | None = "", **caseloads: int
) -> tuple[list[PlannedLine], Given]:
    return make_plan(
        HAND_OVER,
        lines,
        {c.number: c for c in staff},
        caseloads,
        now=at("2026-11-22T12:00"),
        practice=PRACTICE,
        ask=ask,
    )


def test_what_the_plan_gives_counts_for_the_next_line() -> None:
    lines, given = planned(*(a_line(f"C{n}") for n in range(4)), jo=0, kim=1)

    assert [line.entry.successor for line in lines] == ["jo", "jo", "kim", "jo"]
    assert given.totals() == {"jo": (0, 3), "kim": (1, 1)}


def test_what_was_typed_stands_and_counts_for_every_line() -> None:
    typed = LineEntry(case_manager="C9", version=1, successor="jo", start_date="2026-12-03")
    lines, _ = planned(a_line("C1"), a_line("C9", typed), jo=0, kim=0)

    assert lines[0].entry.successor == "kim"
    assert lines[1].entry == typed
    assert not lines[1].proposed
    assert lines[1].judgement.steps[0].after.end == d("2026-12-02")


def test_two_lines_of_one_client_count_once() -> None:
    given = Given({"jo": 3})
    first, second = a_line("C1"), a_line("C2")
    given.give("jo", first.facts, HAND_OVER.first)
    given.give("jo", first.facts, HAND_OVER.first)
    given.give("jo", replace(second.facts, status="on_hold"), HAND_OVER.first)

    assert given.totals() == {"jo": (3, 1)}
    assert given.besides(first.facts) == {"jo": 3}
    assert given.besides(second.facts) == {"jo": 4}


def test_where_nobody_could_follow_nobody_is_proposed_and_nothing_is_wrong_yet() -> None:
    lines, _ = planned(a_line("C1"), staff=(MEI,))

    assert lines[0].entry.successor == ""
    assert lines[0].judgement.errors == ()


def test_a_day_that_cannot_be_is_not_asked_for() -> None:
    typed = LineEntry(case_manager="C1", version=1, successor="jo", start_date="never")
    lines, _ = planned(a_line("C1", typed))

    assert lines[0].prospects is not None
    assert lines[0].prospects.earliest == HAND_OVER.first
    assert [f.code for f in lines[0].judgement.errors] == ["invalid_date"]


def test_successors_are_looked_for_only_where_that_is_asked() -> None:
    typed = LineEntry(case_manager="C1", version=1, successor="jo", start_date="2026-12-01")
    both = (a_line("C1", typed), a_line("C2", replace(typed, leave_out=True, reason="why")))

    none, given = planned(*both, ask=None)
    one, _ = planned(*both, ask="C2")

    assert [line.prospects for line in none] == [None, None]
    assert given.totals() == {"jo": (0, 1)}
    assert [line.prospects is None for line in one] == [True, False]
