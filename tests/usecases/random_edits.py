"""Random work at the desk: every record is added to and changed through its own use-case."""

import random
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from caseapp.domain.actor import LOCAL_USER, Actor
from caseapp.domain.appointment_entry import AppointmentEntry
from caseapp.domain.case_manager_entry import CaseManagerEntry
from caseapp.domain.clinician_entry import ClinicianEntry
from caseapp.domain.enrollment_entry import EnrollmentEntry
from caseapp.domain.leave_entry import LeaveEntry
from caseapp.domain.payor_entry import PayorEntry
from caseapp.domain.practice import Practice
from caseapp.models import (
    Appointment,
    Base,
    CaseManager,
    Client,
    Clinician,
    ClinicianServiceLine,
    Enrollment,
    Leave,
    Payor,
    ServiceLine,
)
from caseapp.usecases import (
    appointment,
    case_manager,
    clinician_record,
    enrollment_record,
    leave,
    payor_record,
)
from caseapp.usecases.appointment_status import change_status
from caseapp.usecases.case_manager_removal import remove_case_manager
from caseapp.usecases.outcome import UnknownRecord


class Desk:
    """Works on a practice at one instant; what a rule refuses is part of the work."""

    def __init__(self, session: Session, now: datetime, practice: Practice, seed: int) -> None:
        self.session, self.now, self.practice = session, now, practice
        self.random = random.Random(seed)
        self.today = now.astimezone(practice.zone).date()
        self.saved = 0

    @property
    def where(self) -> tuple[Session, Actor, datetime, Practice]:
        return self.session, LOCAL_USER, self.now, self.practice

    def work(self, times: int) -> None:
        """Do so many random things; `saved` counts those that were not refused."""
        things: list[Callable[[], object]] = [
            self.case_manager,
            self.case_manager,
            self.removal,
            self.appointment,
            self.status,
            self.enrollment,
            self.leave,
            self.clinician,
            self.payor,
        ]
        for _ in range(times):
            self.session.rollback()
            try:
                outcome = self.random.choice(things)()
            except UnknownRecord:
                continue
            self.saved += hasattr(outcome, "message")
        self.session.rollback()

    def any(self, *columns: Any) -> Any:
        """The columns of a random row of their table."""
        table: type[Base] = columns[0].class_
        number = self.session.execute(select(func.count()).select_from(table)).scalar_one()
        if not number:
            raise UnknownRecord
        at = self.random.randrange(number)
        row = self.session.execute(select(*columns).order_by(table.__table__.c.id).offset(at).limit(1)).one()
        return row if len(columns) > 1 else row[0]

    def day(self, around: int = 200) -> date:
        return self.today + timedelta(days=self.random.randint(-around, around))

    def maybe(self, text: str) -> str:
        return text if self.random.random() < 0.5 else ""

    def case_manager(self) -> object:
        entry = CaseManagerEntry(
            service_line=self.any(ServiceLine.code),
            clinician=self.any(Clinician.number),
            start_date=self.day().isoformat(),
            end_date=self.maybe(self.day(400).isoformat()),
            for_clinician=self.maybe(self.any(Clinician.number)),
            end_current=self.random.random() < 0.7,
            leave_uncovered=self.random.random() < 0.5,
            reason="=1+1, as they left; „so“\nis it",
            change_kind=self.random.choice(["", "correction", "from_date"]),
            change_date=self.day().isoformat(),
        )
        client = self.any(Client.public_id)
        if self.random.random() < 0.5:
            return case_manager.save_case_manager(
                *self.where, case_manager.SaveRequest(client=client, entry=entry)
            )
        of, row, version = self.any(CaseManager.client_id, CaseManager.public_id, CaseManager.version)
        client = self.session.execute(select(Client.public_id).where(Client.id == of)).scalar_one()
        return case_manager.save_case_manager(
            *self.where,
            case_manager.SaveRequest(client=client, entry=entry, case_manager=row, version=version),
        )

    def removal(self) -> object:
        of, row = self.any(CaseManager.client_id, CaseManager.public_id)
        client = self.session.execute(select(Client.public_id).where(Client.id == of)).scalar_one()
        return remove_case_manager(*self.where, client, row, reason="entered in error")

    def appointment(self) -> object:
        start = self.day(60)
        entry = AppointmentEntry(
            service_line=self.any(ServiceLine.code),
            start_date=start.isoformat(),
            start_time=f"{self.random.randint(0, 23):02d}:{self.random.choice((0, 15, 30, 59)):02d}",
            minutes=str(self.random.randint(1, 240)),
            clinician=self.maybe(self.any(Clinician.number)),
            billable=self.random.random() < 0.8,
            until=self.maybe((start + timedelta(days=self.random.randint(0, 40))).isoformat()),
        )
        return appointment.save_appointment(
            *self.where, appointment.SaveRequest(client=self.any(Client.public_id), entry=entry)
        )

    def status(self) -> object:
        of, row = self.any(Appointment.client_id, Appointment.public_id)
        client = self.session.execute(select(Client.public_id).where(Client.id == of)).scalar_one()
        return change_status(*self.where, client, row, self.random.choice(["complete", "no_show", "cancel"]))

    def enrollment(self) -> object:
        status = self.random.choice(["not_started", "in_process", "approved", "denied", "terminated"])
        entry = EnrollmentEntry(
            payor=self.any(Payor.code),
            status=status,
            applied_on=self.maybe(self.day().isoformat()),
            start_date=self.maybe(self.day(900).isoformat()),
            end_date=self.maybe(self.day(900).isoformat()),
            learned_on=self.maybe((self.today - timedelta(days=self.random.randint(0, 90))).isoformat()),
        )
        of, row, version = self.any(Enrollment.clinician_id, Enrollment.public_id, Enrollment.version)
        edits = self.random.random() < 0.5
        clinician = self.session.execute(select(Clinician.public_id).where(Clinician.id == of)).scalar_one()
        return enrollment_record.save_enrollment(
            *self.where,
            enrollment_record.SaveRequest(
                clinician=clinician,
                entry=entry,
                enrollment=row if edits else None,
                version=version if edits else None,
            ),
        )

    def leave(self) -> object:
        entry = LeaveEntry(
            start_date=self.day(60).isoformat(),
            end_date=self.maybe(self.day(60).isoformat()),
            note="Vacation; „Urlaub“, 休暇",
        )
        clinician = self.any(Clinician.public_id)
        if self.random.random() < 0.5:
            return leave.save_leave(*self.where, leave.LeaveRequest(clinician=clinician, entry=entry))
        of, row, version = self.any(Leave.clinician_id, Leave.public_id, Leave.version)
        clinician = self.session.execute(select(Clinician.public_id).where(Clinician.id == of)).scalar_one()
        request = leave.LeaveRequest(clinician=clinician, entry=entry, leave=row, version=version)
        return leave.save_leave(*self.where, request)

    def clinician(self) -> object:
        row = self.any(
            Clinician.id,
            Clinician.public_id,
            Clinician.version,
            Clinician.number,
            Clinician.last_name,
            Clinician.npi,
            Clinician.may_be_case_manager,
        )
        lines = self.session.execute(
            select(ServiceLine.code)
            .join(ClinicianServiceLine, ClinicianServiceLine.service_line_id == ServiceLine.id)
            .where(ClinicianServiceLine.clinician_id == row.id)
        ).scalars()
        entry = ClinicianEntry(
            number=row.number,
            last_name=row.last_name,
            first_name=self.random.choice(["Ada", "Zoë", "O'Hara", "李"]),
            credential=self.random.choice(["BCBA", "CCC-SLP", ""]),
            npi=row.npi or "",
            service_lines=tuple(sorted({*lines, self.any(ServiceLine.code)})),
            may_be_case_manager=self.random.random() < 0.9,
            active_from=self.maybe(self.day(2000).isoformat()),
            active_to=self.maybe(self.day(90).isoformat()) if self.random.random() < 0.3 else "",
            caseload_limit=self.maybe(str(self.random.randint(1, 40))),
        )
        return clinician_record.save_clinician(
            *self.where,
            clinician_record.SaveRequest(entry=entry, clinician=row.public_id, version=row.version),
        )

    def payor(self) -> object:
        row = self.any(Payor.public_id, Payor.version, Payor.code, Payor.name)
        entry = PayorEntry(
            code=row.code,
            name=row.name,
            type=self.random.choice(["insurance", "regional_center", "school_district", "private_pay"]),
            requires_enrollment=self.random.random() < 0.5,
        )
        return payor_record.save_payor(
            *self.where,
            payor_record.SaveRequest(entry=entry, payor=row.public_id, version=row.version),
        )
