from caseapp.domain.client import ClientFacts
from tests.domain.examples import JO, MEI, a_line, d, lea, managed


def test_the_case_manager_of_a_day_is_the_lines_own() -> None:
    mei, jo = managed(MEI, end="2026-11-22"), managed(JO, "2026-11-23")
    other = managed(MEI, id="aba", service_line="ABA")
    client = lea(case_managers=(other, mei, jo))
    assert client.case_manager_on("ST", d("2026-11-22")) == mei
    assert client.case_manager_on("ST", d("2026-11-23")) == jo
    assert client.case_manager_on("OT", d("2026-11-23")) is None


def test_a_line_is_received_from_its_first_through_its_last_day() -> None:
    client = lea(service_lines=(a_line(d("2026-11-23"), d("2026-11-24")),))
    received = [client.receives("ST", d(f"2026-11-{day}")) for day in (22, 23, 24, 25)]
    assert received == [False, True, True, False]
    assert not client.receives("ABA", d("2026-11-23"))


def test_lines_that_are_open_without_a_case_manager_are_uncovered() -> None:
    client = lea(
        service_lines=(a_line(), a_line(service_line="ABA"), a_line(service_line="OT", end=d("2026-01-01"))),
        case_managers=(managed(),),
    )
    assert client.uncovered_lines(d("2026-11-22")) == {"ABA"}
    assert ClientFacts().uncovered_lines(d("2026-11-22")) == set()


def test_the_period_for_a_start_holds_it_or_opens_first_within_thirty_days() -> None:
    first, second = a_line(d("2026-01-01"), d("2026-01-31")), a_line(d("2026-03-01"), d("2026-03-31"))
    third = a_line(d("2026-03-20"))
    client = lea(service_lines=(third, second, first))
    assert client.period_for("ST", d("2026-01-31")) == first
    assert client.period_for("ST", d("2026-02-01")) == second
    assert client.period_for("ST", d("2026-03-20")) == third
    assert client.period_for("ST", d("2025-12-02")) == first
    assert client.period_for("ST", d("2025-12-01")) is None
    assert client.period_for("ABA", d("2026-01-31")) is None
