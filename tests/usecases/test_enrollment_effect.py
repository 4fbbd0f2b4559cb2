"""Which past sessions a change of an enrollment makes billable, or no longer."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy.orm import Session

from caseapp.domain.actor import LOCAL_USER
from caseapp.domain.enrollment_entry import EnrollmentValues
from caseapp.usecases.enrollment_effect import removal_effect
from caseapp.usecases.outcome import UnknownRecord
from tests import builders
from tests.builders import Row
from tests.conftest import NOW, ZONE
from tests.usecases.save_desk import PRACTICE

NOW_UTC = NOW.astimezone(UTC)


def approved(payor: Row) -> EnrollmentValues:
    return EnrollmentValues(
        payor=payor.key,
        status="approved",
        applied_on=None,
        start_date=date(2026, 7, 1),
        end_date=None,
        learned_on=None,
    )


def test_sessions_of_one_day_are_told_each_and_those_that_nobody_pays_are_not(session: Session) -> None:
    aetna = builders.a_payor(session, name="Aetna")
    mei = builders.a_clinician(session, ["ST"], [])
    nour = builders.a_client(session, ["ST"])
    builders.a_funding_source(session, nour, aetna, end_date=date(2026, 10, 31))
    builders.a_case_manager(session, nour, "ST", mei, start_date=date(2026, 7, 1))
    builders.an_enrollment(session, mei, aetna, start_date=date(2026, 7, 1))
    morning, evening, _unpaid = (
        builders.an_appointment(session, nour, datetime(2026, *at, tzinfo=ZONE), "ST", mei).key
        for at in ((9, 1, 9), (9, 1, 17), (11, 3, 9))
    )

    effect = removal_effect(session, LOCAL_USER, NOW_UTC, PRACTICE, mei.public_id, approved(aetna))

    assert [row.appointment_number for row in effect.lost] == [morning, evening]
    assert effect.gained == ()


def test_of_an_unknown_clinician_nothing_is_told(session: Session) -> None:
    aetna = builders.a_payor(session)

    with pytest.raises(UnknownRecord):
        removal_effect(session, LOCAL_USER, NOW_UTC, PRACTICE, "z" * 20, approved(aetna))
