from dataclasses import replace

from caseapp.domain.clinician import Clinician
from tests.domain.examples import MEI, d


def test_a_clinician_is_called_by_name_or_else_by_number() -> None:
    assert MEI.name == "Mei Lindqvist"
    assert replace(MEI, first_name="").name == "Lindqvist"
    assert Clinician(number="S1").name == "S1"


def test_a_clinician_is_active_from_the_first_through_the_last_day() -> None:
    for_a_day = replace(MEI, active_from=d("2026-11-23"), active_to=d("2026-11-23"))
    assert [for_a_day.is_active_on(d(f"2026-11-{day}")) for day in (22, 23, 24)] == [False, True, False]
    assert MEI.is_active_on(d("1900-01-01"))
