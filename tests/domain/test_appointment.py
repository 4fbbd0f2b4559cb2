import pytest

from caseapp.domain.appointment import APPOINTMENT_STATUSES, AppointmentStatus
from tests.domain.examples import a_session


@pytest.mark.parametrize("status", APPOINTMENT_STATUSES)
@pytest.mark.parametrize("billable", [True, False])
def test_what_is_billable_and_not_cancelled_counts(status: AppointmentStatus, billable: bool) -> None:
    session = a_session("2026-11-24T09:00", status=status, billable=billable)
    assert session.counted == (billable and status != "cancelled")
