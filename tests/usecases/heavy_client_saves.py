"""Each save of a client's records on its heaviest honest path: prepared first, then done."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from caseapp.domain.actor import Actor
from caseapp.domain.appointment_entry import AppointmentEntry
from caseapp.domain.client_entry import ClientEntry
from caseapp.domain.client_service_line_entry import ServiceLineEntry
from caseapp.domain.client_status_entry import DischargeEntry, ReadmissionEntry
from caseapp.domain.funding_source_entry import FundingEntry
from caseapp.domain.practice import Practice
from caseapp.usecases import (
    appointment,
    appointment_status,
    client_intake,
    client_record,
    client_service_line,
    client_status,
    funding_source,
)
from caseapp.usecases.client_status_act import StatusRequest
from tests import builders
from tests.builders import LONG_AGO, Row
from tests.client_lists import listed
from tests.conftest import NOW
from tests.usecases.save_desk import ANN, PRACTICE, Desk, a_desk

TOKEN: dict[str, Any] = {"form_token": "a-token"}
START = LONG_AGO.isoformat()
Act = Callable[[], object]


def by(desk: Desk) -> tuple[Session, Actor, datetime, Practice]:
    return desk.session, ANN, NOW, PRACTICE


def a_busy_desk(session: Session) -> Desk:
    """Both lines have a case manager, an interim among them, and sessions; there are findings to keep."""
    desk = a_desk(session)
    listed(session, desk.lea)
    builders.a_case_manager(session, desk.lea, "ST", desk.mei)
    builders.a_case_manager(session, desk.lea, "ABA", for_clinician_id=desk.jo.id)
    for days, line in ((3, "ST"), (4, "ABA"), (5, "OT")):
        builders.an_appointment(session, desk.lea, NOW + timedelta(days=days), line, desk.mei)
    milo = builders.a_client(session, ["ST"])
    builders.a_case_manager(session, milo, "ST", desk.mei)
    desk.refresh(desk.lea, milo)
    return desk


def line_of(desk: Desk, code: str, **values: Any) -> Row:
    return builders.a_client_service_line(desk.session, desk.lea, code, **values)


def take_in(desk: Desk) -> Act:
    request = client_intake.IntakeRequest(
        person=ClientEntry(number="N-1", last_name="O'Hara", first_name="Wren"),
        service_lines=(
            ServiceLineEntry(service_line="ABA", start_date=START),
            ServiceLineEntry(service_line="ST", start_date=START),
        ),
        funding_sources=(FundingEntry(payor=desk.aetna.key, priority="primary", start_date=START),),
        **TOKEN,
    )
    return lambda: client_intake.take_in(*by(desk), request)


def edit_client(desk: Desk) -> Act:
    entry = ClientEntry(number="N-1", last_name="Zed", first_name="Zoë", external_id="E-1")
    request = client_record.SaveRequest(client=desk.lea.public_id, entry=entry, version=1, **TOKEN)
    return lambda: client_record.save_client(*by(desk), request)


def status(desk: Desk, version: int = 1) -> StatusRequest:
    return StatusRequest(client=desk.lea.public_id, version=version, **TOKEN)


def hold(desk: Desk) -> Act:
    return lambda: client_status.hold(*by(desk), status(desk))


def discharge(desk: Desk) -> Act:
    entry = DischargeEntry(last_day="2026-11-22", service_lines=("ABA", "ST"), leave_sessions=True)
    return lambda: client_status.discharge(*by(desk), status(desk), entry)


def readmit(desk: Desk) -> Act:
    entry = DischargeEntry(last_day="2026-11-22", service_lines=("ABA", "ST"), leave_sessions=True)
    client_status.discharge(*by(desk), StatusRequest(client=desk.lea.public_id, version=1), entry)
    opened = ReadmissionEntry(start_date="2026-11-23", service_lines=("ABA", "ST", "OT"))
    return lambda: client_status.readmit(*by(desk), status(desk, 2), opened)


def service_line(desk: Desk, **more: Any) -> Act:
    request = client_service_line.SaveRequest(client=desk.lea.public_id, **TOKEN, **more)
    return lambda: client_service_line.save_service_line(*by(desk), request)


def add_service_line(desk: Desk) -> Act:
    builders.a_case_manager(desk.session, desk.lea, "OT")
    entry = ServiceLineEntry(service_line="OT", start_date=START, end_date="2026-12-31")
    return service_line(desk, entry=entry, end_case_manager=True)


def edit_service_line(desk: Desk) -> Act:
    """A line that was entered as another, and ends with its case manager."""
    was = line_of(desk, "PT")
    builders.a_case_manager(desk.session, desk.lea, "OT")
    desk.refresh()
    entry = ServiceLineEntry(service_line="OT", start_date=START, end_date="2026-11-23")
    return service_line(
        desk,
        entry=entry,
        service_line=was.public_id,
        version=1,
        end_case_manager=True,
        leave_sessions=True,
    )


def remove_service_line(desk: Desk) -> Act:
    was = line_of(desk, "PT")
    desk.refresh()
    where = (*by(desk), desk.lea.public_id, was.public_id)
    return lambda: client_service_line.remove_service_line(*where, version=1, reason="Mistyped")


def funding(desk: Desk, start: str, **more: Any) -> Act:
    entry = FundingEntry(
        payor=builders.a_payor(desk.session).key, priority="primary", start_date=start, end_current=True
    )
    request = funding_source.SaveRequest(client=desk.lea.public_id, entry=entry, **TOKEN, **more)
    return lambda: funding_source.save_funding_source(*by(desk), request)


def add_funding_source(desk: Desk) -> Act:
    return funding(desk, "2026-12-01")


def edit_funding_source(desk: Desk) -> Act:
    other = builders.a_funding_source(desk.session, desk.lea, priority="secondary")
    return funding(desk, "2026-12-01", funding_source=other.public_id, version=1)


def remove_funding_source(desk: Desk) -> Act:
    other = builders.a_funding_source(desk.session, desk.lea, priority="secondary")
    where = (*by(desk), desk.lea.public_id, other.public_id)
    return lambda: funding_source.remove_funding_source(*where, version=1, reason="Mistyped")


def add_case_manager(desk: Desk) -> Act:
    return lambda: desk.save(desk.jo, end_current=True, actor=ANN, **TOKEN)


def edit_case_manager(desk: Desk) -> Act:
    """From a date on: one ends, and a new one begins."""
    (first, _) = desk.rows()[:2]
    change: dict[str, Any] = {"change_kind": "from_date", "change_date": "2026-12-01", "start_date": START}
    return lambda: desk.save(desk.jo, case_manager=first.public_id, version=1, **change, **TOKEN)


def remove_case_manager(desk: Desk) -> Act:
    first = desk.rows()[0]
    return lambda: desk.remove(first.public_id, reason="Mistyped", version=1)


def session_of(desk: Desk, **more: Any) -> Act:
    entry = AppointmentEntry(
        service_line="OT",
        start_date="2026-11-25",
        start_time="10:00",
        minutes="60",
        clinician=desk.mei.key,
        billable=True,
    )
    request = appointment.SaveRequest(client=desk.lea.public_id, entry=entry, **TOKEN, **more)
    return lambda: appointment.save_appointment(*by(desk), request)


def add_appointment(desk: Desk) -> Act:
    return session_of(desk)


def edit_appointment(desk: Desk) -> Act:
    """The only session of a line that is not received becomes one of another."""
    only = builders.an_appointment(desk.session, desk.lea, NOW + timedelta(days=6), "PT", desk.jo)
    desk.refresh()
    return session_of(desk, appointment=only.public_id, version=1)


def change_status(desk: Desk) -> Act:
    """A session that was cancelled stands again."""
    when = NOW + timedelta(days=6)
    off = builders.an_appointment(desk.session, desk.lea, when, "PT", desk.mei, status="cancelled")
    where = (*by(desk), desk.lea.public_id, off.public_id)
    return lambda: appointment_status.change_status(*where, "complete", version=1)


CLIENT_SAVES: tuple[Callable[[Desk], Act], ...] = (
    take_in,
    edit_client,
    hold,
    discharge,
    readmit,
    add_service_line,
    edit_service_line,
    remove_service_line,
    add_funding_source,
    edit_funding_source,
    remove_funding_source,
    add_case_manager,
    edit_case_manager,
    remove_case_manager,
    add_appointment,
    edit_appointment,
    change_status,
)
