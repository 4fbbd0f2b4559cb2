"""Who must change after a change of primary payor."""

from datetime import date

from caseapp.domain.client import CaseManager, ClientFacts, ClientServiceLine
from caseapp.domain.client_payor_change import who_must_change
from caseapp.domain.clinician import Clinician
from caseapp.domain.enrollment import Enrollment
from caseapp.domain.payor import FundingSource, Payor

TODAY = date(2026, 11, 22)
OLD = Payor("AET", "Aetna", "insurance")
NEW = Payor("MCD", "Medicaid", "insurance")
PRIYA = Clinician(
    number="K-1",
    first_name="Priya",
    last_name="Natarajan",
    enrollments=(Enrollment("AET", "approved", date(2020, 1, 1)),),
)


def facts(new: Payor = NEW, starts: date = date(2026, 12, 1), **more: date | None) -> ClientFacts:
    return ClientFacts(
        service_lines=(
            ClientServiceLine(service_line="ABA", start=date(2026, 1, 1), end=more.get("line_ends")),
        ),
        funding_sources=(
            FundingSource(payor=OLD, priority="primary", start=date(2020, 1, 1), end=date(2026, 11, 30)),
            FundingSource(payor=new, priority="primary", start=starts),
        ),
        case_managers=(
            CaseManager(
                id="x", service_line="ABA", clinician=PRIYA, start=date(2026, 2, 3), end=more.get("ends")
            ),
        ),
    )


def test_who_is_not_enrolled_with_the_new_payor_on_its_first_day_must_change() -> None:
    (found,) = who_must_change(facts(), TODAY)

    assert (found.service_line, found.payor, found.day) == ("ABA", NEW, date(2026, 12, 1))
    assert found.message.startswith("Priya Natarajan is not enrolled with Medicaid on Tue 1 Dec")


def test_a_payor_that_does_not_ask_for_it_changes_nobody() -> None:
    assert list(who_must_change(facts(Payor("PP", "The family", "private_pay")), TODAY)) == []


def test_a_payor_change_in_the_past_counts_from_its_first_day_too() -> None:
    (found,) = who_must_change(facts(starts=date(2026, 11, 1)), TODAY)

    assert found.day == date(2026, 11, 1)


def test_who_ends_before_the_new_payor_need_not_change() -> None:
    assert list(who_must_change(facts(ends=date(2026, 11, 30)), TODAY)) == []
    assert list(who_must_change(facts(line_ends=date(2026, 11, 30)), TODAY)) == []
