"""Who could follow, from when, and why nobody could."""

from dataclasses import replace

from caseapp.domain.client import ClientFacts
from caseapp.domain.clinician import Clinician
from caseapp.domain.enrollment import Enrollment
from caseapp.domain.hand_over_entry import HandOver
from caseapp.domain.hand_over_prospects import Prospects, prospects
from tests.domain.examples import JO, MEI, PRACTICE, a_line, at, d, lea, managed

HAND_OVER = HandOver(clinician=MEI, first=d("2026-12-01"))
START = d("2026-12-01")
OPEN = managed(MEI)
NOT_ENROLLED = replace(JO, number="ann", enrollments=())
LATER = replace(
    JO, number="bea", first_name="Bea", enrollments=(Enrollment("AET", "approved", d("2026-12-15")),)
)


def found(
    *clinicians: Clinician,
    facts: ClientFacts | None = None,
    hand_over: HandOver = HAND_OVER,
) -> Prospects:
    return prospects(
        hand_over,
        OPEN,
        facts or lea(case_managers=(OPEN,)),
        START,
        [MEI, *clinicians],
        {},
        now=at("2026-11-22T12:00"),
        practice=PRACTICE,
    )


def test_who_could_be_saved_is_offered_and_the_day_itself_is_the_earliest() -> None:
    told = found(JO, NOT_ENROLLED)

    assert [c.clinician.number for c in told.candidates] == ["jo"]
    assert (told.earliest, told.then, told.why) == (START, JO, "")
    assert told.not_now == ((NOT_ENROLLED, "not enrolled with Aetna"),)


def test_where_nobody_could_the_first_day_on_which_somebody_can_is_told() -> None:
    told = found(LATER, NOT_ENROLLED)

    assert told.candidates == ()
    assert (told.earliest, told.then) == (d("2026-12-15"), LATER)
    assert told.why == "2 others practise ST: two are not enrolled with Aetna."


def test_somebody_who_begins_later_is_the_earliest() -> None:
    new = replace(JO, active_from=d("2027-01-04"))
    told = found(new)

    assert (told.earliest, told.then) == (d("2027-01-04"), new)
    assert told.why == "1 other practises ST: one is active only from 4 Jan 2027."


def test_no_day_after_the_end_of_the_absence_or_the_year_ahead_is_looked_at() -> None:
    far = replace(JO, active_from=d("2028-01-04"))
    away = HandOver(clinician=MEI, first=START, back_on=d("2026-12-10"), leaving=False)

    assert found(far).earliest is None
    assert found(LATER, hand_over=away).earliest is None


def test_every_reason_is_counted_in_words() -> None:
    told = found(
        NOT_ENROLLED,
        replace(NOT_ENROLLED, number="b"),
        replace(JO, number="c", active_to=d("2026-12-09")),
        replace(JO, number="d", npi=None),
        replace(JO, number="e", npi="1234567890"),
        replace(JO, number="f", may_be_case_manager=False),
        replace(JO, number="g", active_to=d("2026-11-24")),
    )

    assert told.why == (
        "7 others practise ST: two are not enrolled with Aetna, one leaves on Wed 9 Dec, "
        "two have no valid NPI, one may not take clinical responsibility, one left on 24 Nov 2026."
    )
    assert told.earliest is None


def test_of_several_who_leave_the_verb_is_right_and_large_numbers_are_figures() -> None:
    leaving = [replace(JO, number=str(n), active_to=d("2026-12-09")) for n in range(2)]
    many = [replace(JO, number=str(n), npi=None) for n in range(11)]

    assert found(*leaving).why == "2 others practise ST: two leave on Wed 9 Dec."
    assert found(*many).why == "11 others practise ST: 11 have no valid NPI."


def test_nobody_else_is_said() -> None:
    assert found().why == "Nobody else practises ST."


def test_what_hinders_anybody_is_told_before_any_person() -> None:
    facts = lea(service_lines=(a_line(end=d("2026-11-25")), a_line(d("2027-02-01"))), case_managers=(OPEN,))

    told = found(LATER, facts=facts)

    assert told.candidates == ()
    assert told.why.startswith("On Tue 1 Dec Lea receives ST only from Mon 1 Feb")
    assert (told.earliest, told.then) == (d("2027-02-01"), LATER)
