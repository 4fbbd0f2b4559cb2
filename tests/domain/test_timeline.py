"""The timeline of a client: who covered which line, and where nobody did."""

from datetime import date

from caseapp.domain.client import CaseManager, ClientFacts, ClientServiceLine
from caseapp.domain.clinician import Clinician
from caseapp.domain.timeline import timeline

TODAY = date(2026, 11, 22)
MEI = Clinician(number="mei", first_name="Mei")


def case_manager(start: date, end: date | None = None, line: str = "ST") -> CaseManager:
    return CaseManager(id=f"{line}{start}", service_line=line, clinician=MEI, start=start, end=end)


def received(start: date, end: date | None = None, line: str = "ST") -> ClientServiceLine:
    return ClientServiceLine(service_line=line, start=start, end=end)


def test_days_that_nobody_covered_are_gaps_between_the_case_managers() -> None:
    facts = ClientFacts(
        service_lines=(received(date(2026, 1, 5)),),
        case_managers=(
            case_manager(date(2026, 2, 1), date(2026, 3, 31)),
            case_manager(date(2026, 4, 10), date(2026, 11, 30)),
        ),
    )
    spans = timeline(facts, TODAY).lines[0].spans
    assert [(s.start, s.end, s.case_manager is None) for s in spans] == [
        (date(2026, 1, 5), date(2026, 1, 31), True),
        (date(2026, 2, 1), date(2026, 3, 31), False),
        (date(2026, 4, 1), date(2026, 4, 9), True),
        (date(2026, 4, 10), date(2026, 11, 30), False),
        (date(2026, 12, 1), date(2027, 2, 28), True),
    ]


def test_between_two_episodes_there_is_no_gap() -> None:
    facts = ClientFacts(
        service_lines=(received(date(2026, 1, 5), date(2026, 3, 31)), received(date(2026, 10, 1))),
        case_managers=(
            case_manager(date(2026, 1, 5), date(2026, 3, 31)),
            case_manager(date(2026, 10, 1)),
        ),
    )
    assert all(span.case_manager for span in timeline(facts, TODAY).lines[0].spans)


def test_a_line_that_nobody_ever_covered_is_one_gap() -> None:
    facts = ClientFacts(service_lines=(received(date(2026, 11, 1)),))
    picture = timeline(facts, TODAY)
    assert [(s.start, s.end) for s in picture.lines[0].spans] == [(date(2026, 11, 1), date(2027, 2, 28))]
    assert picture.first == date(2026, 11, 1)


def test_what_ended_before_the_picture_is_left_out() -> None:
    facts = ClientFacts(
        service_lines=(received(date(2019, 1, 1), date(2019, 6, 30)), received(date(2020, 1, 1), line="OT")),
        case_managers=(case_manager(date(2019, 1, 1), date(2019, 6, 30)),),
    )
    assert [line.service_line for line in timeline(facts, TODAY).lines] == ["OT"]


def test_a_client_without_lines_has_an_empty_picture() -> None:
    assert timeline(ClientFacts(), TODAY).lines == ()


def test_the_months_marked_are_few_enough_to_read() -> None:
    short = timeline(ClientFacts(service_lines=(received(date(2026, 9, 1)),)), TODAY)
    year = timeline(ClientFacts(service_lines=(received(date(2026, 1, 1)),)), TODAY)
    long = timeline(ClientFacts(service_lines=(received(date(2024, 1, 1)),)), TODAY)
    assert all(len(t.months) <= 9 for t in (short, year, long))
    assert short.months[:2] == (date(2026, 9, 1), date(2026, 10, 1))
