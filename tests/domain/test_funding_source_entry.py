"""Reading and judging what is typed of a client's funding source."""

from datetime import date

import pytest

from caseapp.domain.funding_source_entry import (
    FundingEntry,
    FundingJudgement,
    FundingValues,
    end_current_words,
    judge_funding_source,
)

PAYORS = {"AET": "Aetna", "MCD": "Medicaid"}


def source(payor: str, start: str, end: str = "", priority: str = "primary") -> FundingValues:
    last = date.fromisoformat(end) if end else None
    return FundingValues(payor=payor, priority=priority, start=date.fromisoformat(start), end=last)


def judged(*others: FundingValues, **typed: str | bool) -> FundingJudgement:
    entry = {"payor": "MCD", "priority": "primary", "start_date": "2026-12-01"} | typed
    return judge_funding_source(FundingEntry(**entry), PAYORS, others)  # type: ignore[arg-type]  # texts by name


def test_payor_priority_and_start_are_enough() -> None:
    judgement = judged(member_id=" W12 ")

    assert judgement.errors == ()
    assert judgement.values is not None
    assert judgement.values.told == {
        "payor": "MCD",
        "priority": "primary",
        "start_date": "2026-12-01",
        "end_date": None,
        "member_id": "W12",
    }
    assert judgement.values.entry.member_id == "W12"


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        (
            {"payor": "", "priority": "", "start_date": ""},
            [("payor", "required"), ("priority", "required"), ("start_date", "required")],
        ),
        ({"payor": "X", "priority": "best"}, [("payor", "unknown_choice"), ("priority", "unknown_choice")]),
        ({"end_date": "2026-11-30"}, [("end_date", "end_before_start")]),
        ({"start_date": "2026-13-01"}, [("start_date", "invalid_date")]),
    ],
)
def test_all_that_is_wrong_is_told_at_once(typed: dict[str, str], told: list[tuple[str, str]]) -> None:
    assert [(f.field, f.code) for f in judged(**typed).errors] == told


def test_a_second_primary_is_told_at_the_start_with_who_stands_there() -> None:
    judgement = judged(source("AET", "2026-01-01", "2026-12-31"))

    (finding,) = judgement.errors
    assert (finding.field, finding.code) == ("start_date", "overlap")
    assert finding.message == (
        "Aetna is the primary payor from 1 Jan 2026 until 31 Dec 2026, and a day has one primary. "
        "End it by 30 Nov 2026, or choose another start date."
    )
    assert judgement.current_ends == date(2026, 11, 30)
    assert end_current_words("Aetna", date(2026, 11, 30)) == "End Aetna on Mon 30 Nov and start this one"


def test_the_present_primary_makes_room_where_that_is_said() -> None:
    present = source("AET", "2026-01-01")

    judgement = judged(present, end_current=True)

    assert judgement.errors == ()
    assert judgement.current == present


@pytest.mark.parametrize(
    ("other", "words"),
    [
        (source("AET", "2027-01-01"), "End this one by 31 Dec 2026."),
        (source("AET", "2026-12-01"), "Edit or remove that one, or choose another start date."),
    ],
)
def test_a_later_primary_cannot_make_room(other: FundingValues, words: str) -> None:
    judgement = judged(other, end_current=True)

    assert judgement.current is None
    assert judgement.errors[0].message.endswith(words)


def test_other_priorities_may_share_days() -> None:
    assert judged(source("AET", "2026-01-01"), priority="secondary").errors == ()
    assert judged(source("AET", "2026-01-01", priority="inactive")).errors == ()


def test_the_same_payor_and_priority_from_the_same_day_stands_already() -> None:
    judgement = judged(source("MCD", "2026-12-01", priority="secondary"), priority="secondary")

    assert [(f.field, f.code) for f in judgement.errors] == [("start_date", "taken")]


def test_a_row_of_the_intake_that_only_proposes_a_priority_is_empty() -> None:
    assert FundingEntry(priority="primary").empty
    assert not FundingEntry(member_id="W1").empty
