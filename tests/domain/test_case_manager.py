"""Every worked case of saving, judged by the pure function."""

import pytest

from caseapp.domain.case_manager import Chosen, Judgement, judge
from caseapp.domain.case_manager_entry import CaseManagerEntry, read_entry
from tests.rule_cases import KNOWN_LINES, Case, save_cases


def judged(case: Case) -> Judgement:
    save = case.raw["save"]
    entry = CaseManagerEntry(
        service_line=save["service_line"],
        clinician=save["clinician"],
        start_date=save["start_date"],
        end_date=save["end_date"] or "",
        leave_uncovered=save.get("leave_uncovered", False),
        reason=save.get("reason", ""),
    )
    stored = next((cm for cm in case.facts.case_managers if cm.id == save.get("id")), None)
    chosen = Chosen(known_lines=KNOWN_LINES, clinician=case.clinicians.get(entry.clinician))
    return judge(
        entry,
        read_entry(entry),
        case.facts,
        chosen,
        now=case.instant(case.raw["now"]),
        practice=case.practice,
        stored=stored,
    )


@pytest.mark.parametrize("case", save_cases(), ids=lambda case: case.name)
def test_a_worked_case_of_saving_is_judged_as_written(case: Case) -> None:
    judgement = judged(case)
    assert sorted([f.field, f.code] for f in judgement.errors) == sorted(case.expect["errors"])
    assert sorted([f.field, f.code] for f in judgement.warnings) == sorted(case.expect["warnings"])


def test_there_are_ninety_five_worked_cases() -> None:
    assert len(save_cases()) == 95
