from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from caseapp.domain.clinician_entry import ClinicianEntry, Known, judge_clinician
from caseapp.domain.clinician_hints import is_assistant, next_number, npi_fault
from caseapp.domain.leave_entry import LeaveEntry, judge_leave
from caseapp.domain.npi import npi_is_valid
from caseapp.formats.practice_files import practice_tables
from tests.client_lists import TODAY

TABLES = {table.name: table for table in practice_tables(ZoneInfo("America/New_York"))}
KNOWN = Known(service_lines=("ABA",), taxonomy_known=True)
ANY_TEXT = st.text(max_size=250) | st.text(alphabet="\n\t\r\x00\x85\u2028 a;,\"'\ud800", max_size=9)


@given(number=ANY_TEXT, name=ANY_TEXT, credential=ANY_TEXT, taxonomy=ANY_TEXT, email=ANY_TEXT)
def test_what_is_accepted_can_stand_in_a_practice_file(
    number: str, name: str, credential: str, taxonomy: str, email: str
) -> None:
    entry = ClinicianEntry(
        number=number,
        last_name=name,
        first_name="Ada",
        credential=credential,
        taxonomy_code=taxonomy,
        email=email,
        service_lines=("ABA",),
    )

    judged = judge_clinician(entry, KNOWN)

    if not judged.errors:
        stored = {"clinician_number": number} | judged.values.told
        stored["clinician_number"] = judged.values.number
        for column in TABLES["clinicians"].columns:
            value = stored[column.name]
            if isinstance(value, str) or value is None:
                assert column.kind.parse(column.kind.write(value)) == value, column.name


@given(note=ANY_TEXT)
def test_a_note_that_is_accepted_can_stand_in_a_practice_file(note: str) -> None:
    judged = judge_leave(LeaveEntry(start_date="2026-11-22", note=note), [], TODAY)

    if judged.values:
        (kind,) = (column.kind for column in TABLES["leaves"].columns if column.name == "note")
        assert kind.parse(kind.write(judged.values.note)) == judged.values.note


@given(st.text(alphabet="0123456789 a", max_size=12))
def test_an_npi_without_a_fault_is_a_valid_one(npi: str) -> None:
    assert (npi_fault(npi) == "") == npi_is_valid(npi)


@pytest.mark.parametrize(
    ("numbers", "proposed"),
    [
        ([], "K-101"),
        (["Mary"], "K-101"),
        (["K-1", "K-2", "S-9"], "K-3"),
        (["007", "A"], "008"),
        (["K-099"], "K-100"),
        (["12345678901234567890"], "12345678901234567891"),
        (["²", "x" * 100 + "9"], ("x" * 100 + "10")[:100]),
    ],
)
def test_the_next_number_follows_the_commonest_kind(numbers: list[str], proposed: str) -> None:
    assert next_number(numbers) == proposed


@pytest.mark.parametrize("credential", ["RBT", "rbt", "BA, RBT", "BCaBA", "COTA/L", "SLPA;BS", "PTA"])
def test_an_assistant_is_known_by_the_credential(credential: str) -> None:
    assert is_assistant(credential)


@pytest.mark.parametrize("credential", ["", "BCBA", "PT", "OTR/L", "CCC-SLP", "PTAX", "BCBA-D"])
def test_who_is_no_assistant_is_none(credential: str) -> None:
    assert not is_assistant(credential)
