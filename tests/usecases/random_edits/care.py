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
from tests.usecases.random_edits.hand import Hand

CARE = (
    "add_case_manager",
    "edit_case_manager",
    "remove_case_manager",
    "add_appointments",
    "edit_appointment",
    "change_status",
)
"""What can be done, by the names of the methods that do it."""


class Care(Hand):
    """What the Clinical tab and the appointments of a client let somebody do."""

    def add_case_manager(self) -> object:
        """Mostly where a line is received, from near its first day, by somebody who practises it."""
        of, line, start = self.any(
            ClientServiceLine.client_id, ClientServiceLine.service_line_id, ClientServiceLine.start_date
        )
        around = start + timedelta(days=self.random.randint(-3, 60))
        entry = self._manager(
            line=self.any(ServiceLine.code, id=line),
            clinician=self._practises(line),
            start=self.random.choice((start, around)),
        )
        client = self.client(of if self.chance(9) else None)
        request = case_manager.SaveRequest(client=client, entry=entry, form_token=self.token())
        return case_manager.save_case_manager(*self.where, request)

    def _practises(self, line: int) -> str:
        who = self.any(ClinicianServiceLine.clinician_id, service_line_id=line)
        return str(self.any(Clinician.number, id=who))

    def edit_case_manager(self) -> object:
        row = self.any(
            CaseManager.client_id,
            CaseManager.public_id,
            CaseManager.version,
            CaseManager.service_line_id,
            CaseManager.clinician_id,
            CaseManager.start_date,
            CaseManager.end_date,
        )
        entry = self._manager(
            line=self.any(ServiceLine.code, id=row.service_line_id),
            clinician=self.kept(
                self.any(Clinician.number, id=row.clinician_id), self._practises(row.service_line_id)
            ),
            start=row.start_date,
            end=row.end_date,
        )
        request = case_manager.SaveRequest(
            client=self.client(row.client_id),
            entry=entry,
            case_manager=row.public_id,
            version=self.version(row.version),
            form_token=self.token(),
        )
        return case_manager.save_case_manager(*self.where, request)

    def remove_case_manager(self) -> object:
        of, row, version = self.any(CaseManager.client_id, CaseManager.public_id, CaseManager.version)
        return case_manager_removal.remove_case_manager(
            *self.where, self.client(of), row, reason=self.note(), version=self.version(version)
        )

    def _manager(self, line: str, clinician: str, start: date, end: date | None = None) -> CaseManagerEntry:
        return CaseManagerEntry(
            service_line=self.kept(line, self.of(self.line())),
            clinician=self.kept(clinician, self.of(self.any(Clinician.number))),
            start_date=self.kept(start, self.day()),
            end_date=self.kept(end, self.maybe(self.day(400))),
            for_clinician=self.any(Clinician.number) if self.chance(4) else "",
            end_current=self.chance(8),
            leave_uncovered=self.chance(8),
            reason=self.note(),
            change_kind=self.random.choice(("", "correction", "from_date")),
            change_date=self.day(),
        )

    def add_appointments(self) -> object:
        request = appointment.SaveRequest(
            client=self.client(), entry=self._session(), form_token=self.token()
        )
        return appointment.save_appointment(*self.where, request)

    def edit_appointment(self) -> object:
        of, row, version = self.any(Appointment.client_id, Appointment.public_id, Appointment.version)
        request = appointment.SaveRequest(
            client=self.client(of),
            entry=self._session(),
            appointment=row,
            version=self.version(version),
            form_token=self.token(),
        )
        return appointment.save_appointment(*self.where, request)

    def _session(self) -> AppointmentEntry:
        start = self.day(60)
        return AppointmentEntry(
            service_line=self.of(self.line()),
            start_date=start,
            start_time=f"{self.random.randint(0, 23):02d}:{self.random.choice(('00', '15', '59', '30:17'))}",
            minutes=str(self.random.choice((1, 15, 60, 90, 1440, 1441))),
            clinician=self.any(Clinician.number) if self.chance(7) else "",
            status=self.random.choice(("scheduled", "scheduled", "completed", "no_show", "cancelled")),
            billable=self.chance(8),
            until=self.day(60) if self.chance(2) else "",
        )

    def change_status(self) -> object:
        of, row, version = self.any(Appointment.client_id, Appointment.public_id, Appointment.version)
        act = self.random.choice(tuple(appointment_status.STATUS_AFTER))
        return appointment_status.change_status(
            *self.where, self.client(of), row, act, version=self.version(version)
        )
