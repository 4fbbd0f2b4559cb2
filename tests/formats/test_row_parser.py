"""Rows below a heading become values, with the line and column of each that cannot."""

import pytest

from caseapp.formats.practice_files import practice_tables
from caseapp.formats.problem import UnreadableFileError
from caseapp.formats.row_parser import Block, RowParser
from tests.conftest import ZONE

TABLES = {table.name: table for table in practice_tables(ZONE)}


def parser(table: str, heading: str) -> RowParser:
    return RowParser(f"{table}.csv", TABLES[table], heading.split(","))


def parse(table: str, heading: str, *rows: str) -> Block:
    return parser(table, heading).parse([(line, row.split(",")) for line, row in enumerate(rows, 2)])


def told(block: Block) -> list[str]:
    return [str(problem) for problem in block.problems]


def test_columns_may_stand_in_any_order() -> None:
    block = parse("service_lines", "name,code", "Speech Therapy,ST")

    assert block.rows == [("ST", "Speech Therapy")]
    assert block.lines == [2]


def test_each_fault_names_its_line_and_column_and_good_rows_stay() -> None:
    block = parse(
        "leaves",
        "clinician_number,start_date,end_date",
        "K-1,2026-12-07,2026-12-18",
        "K-1,soon,later",
        ",2026-12-07,",
        "K-2,2026-12-07,2026-12-06",
    )

    assert block.lines == [2]
    assert told(block) == [
        "leaves.csv:3: start_date: 'soon' is not a date from 1900 to 2100; write it like 2026-11-24.",
        "leaves.csv:3: end_date: 'later' is not a date from 1900 to 2100; write it like 2026-11-24.",
        "leaves.csv:4: clinician_number: Must be filled.",
        "leaves.csv:5: end_date: 2026-12-06 is before the start_date 2026-12-07.",
    ]


def test_rows_of_the_wrong_width_are_refused_and_rows_of_nothing_are_passed_over() -> None:
    block = parse("service_lines", "code,name", "ST", "ST,Speech,more", ",", "OT,Occupational")

    assert block.lines == [5]
    assert told(block) == [
        "service_lines.csv:2: Has 1 fields where the heading has 2.",
        "service_lines.csv:3: Has 3 fields where the heading has 2.",
    ]


def test_a_terminated_enrollment_needs_both_its_days() -> None:
    heading = "clinician_number,payor_id,start_date,status,end_date"
    block = parse("enrollments", heading, "K-1,B,2025-01-01,terminated,", "K-1,B,,terminated,2026-01-01")

    assert told(block) == [
        "enrollments.csv:2: end_date: A terminated enrollment needs its first and its last day.",
        "enrollments.csv:3: start_date: A terminated enrollment needs its first and its last day.",
    ]


def test_a_doubtful_npi_is_a_warning() -> None:
    block = parse("clinicians", "clinician_number,last_name,first_name,npi", "K-1,A,B,1234567890", "K-2,A,B,")

    assert len(block.rows) == 2
    assert [str(warning) for warning in block.warnings] == [
        "clinicians.csv:2: npi: '1234567890' is not a valid individual NPI; taken as it is."
    ]


def test_a_code_with_a_semicolon_is_refused() -> None:
    assert told(parse("service_lines", "code,name", "A;B,Both")) == [
        "service_lines.csv:2: code: May not hold a semicolon; it parts the codes of a clinician."
    ]


def test_unknown_columns_are_told_and_their_fields_are_bounded() -> None:
    heading = parser("service_lines", "code,shoe size,name,")

    assert heading.left_out() == [
        "the column 'shoe size' is not known and was left out.",
        "column 4 has no name and was left out.",
    ]
    block = heading.parse([(2, ["ST", "x" * 10_001, "Speech", ""]), (3, ["OT", "42", "Occupational", ""])])
    assert block.rows == [("OT", "Occupational")]
    assert told(block) == ["service_lines.csv:2: shoe size: Is longer than 10,000 characters."]


@pytest.mark.parametrize(
    ("heading", "sentence"),
    [
        ("code,name,code", "clients.csv: The column 'code' stands in the heading twice."),
        ("client_number,last_name", "clients.csv: The heading lacks the columns first_name, status."),
        ("client_number,last_name,first_name", "clients.csv: The heading lacks the column status."),
        (
            "client_number;last_name;first_name;status",
            (
                "clients.csv: The heading lacks the columns client_number, last_name, first_name, status. "
                "Columns are parted by commas."
            ),
        ),
    ],
)
def test_a_heading_that_cannot_be_used_is_refused(heading: str, sentence: str) -> None:
    with pytest.raises(UnreadableFileError) as refused:
        parser("clients", heading)

    assert str(refused.value) == sentence
