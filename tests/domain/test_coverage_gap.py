"""Where a gap stands: among those of one client, and among those of all."""

from dataclasses import replace
from datetime import date

from hypothesis import given

from caseapp.domain.client import ClientFacts
from caseapp.domain.coverage_gap import Gap
from caseapp.domain.coverage_judging import coverage_gaps
from tests.domain.examples import PRACTICE, d
from tests.domain.strategies import days, facts


def test_errors_come_first_then_the_nearer_then_the_greater_then_the_line() -> None:
    shown = sorted(
        [
            Gap("ST", "case_manager_ends", "warning", d("2026-11-23"), 0, ""),
            Gap("ST", "no_case_manager", "error", None, 0, ""),
            Gap("ST", "not_enrolled", "error", d("2026-11-25"), 1, ""),
            Gap("ST", "npi_missing", "error", d("2026-11-25"), 1, ""),
            Gap("OT", "not_enrolled", "error", d("2026-11-25"), 1, ""),
            Gap("ST", "no_primary_payor", "error", d("2026-11-25"), 3, ""),
            Gap("PT", "no_case_manager", "error", d("2026-11-24"), 1, ""),
        ],
        key=lambda gap: gap.order,
    )
    assert [(gap.service_line, gap.code) for gap in shown] == [
        ("PT", "no_case_manager"),
        ("ST", "no_primary_payor"),
        ("OT", "not_enrolled"),
        ("ST", "npi_missing"),
        ("ST", "not_enrolled"),
        ("ST", "no_case_manager"),
        ("ST", "case_manager_ends"),
    ]


@given(facts(), days(200))
def test_the_place_sorts_as_the_order_does(client: ClientFacts, on: date) -> None:
    gaps = coverage_gaps(client, on, PRACTICE)
    assert sorted(gaps, key=lambda gap: gap.place("C-1")) == gaps


def test_the_place_sorts_clients_by_number_before_lines() -> None:
    a, z = (Gap(line, "no_case_manager", "error", None, 0, "") for line in ("A", "Z"))
    assert z.place("C-1") < a.place("C-10") < a.place("C-2")
    first = Gap("A", "no_case_manager", "error", d("2026-12-01"), 3, "")
    assert first.place("C-2") < replace(first, at_risk=2).place("C-1") < a.place("C-1")
