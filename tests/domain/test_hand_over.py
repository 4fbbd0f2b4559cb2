"""One line of a hand-over: each save in it is judged by the rules of saving."""

from dataclasses import replace
from typing import Any

import pytest

from caseapp.domain.client import CaseManager, ClientFacts
from caseapp.domain.clinician import Clinician
from caseapp.domain.enrollment import Enrollment
from caseapp.domain.hand_over import (
    LineEntry,
    LineJudgement,
    errors_of_the_days,
    judge_line,
    leaves_too,
)
from caseapp.domain.hand_over_entry import HandOver
from caseapp.domain.hand_over_steps import starts_on
from tests.domain.examples import JO, MEI, PRACTICE, TODAY, a_line, at, d, lea, managed

LEAVING = HandOver(clinician=MEI, first=d("2026-12-01"))
ABSENT = HandOver(clinician=MEI, first=d("2026-12-01"), back_on=d("2027-03-01"), leaving=False)
OPEN = managed(MEI)
NOW = at("2026-11-22T12:00")


def judged(
    cm: CaseManager = OPEN,
    who: Clinician | None = JO,
    /,
    hand_over: HandOver = LEAVING,
    facts: ClientFacts | None = None,
    others: int = 0,
    **typed: Any,
) -> LineJudgement:
    values: dict[str, Any] = {
        "successor": who.number if who else "nobody",
        "start_date": starts_on(hand_over, cm).isoformat(),
    }
    entry = LineEntry(case_manager=cm.id, version=1, **values | typed)
    facts = facts or lea(case_managers=(cm,))
    return judge_line(hand_over, cm, facts, entry, who, others=others, now=NOW, practice=PRACTICE)


def told(judgement: LineJudgement) -> list[tuple[str | None, str]]:
    assert judgement.steps == ()
    return [(finding.field, finding.code) for finding in judgement.errors]


def days(judgement: LineJudgement) -> list[tuple[str, str, str | None, bool]]:
    """Who, from, to, and whether a stored one is changed by it."""
    assert judgement.errors == ()
    return [
        (
            step.after.clinician.number,
            step.after.start.isoformat(),
            step.after.end.isoformat() if step.after.end else None,
            step.stored is not None,
        )
        for step in judgement.steps
    ]


def test_a_later_day_keeps_the_old_one_until_then_and_says_what_it_means() -> None:
    judgement = judged(start_date="2026-12-10")

    assert days(judgement)[0] == ("mei", "2020-01-01", "2026-12-09", True)
    assert "stays_on_record" in [finding.code for finding in judgement.warnings]
    assert judged(hand_over=ABSENT, start_date="2026-12-10").warnings == ()


def test_a_line_that_is_left_out_needs_a_reason_and_nothing_else() -> None:
    assert told(judged(OPEN, None, leave_out=True)) == [("reason", "required")]
    assert judged(OPEN, None, leave_out=True, reason="discharge is near") == LineJudgement()


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ({"successor": ""}, ("successor", "required")),
        ({"start_date": ""}, ("start_date", "required")),
        ({"start_date": "soon"}, ("start_date", "invalid_date")),
        ({"start_date": "2019-12-31"}, ("start_date", "change_too_early")),
        ({"start_date": "2026-11-21"}, ("start_date", "start_past")),
    ],
)
def test_what_is_missing_or_impossible_is_told_beside_its_field(typed: Any, expected: Any) -> None:
    assert told(judged(**typed)) == [expected]


def test_an_unknown_successor_is_told() -> None:
    assert told(judged(OPEN, None)) == [("successor", "unknown_choice")]


def test_a_hand_over_to_oneself_is_told() -> None:
    assert told(judged(OPEN, MEI)) == [("successor", "oneself")]


def test_a_day_after_the_end_or_after_the_return_is_told() -> None:
    ended = judged(managed(MEI, end="2027-01-31"), start_date="2027-02-01")
    back = judged(hand_over=ABSENT, start_date="2027-03-01")

    assert told(ended) == [("start_date", "change_too_late")]
    assert "ends on" in ended.errors[0].message
    assert told(back) == [("start_date", "change_too_late")]
    assert "is back on" in back.errors[0].message


def test_the_rules_of_saving_are_told_beside_the_line() -> None:
    not_enrolled = replace(JO, enrollments=())
    other = replace(JO, service_lines=frozenset({"PT"}))

    assert told(judged(OPEN, not_enrolled)) == [("successor", "not_enrolled")]
    assert told(judged(OPEN, other)) == [("successor", "wrong_discipline")]
    closed = lea(service_lines=(a_line(end=d("2026-11-25")),), case_managers=(OPEN,))
    assert told(judged(facts=closed)) == [("start_date", "service_line_not_open")]


def test_another_who_follows_already_stands_in_the_way_of_no_line() -> None:
    first = managed(MEI, end="2026-12-31")
    facts = lea(case_managers=(first, managed(JO, "2027-01-01", id="next")))

    assert days(judged(first, facts=facts))[1] == ("jo", "2026-12-01", "2026-12-31", False)


def test_the_return_is_judged_too() -> None:
    ends = replace(MEI, enrollments=(Enrollment("AET", "approved", d("2020-01-01"), d("2027-01-31")),))
    judgement = judged(managed(ends), hand_over=replace(ABSENT, clinician=ends))

    assert told(judgement) == [("start_date", "not_enrolled")]
    assert judgement.errors[0].message.startswith("When Mei Lindqvist is back on ")


def test_warnings_of_the_save_are_told() -> None:
    full = replace(JO, caseload_limit=3)

    assert [f.code for f in judged(OPEN, full, others=3).warnings] == ["caseload_full"]


def test_a_successor_who_leaves_soon_is_no_successor() -> None:
    start = d("2026-12-01")
    soon, late = (replace(JO, active_to=d(day)) for day in ("2027-01-29", "2027-01-30"))

    assert told(judged(OPEN, soon)) == [("successor", "successor_leaves")]
    assert leaves_too(late, start, None, TODAY) is None
    assert leaves_too(JO, start, None, TODAY) is None
    assert leaves_too(soon, start, d("2027-01-29"), TODAY) is None
    assert leaves_too(soon, start, d("2027-01-30"), TODAY) is not None
    assert leaves_too(replace(JO, active_to=d("2026-11-30")), start, None, TODAY) is None


def test_what_hinders_whoever_it_were_names_no_person() -> None:
    facts = lea(service_lines=(), case_managers=(OPEN,))

    found = errors_of_the_days(LEAVING, OPEN, facts, d("2026-12-01"), NOW, PRACTICE)

    assert [f.code for f in found] == ["service_line_not_open"]
    assert errors_of_the_days(LEAVING, OPEN, lea(case_managers=(OPEN,)), LEAVING.first, NOW, PRACTICE) == []
