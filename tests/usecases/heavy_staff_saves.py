"""The same of clinicians, payors and the service lines of the practice."""

from collections.abc import Callable
from typing import Any

from caseapp.domain.clinician_entry import ClinicianEntry
from caseapp.domain.enrollment_entry import EnrollmentEntry
from caseapp.domain.leave_entry import LeaveEntry
from caseapp.domain.payor_entry import PayorEntry
from caseapp.domain.service_line_entry import LineEntry
from caseapp.usecases import (
    clinician_record,
    enrollment_record,
    leave,
    payor_record,
    service_line_record,
    service_line_removal,
)
from tests import builders
from tests.builders import npi
from tests.usecases.heavy_client_saves import START, TOKEN, Act, by
from tests.usecases.save_desk import Desk


def clinician(desk: Desk, **more: Any) -> Act:
    builders.a_service_line(desk.session, "PT")
    entry = ClinicianEntry(
        number="K-1",
        last_name="Zed",
        first_name="Zoë",
        npi=npi(77),
        service_lines=("ABA", "PT"),
        may_be_case_manager=True,
        active_to="2026-12-31",
    )
    request = clinician_record.SaveRequest(entry=entry, **TOKEN, **more)
    return lambda: clinician_record.save_clinician(*by(desk), request)


def add_clinician(desk: Desk) -> Act:
    return clinician(desk)


def edit_clinician(desk: Desk) -> Act:
    """Called otherwise, with other service lines, and with a last day that leaves clients behind."""
    return clinician(desk, clinician=desk.mei.public_id, version=1)


def enrollment(desk: Desk, **more: Any) -> Act:
    payor = builders.a_payor(desk.session)
    if more:
        more["enrollment"] = builders.an_enrollment(desk.session, desk.mei, payor).public_id
    entry = EnrollmentEntry(payor=payor.key, status="approved", start_date=START, end_date="2026-12-31")
    request = enrollment_record.SaveRequest(clinician=desk.mei.public_id, entry=entry, **TOKEN, **more)
    return lambda: enrollment_record.save_enrollment(*by(desk), request)


def add_enrollment(desk: Desk) -> Act:
    return enrollment(desk)


def edit_enrollment(desk: Desk) -> Act:
    return enrollment(desk, version=1)


def remove_enrollment(desk: Desk) -> Act:
    gone = builders.an_enrollment(desk.session, desk.mei, builders.a_payor(desk.session)).public_id
    where = (*by(desk), desk.mei.public_id, gone)
    return lambda: enrollment_record.remove_enrollment(*where, reason="Mistyped", version=1)


def add_leave(desk: Desk) -> Act:
    entry = LeaveEntry(start_date="2026-12-01", note="Travel")
    request = leave.LeaveRequest(clinician=desk.mei.public_id, entry=entry, **TOKEN)
    return lambda: leave.save_leave(*by(desk), request)


def edit_leave(desk: Desk) -> Act:
    away = builders.a_leave(desk.session, desk.mei).public_id
    entry = LeaveEntry(start_date="2026-12-01", note="Travel")
    request = leave.LeaveRequest(clinician=desk.mei.public_id, entry=entry, leave=away, version=1, **TOKEN)
    return lambda: leave.save_leave(*by(desk), request)


def remove_leave(desk: Desk) -> Act:
    away = builders.a_leave(desk.session, desk.mei).public_id
    return lambda: leave.remove_leave(*by(desk), desk.mei.public_id, away, 1)


def payor(desk: Desk, **more: Any) -> Act:
    entry = PayorEntry(code="NEW", name="Another", type="school_district", requires_enrollment=True)
    request = payor_record.SaveRequest(entry=entry, **TOKEN, **more)
    return lambda: payor_record.save_payor(*by(desk), request)


def add_payor(desk: Desk) -> Act:
    return payor(desk)


def edit_payor(desk: Desk) -> Act:
    return payor(desk, payor=desk.aetna.public_id, version=1)


def line(desk: Desk, **more: Any) -> Act:
    request = service_line_record.LineRequest(entry=LineEntry(code="NEW", name="Another"), **TOKEN, **more)
    return lambda: service_line_record.save_line(*by(desk), request)


def add_line(desk: Desk) -> Act:
    return line(desk)


def edit_line(desk: Desk) -> Act:
    return line(desk, line=builders.a_service_line(desk.session, "ST").public_id, version=1)


def remove_line(desk: Desk) -> Act:
    unused = builders.a_service_line(desk.session, "PT").public_id
    return lambda: service_line_removal.remove_line(*by(desk), unused, 1)


STAFF_SAVES: tuple[Callable[[Desk], Act], ...] = (
    add_clinician,
    edit_clinician,
    add_enrollment,
    edit_enrollment,
    remove_enrollment,
    add_leave,
    edit_leave,
    remove_leave,
    add_payor,
    edit_payor,
    add_line,
    edit_line,
    remove_line,
)
