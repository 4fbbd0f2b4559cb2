"""Random work on case managers and appointments."""

from datetime import date, timedelta

from caseapp.domain.appointment_entry import AppointmentEntry
from caseapp.domain.case_manager_entry import CaseManagerEntry
from caseapp.models import (
    Appointment,
    CaseManager,
    ClientServiceLine,
    Clinician,
    ClinicianServiceLine,
    ServiceLine,
)
from caseapp.usecases import appointment, appointment_status, case_manager, case_manager_removal
from tests.usecases.random_edits.hand import Hand, Things


class Care:
    """What the Clinical tab and the appointments of a client let somebody do."""

    def __init__(self, hand: Hand) -> None:
        self.hand = hand

    @property
    def things(self) -> Things:
        return {
            "add a case manager": self.add_case_manager,
            "edit a case manager": self.edit_case_manager,
            "remove a case manager": self.remove_case_manager,
            "add appointments": self.add_appointments,
            "edit an appointment": self.edit_appointment,
            "change an appointment's status": self.change_status,
        }

    def add_case_manager(self) -> object:
        """Mostly where a line is received, from near its first day, by somebody who practises it."""
        hand = self.hand
        of, line, start = hand.any(
            ClientServiceLine.client_id, ClientServiceLine.service_line_id, ClientServiceLine.start_date
        )
        around = start + timedelta(days=hand.random.randint(-3, 60))
        entry = self._manager(
            line=hand.any(ServiceLine.code, id=line),
            clinician=self._practises(line),
            start=hand.random.choice((start, around)),
        )
        client = hand.client(of if hand.chance(9) else None)
        request = case_manager.SaveRequest(client=client, entry=entry, form_token=hand.token())
        return case_manager.save_case_manager(*hand.where, request)

    def _practises(self, line: int) -> str:
        who = self.hand.any(ClinicianServiceLine.clinician_id, service_line_id=line)
        return str(self.hand.any(Clinician.number, id=who))

    def edit_case_manager(self) -> object:
        hand = self.hand
        row = hand.any(
            CaseManager.client_id,
            CaseManager.public_id,
            CaseManager.version,
            CaseManager.service_line_id,
            CaseManager.clinician_id,
            CaseManager.start_date,
            CaseManager.end_date,
        )
        entry = self._manager(
            line=hand.any(ServiceLine.code, id=row.service_line_id),
            clinician=hand.kept(
                hand.any(Clinician.number, id=row.clinician_id), self._practises(row.service_line_id)
            ),
            start=row.start_date,
            end=row.end_date,
        )
        request = case_manager.SaveRequest(
            client=hand.client(row.client_id),
            entry=entry,
            case_manager=row.public_id,
            version=hand.version(row.version),
            form_token=hand.token(),
        )
        return case_manager.save_case_manager(*hand.where, request)

    def remove_case_manager(self) -> object:
        hand = self.hand
        of, row, version = hand.any(CaseManager.client_id, CaseManager.public_id, CaseManager.version)
        return case_manager_removal.remove_case_manager(
            *hand.where, hand.client(of), row, reason=hand.note(), version=hand.version(version)
        )

    def _manager(self, line: str, clinician: str, start: date, end: date | None = None) -> CaseManagerEntry:
        hand = self.hand
        return CaseManagerEntry(
            service_line=hand.kept(line, hand.of(hand.line())),
            clinician=hand.kept(clinician, hand.of(hand.any(Clinician.number))),
            start_date=hand.kept(start, hand.day()),
            end_date=hand.kept(end, hand.maybe(hand.day(400))),
            for_clinician=hand.any(Clinician.number) if hand.chance(4) else "",
            end_current=hand.chance(8),
            leave_uncovered=hand.chance(8),
            reason=hand.note(),
            change_kind=hand.random.choice(("", "correction", "from_date")),
            change_date=hand.day(),
        )

    def add_appointments(self) -> object:
        hand = self.hand
        request = appointment.SaveRequest(
            client=hand.client(), entry=self._session(), form_token=hand.token()
        )
        return appointment.save_appointment(*hand.where, request)

    def edit_appointment(self) -> object:
        hand = self.hand
        of, row, version = hand.any(Appointment.client_id, Appointment.public_id, Appointment.version)
        request = appointment.SaveRequest(
            client=hand.client(of),
            entry=self._session(),
            appointment=row,
            version=hand.version(version),
            form_token=hand.token(),
        )
        return appointment.save_appointment(*hand.where, request)

    def _session(self) -> AppointmentEntry:
        hand = self.hand
        start = hand.day(60)
        return AppointmentEntry(
            service_line=hand.of(hand.line()),
            start_date=start,
            start_time=f"{hand.random.randint(0, 23):02d}:{hand.random.choice(('00', '15', '59', '30:17'))}",
            minutes=str(hand.random.choice((1, 15, 60, 90, 1440, 1441))),
            clinician=hand.any(Clinician.number) if hand.chance(7) else "",
            status=hand.random.choice(("scheduled", "scheduled", "completed", "no_show", "cancelled")),
            billable=hand.chance(8),
            until=hand.day(60) if hand.chance(2) else "",
        )

    def change_status(self) -> object:
        hand = self.hand
        of, row, version = hand.any(Appointment.client_id, Appointment.public_id, Appointment.version)
        act = hand.random.choice(tuple(appointment_status.STATUS_AFTER))
        return appointment_status.change_status(
            *hand.where, hand.client(of), row, act, version=hand.version(version)
        )
