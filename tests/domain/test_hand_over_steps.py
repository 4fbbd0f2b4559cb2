"""What becomes of a case manager by one line of a hand-over: no day gains a gap or an overlap."""

from dataclasses import replace

from caseapp.domain.client import CaseManager
from caseapp.domain.hand_over_entry import HandOver
from caseapp.domain.hand_over_steps import ends_on, facts_after, newly_a_client, starts_on, steps_of
from tests.domain.examples import JO, MEI, a_source, at, d, lea, managed

LEAVING = HandOver(clinician=MEI, first=d("2026-12-01"))
ABSENT = HandOver(clinician=MEI, first=d("2026-12-01"), back_on=d("2027-03-01"), leaving=False)
OPEN = managed(MEI)
NOW = at("2026-11-22T12:00")


def days(cm: CaseManager = OPEN, hand_over: HandOver = LEAVING) -> list[tuple[str, str, str | None, bool]]:
    """Who, from, to, and whether a stored one is changed by it."""
    return [
        (
            step.after.clinician.number,
            step.after.start.isoformat(),
            step.after.end.isoformat() if step.after.end else None,
            step.stored is not None,
        )
        for step in steps_of(hand_over, cm, JO, starts_on(hand_over, cm))
    ]


def test_the_old_one_ends_the_day_before_and_the_successor_goes_on() -> None:
    assert days() == [("mei", "2020-01-01", "2026-11-30", True), ("jo", "2026-12-01", None, False)]


def test_the_successor_ends_when_the_old_one_would_have() -> None:
    assert days(managed(MEI, end="2027-06-30"))[1] == ("jo", "2026-12-01", "2027-06-30", False)


def test_one_that_begins_later_passes_as_a_whole() -> None:
    later = managed(MEI, "2027-01-10", "2027-06-30")

    assert days(later) == [("jo", "2027-01-10", "2027-06-30", True)]


def test_after_an_absence_the_first_one_follows_again() -> None:
    assert days(hand_over=ABSENT) == [
        ("mei", "2020-01-01", "2026-11-30", True),
        ("jo", "2026-12-01", "2027-02-28", False),
        ("mei", "2027-03-01", None, False),
    ]


def test_one_that_begins_in_the_absence_and_outlasts_it_is_parted() -> None:
    assert days(managed(MEI, "2027-01-10"), hand_over=ABSENT) == [
        ("jo", "2027-01-10", "2027-02-28", True),
        ("mei", "2027-03-01", None, False),
    ]


def test_one_that_ends_within_the_absence_comes_not_back() -> None:
    assert days(managed(MEI, end="2027-02-28"), hand_over=ABSENT) == [
        ("mei", "2020-01-01", "2026-11-30", True),
        ("jo", "2026-12-01", "2027-02-28", False),
    ]


def test_for_whom_somebody_stands_in_stays_unless_they_take_over_themselves() -> None:
    ana = replace(JO, number="ana")
    interim = managed(MEI, for_clinician=ana)

    assert steps_of(LEAVING, interim, JO, d("2026-12-01"))[1].after.for_clinician == ana
    assert steps_of(LEAVING, interim, ana, d("2026-12-01"))[1].after.for_clinician is None


def test_sessions_left_uncovered_stay_with_the_one_who_left_them() -> None:
    left = managed(MEI, uncovered_left_at=NOW)
    ended, added = steps_of(LEAVING, left, JO, d("2026-12-01"))

    assert ended.after.uncovered_left_at == NOW
    assert added.after.uncovered_left_at is None


def test_the_return_keeps_its_end() -> None:
    assert days(managed(MEI, end="2027-12-31"), hand_over=ABSENT)[2] == (
        "mei",
        "2027-03-01",
        "2027-12-31",
        False,
    )


def test_a_discharged_client_makes_no_caseload_larger() -> None:
    day = LEAVING.first

    assert newly_a_client(lea(), "jo", day)
    assert not newly_a_client(lea(status="discharged"), "jo", day)
    assert not newly_a_client(lea(case_managers=(managed(JO),)), "jo", day)


def test_the_facts_after_hold_the_steps_in_order() -> None:
    facts = lea(case_managers=(OPEN,), funding_sources=(a_source(),))
    after = facts_after(facts, steps_of(ABSENT, OPEN, JO, ABSENT.first))

    assert [cm.clinician.number for cm in after.case_managers] == ["mei", "jo", "mei"]
    assert ends_on(ABSENT, OPEN) == d("2027-02-28")
