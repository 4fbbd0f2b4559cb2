"""Every worked case of coverage gaps, judged by the pure function."""

from datetime import date

import pytest

from caseapp.domain.coverage_gap import coverage_gaps
from tests.rule_cases import Case, gap_cases


@pytest.mark.parametrize("case", gap_cases(), ids=lambda case: case.name)
def test_a_worked_case_of_gaps_is_judged_as_written(case: Case) -> None:
    gaps = coverage_gaps(case.facts, date.fromisoformat(case.raw["on"]), case.practice)
    told = [
        [g.service_line, g.code, g.severity, g.mend_by.isoformat() if g.mend_by else None, g.at_risk]
        for g in gaps
    ]
    assert told == case.expect


def test_there_are_thirty_six_worked_cases() -> None:
    assert len(gap_cases()) == 36
