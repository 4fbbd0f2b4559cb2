from dataclasses import replace

import pytest

from caseapp.domain.payor import Payor, PayorType, must_be_enrolled, others_on, primary_on
from tests.domain.examples import AETNA, MEDICAID, SELF, a_source, d


@pytest.mark.parametrize(
    ("type_", "setting", "required"),
    [
        ("insurance", False, True),
        ("insurance", True, True),
        ("regional_center", False, False),
        ("regional_center", True, True),
        ("school_district", False, False),
        ("school_district", True, True),
        ("private_pay", False, False),
        ("private_pay", True, False),
    ],
)
def test_enrollment_is_required_by_type_and_setting(type_: PayorType, setting: bool, required: bool) -> None:
    assert must_be_enrolled(Payor("P", "Payor", type_, setting)) == required


def test_the_primary_of_a_day_is_neither_another_days_nor_another_priority() -> None:
    sources = (
        a_source(MEDICAID, priority="secondary"),
        a_source(end=d("2026-11-30")),
        a_source(SELF, d("2026-12-01")),
    )
    november, december = (primary_on(sources, d(day)) for day in ("2026-11-30", "2026-12-01"))
    assert (november, december) == (sources[1], sources[2])
    assert primary_on(sources[:1], d("2026-11-30")) is None


def test_the_others_of_a_day_are_listed_secondary_first() -> None:
    tertiary, inactive = a_source(SELF, priority="tertiary"), a_source(AETNA, priority="inactive")
    second = a_source(replace(MEDICAID, code="Z"), priority="secondary")
    first = a_source(MEDICAID, priority="secondary")
    assert others_on((tertiary, inactive, second, first, a_source()), d("2026-11-22")) == [
        first,
        second,
        tertiary,
    ]
