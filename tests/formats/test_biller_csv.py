from datetime import date

import pytest

from caseapp.formats.biller_csv import BillerLine, biller_csv

LINE = BillerLine("C-1", "ST", date(2026, 7, 2), "A-7", 60, "Aetna", "Tomás Vidal", "1234567893")
HEADING = "client_number,service_line,date,appointment_number,minutes,payor,clinician,npi\n"


def test_a_file_without_sessions_is_a_heading() -> None:
    assert biller_csv([]) == HEADING


def test_each_session_is_a_line() -> None:
    assert biller_csv([LINE]) == f"{HEADING}C-1,ST,2026-07-02,A-7,60,Aetna,Tomás Vidal,1234567893\n"


@pytest.mark.parametrize("beginning", ["=", "+", "-", "@", "\t"])
def test_what_a_spreadsheet_would_take_for_a_formula_is_quoted(beginning: str) -> None:
    cell = biller_csv([LINE._replace(payor=f"{beginning}1+1")]).splitlines()[1].split(",")[5]

    assert cell == f"'{beginning}1+1"


def test_a_comma_and_a_quotation_mark_stay_in_their_cell() -> None:
    assert '"Aetna, ""Ohio"""' in biller_csv([LINE._replace(payor='Aetna, "Ohio"')])
