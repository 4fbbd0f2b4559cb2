"""`caseapp check`: every worked case of coverage gaps, brought in as practice files, and what it prints."""

import csv
import io
import json
import sqlite3
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.exc import OperationalError

from caseapp.config import DATABASE_NAME
from caseapp.domain.actor import LOCAL_USER
from caseapp.domain.dates import first_instant, parse_date
from caseapp.formats.practice_files import practice_tables
from caseapp.usecases import access_event
from tests.cli.commands import Commands
from tests.practice_files import SAMPLE, SMALL, write_files
from tests.rule_cases import KNOWN_LINES, Case, gap_cases

FIELDS = ["client_number", "service_line", "code", "severity", "mend_by", "at_risk"]
Record = dict[str, Any]


def records(case: Case) -> dict[str, list[Record]]:
    """A worked case as rows of practice files, values as text."""
    raw = case.raw
    client = {"client_number": "C-1", "last_name": "Case", "first_name": "Worked"}
    return {
        "service_lines": [{"code": code, "name": code} for code in KNOWN_LINES],
        "payors": [
            {"payor_id": code, "name": code, "requires_enrollment": False} | row
            for code, row in raw["payors"].items()
        ],
        "clinicians": [
            {
                "clinician_number": number,
                "last_name": "Case",
                "first_name": number,
                "may_be_case_manager": True,
            }
            | {"service_lines": ";".join(row["service_lines"])}
            | {key: row[key] for key in row.keys() - {"service_lines", "enrollments"}}
            for number, row in raw["clinicians"].items()
        ],
        "enrollments": [
            {"clinician_number": number, "payor_id": enrollment["payor"]} | enrollment
            for number, row in raw["clinicians"].items()
            for enrollment in row["enrollments"]
        ],
        "clients": [client | {"status": raw["client"].get("status", "active")}],
        "client_service_lines": [client | row for row in raw["client"]["service_lines"]],
        "funding_sources": [
            client | {"payor_id": row["payor"]} | row for row in raw["client"]["funding_sources"]
        ],
        "case_managers": [
            client
            | row
            | {
                "clinician_number": row["clinician"],
                "for_clinician_number": row.get("for_clinician"),
                "uncovered_left_at": first_instant(parse_date(raw["on"]), case.practice.zone).isoformat()
                if row.get("leave_uncovered")
                else None,
            }
            for row in raw["case_managers"]
        ],
        "appointments": [
            client
            | {"appointment_number": f"A-{place}", "minutes": 45, "billable": True}
            | row
            | {"clinician_number": row.get("clinician")}
            for place, row in enumerate(raw["appointments"])
        ],
    }


def written(case: Case, folder: Path) -> Path:
    """The worked case as a folder of CSV files."""
    folder.mkdir()
    for table in practice_tables(case.practice.zone):
        rows = records(case).get(table.name, [])
        with (folder / f"{table.name}.csv").open("w", encoding="utf-8", newline="") as stream:
            writer = csv.DictWriter(stream, table.names, extrasaction="ignore")
            writer.writeheader()
            for row in rows:
                writer.writerow({name: _text(row.get(name)) for name in table.names})
    return folder


def _text(value: Any) -> str:
    return "" if value is None else str(value).lower() if isinstance(value, bool) else str(value)


@pytest.mark.parametrize("case", gap_cases(), ids=lambda case: case.name)
def test_a_worked_case_is_told_as_written(caseapp: Commands, tmp_path: Path, case: Case) -> None:
    caseapp.set(TIMEZONE=case.raw["timezone"])
    brought_in = caseapp("import", written(case, tmp_path / "files"))
    assert brought_in.exit_code == 0, brought_in.output

    on_a_day = caseapp("check", "--on", case.raw["on"], "--format", "json")
    caseapp.set(NOW=f"{case.raw['on']}T12:00:00Z")
    today = caseapp("check", "--format", "json")

    assert json.loads(on_a_day.stdout) == [
        dict(zip(FIELDS, ["C-1", *expected], strict=True)) for expected in case.expect
    ]
    assert today.stdout == on_a_day.stdout
    assert on_a_day.exit_code == today.exit_code == bool(case.expect)


def test_all_forms_tell_the_same(caseapp: Commands) -> None:
    caseapp("import", SAMPLE)

    told = json.loads(caseapp("check", "--format", "json").stdout)
    as_csv = list(csv.DictReader(io.StringIO(caseapp("check", "--format", "csv").stdout)))
    as_text = [line.split() for line in caseapp("check").stdout.splitlines()]

    assert len(told) > 20
    assert [list(gap) for gap in told] == [FIELDS] * len(told)
    as_written = [{key: "" if value is None else str(value) for key, value in gap.items()} for gap in told]
    assert as_csv == as_written
    assert as_text == [FIELDS, *([cell for cell in gap.values() if cell] for gap in as_written)]


@pytest.mark.parametrize("options", [[], ["--format", "json"], ["--format", "csv"], ["--on", "2026-12-01"]])
def test_what_is_read_out_is_on_record_as_taken_out(caseapp: Commands, options: list[str]) -> None:
    caseapp("import", SAMPLE)
    assert caseapp.exported() == []
    caseapp("check", *options)

    assert caseapp.exported() == [(LOCAL_USER.name, "caseapp check")]


@pytest.mark.parametrize(
    "options", [["--on", "2026-02-30"], ["--format", "yaml"], ["--always"], ["--email", "--format", "json"]]
)
def test_a_check_that_is_refused_changes_nothing(caseapp: Commands, options: list[str]) -> None:
    caseapp("import", SAMPLE)
    before = (caseapp.data / DATABASE_NAME).read_bytes()

    assert caseapp("check", *options).exit_code == 2
    assert (caseapp.data / DATABASE_NAME).read_bytes() == before


def test_what_cannot_be_put_on_record_is_not_read_out(
    caseapp: Commands, monkeypatch: pytest.MonkeyPatch
) -> None:
    caseapp("import", SAMPLE)

    def busy(*_: object) -> None:
        raise OperationalError("BEGIN", None, sqlite3.OperationalError("database is locked"))

    monkeypatch.setattr(access_event, "begin_write", busy)
    result = caseapp("check")

    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr == "Error: The database could not go on: database is locked.\n"


def test_errors_come_first_and_the_most_urgent_of_them(caseapp: Commands) -> None:
    caseapp("import", SAMPLE)

    told = json.loads(caseapp("check", "--on", "2026-11-23", "--format", "json").stdout)

    keys = [
        (
            gap["severity"] != "error",
            gap["mend_by"] or "9",
            -gap["at_risk"],
            gap["client_number"],
            gap["service_line"],
        )
        for gap in told
    ]
    assert keys == sorted(keys)


@pytest.mark.parametrize("form", ["text", "csv", "json"])
def test_a_practice_without_gaps_ends_well(caseapp: Commands, tmp_path: Path, form: str) -> None:
    caseapp("import", write_files(tmp_path / "files", {"service_lines": SMALL["service_lines"]}))

    result = caseapp("check", "--format", form)

    assert result.exit_code == 0
    shown = {"text": "No coverage gaps on 2026-11-23.\n", "csv": ",".join(FIELDS) + "\n", "json": "[]\n"}
    assert result.stdout == shown[form]


@pytest.mark.parametrize("day", ["tomorrow", "2026-02-30", "1776-07-04", ""])
def test_a_day_that_is_none_is_refused(caseapp: Commands, day: str) -> None:
    result = caseapp("check", "--on", day)

    assert result.exit_code == 2
    assert "is not a date from 1900 to 2100" in result.stderr


BY_HAND = {
    "C-10001": [],  # private pay
    "C-10002": [["OT", "no_case_manager", "error", "2026-11-22", 4]],  # first session 23 Nov, 9:30 am
    "C-10003": [],  # K-114 is enrolled with Aetna
    "C-10007": [
        ["MH", "no_case_manager", "error", "2026-11-30", 1],  # session 1 Dec, 2:30 pm
        ["ST", "not_enrolled", "error", "2026-12-07", 1],  # K-114 has no enrollment with Medicare
        ["ABA", "no_case_manager", "error", None, 0],  # open, without a session in the fourteen days
    ],
    "C-10046": [["ABA", "no_case_manager", "error", "2026-11-26", 1]],  # its PT session of 4 Dec is cancelled
    "C-10052": [["MH", "no_case_manager", "error", "2026-11-24", 6]],
    "C-10065": [["PT", "not_enrolled", "error", "2026-11-24", 3]],  # K-109 with Cigna is in process
    "C-10067": [["OT", "enrollment_ends", "warning", "2026-12-19", 0]],  # K-108 with Cigna
    "C-10092": [["MH", "enrollment_ends", "warning", "2026-12-04", 0]],  # K-113 with the school district
    "C-10100": [["ST", "not_enrolled", "error", "2026-11-23", 2]],  # K-107 has no enrollment with Medicare
    "C-10107": [["MH", "not_enrolled", "error", "2026-12-07", 1]],  # the school district requires enrollment
}
"""Gaps of the sample on 23 November 2026 as read off its files by eye: whole clients, with the reason."""


def test_the_gaps_of_the_sample_are_those_that_were_found_by_hand(caseapp: Commands) -> None:
    caseapp("import", SAMPLE)

    told = json.loads(caseapp("check", "--on", "2026-11-23", "--format", "json").stdout)

    for client, gaps in BY_HAND.items():
        assert [list(gap.values())[1:] for gap in told if gap["client_number"] == client] == gaps, client


def test_a_practice_on_a_server_of_its_own_is_brought_in_checked_and_exported(
    caseapp: Commands, database_url: str, tmp_path: Path
) -> None:
    caseapp.set(DATABASE_URL=database_url, SECRET_KEY="a key for tests, which keeps no secret")

    assert caseapp("import", SAMPLE).exit_code == 0
    assert caseapp("check").exit_code == 1
    assert caseapp("export", tmp_path / "out").exit_code == 0
    assert caseapp("import", tmp_path / "out").stdout.endswith("Nothing has changed.\n")
