"""The sample practice, brought in and checked: gaps that were worked out by hand from its files."""

import json
from collections import defaultdict
from pathlib import Path

import pytest
from click.testing import CliRunner

from caseapp.cli import main

SAMPLE = Path(__file__).parent.parent / "data" / "practice-synthea"

# Line, code, mend by, sessions at risk from 23 Nov through 7 Dec 2026; each found by reading the rows of the
# client's lines, funding sources, case managers, their enrollments and the coming appointments.
BY_HAND = {
    "C-10001": [],  # self pay asks for no enrollment
    "C-10002": [["OT", "no_case_manager", "2026-11-22", 4]],  # 23, 30 Nov, 1, 7 Dec; ABA is enrolled
    "C-10007": [
        ["MH", "no_case_manager", "2026-11-30", 1],  # 1 Dec; the other one is cancelled
        ["ST", "not_enrolled", "2026-12-07", 1],  # the line opens on 3 Dec
        ["ABA", "no_case_manager", None, 0],  # open, and no session in sight
    ],
    "C-10010": [["ABA", "no_case_manager", "2026-11-22", 6]],
    "C-10019": [["OT", "not_enrolled", None, 0]],  # the next session is on the fifteenth day
    "C-10023": [["MH", "not_enrolled", "2026-11-25", 4]],  # a school district that requires it
    "C-10028": [["PT", "not_enrolled", "2026-12-02", 1]],  # two of three sessions are cancelled
    "C-10092": [["MH", "enrollment_ends", "2026-12-04", 0]],
    "C-10100": [["ST", "not_enrolled", "2026-11-23", 2]],
    "C-10107": [["MH", "not_enrolled", "2026-12-07", 1]],  # the line opens on 3 Dec
}


@pytest.fixture
def practice(tmp_path: Path) -> Path:
    imported = CliRunner().invoke(main, ["import", str(SAMPLE), "--data", str(tmp_path)])
    assert imported.exit_code == 0
    assert "1,695 added" in imported.output
    return tmp_path


def test_the_gaps_of_ten_clients_are_those_worked_out_by_hand(practice: Path) -> None:
    checked = CliRunner().invoke(
        main, ["check", "--on", "2026-11-23", "--format", "json", "--data", str(practice)]
    )

    assert checked.exit_code == 1
    told: dict[str, list[list[object]]] = defaultdict(list)
    for gap in json.loads(checked.stdout):
        told[gap["client_number"]].append(
            [gap[key] for key in ("service_line", "code", "mend_by", "at_risk")]
        )
    assert {number: told[number] for number in BY_HAND} == BY_HAND
