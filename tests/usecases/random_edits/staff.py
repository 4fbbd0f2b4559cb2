"""Random work on clinicians, their enrollments and leaves, payors and taxonomy codes."""

from sqlalchemy import select

from caseapp.domain.actor import LOCAL_USER
from caseapp.domain.clinician_entry import ClinicianEntry
from caseapp.domain.enrollment import ENROLLMENT_STATUSES
from caseapp.domain.enrollment_entry import EnrollmentEntry
from caseapp.domain.leave_entry import LeaveEntry
from caseapp.domain.payor import PAYOR_TYPES
from caseapp.domain.payor_entry import PayorEntry
from caseapp.models import (
    Clinician,
    ClinicianServiceLine,
    Enrollment,
    Leave,
    Payor,
    ServiceLine,
    TaxonomyCode,
)
from caseapp.usecases import clinician_record, enrollment_record, leave, payor_record, taxonomy_code
from tests.builders import npi
from tests.usecases.random_edits.hand import BAD_TEXTS, Hand

CODES = (
    "103K00000X",
    "225X00000X",
    "2355S0801X",
)


STAFF = (
    "add_clinician",
    "edit_clinician",
    "add_enrollment",
    "edit_enrollment",
    "remove_enrollment",
    "add_leave",
    "edit_leave",
    "remove_leave",
    "add_payor",
    "edit_payor",
    "bring_in_codes",
)
"""What can be done, by the names of the methods that do it."""


class Staff(Hand):
    """What the pages of clinicians and payors let somebody do."""

    def add_clinician(self) -> object:
        entry = self._clinician("", "", npi(self.random.randrange(10**8)), (self.line(),))
        request = clinician_record.SaveRequest(entry=entry, form_token=self.token())
        return clinician_record.save_clinician(*self.where, request)

    def edit_clinician(self) -> object:
        row = self.any(
            Clinician.id,
            Clinician.public_id,
            Clinician.version,
            Clinician.number,
            Clinician.last_name,
            Clinician.npi,
        )
        lines = self.session.scalars(
            select(ServiceLine.code)
            .join(ClinicianServiceLine, ClinicianServiceLine.service_line_id == ServiceLine.id)
            .where(ClinicianServiceLine.clinician_id == row.id)
        )
        entry = self._clinician(row.number, row.last_name, row.npi or "", (*lines, self.line()))
        request = clinician_record.SaveRequest(
            entry=entry,
            clinician=row.public_id,
            version=self.version(row.version),
            form_token=self.token(),
        )
        return clinician_record.save_clinician(*self.where, request)

    def _clinician(self, number: str, last: str, npi_now: str, lines: tuple[str, ...]) -> ClinicianEntry:
        return ClinicianEntry(
            number=self.number(number),
            last_name=self.text(last),
            first_name=self.text(),
            credential=self.random.choice(("BCBA", "CCC-SLP", "", "=X", "RBT")),
            npi=npi_now if self.chance(8) else self.random.choice(("", "1234567890", npi(7))),
            taxonomy_code=self.random.choice(("", self.any(TaxonomyCode.code), CODES[0].lower(), "?")),
            service_lines=lines if self.chance(8) else lines[:-2],
            may_be_case_manager=self.chance(9),
            active_from=self.maybe(self.day(2_000)),
            active_to=self.day(90) if self.chance(3) else "",
            caseload_limit=self.maybe(str(self.random.choice((0, 1, 40, 999, 1000)))),
            email=self.random.choice(("", "ada@example.org", "Zoë@exämple.org", "=a@b.c", "none")),
        )

    def add_enrollment(self) -> object:
        request = enrollment_record.SaveRequest(
            clinician=self.clinician(), entry=self._enrollment(), form_token=self.token()
        )
        return enrollment_record.save_enrollment(*self.where, request)

    def edit_enrollment(self) -> object:
        of, row, version = self.any(Enrollment.clinician_id, Enrollment.public_id, Enrollment.version)
        request = enrollment_record.SaveRequest(
            clinician=self.clinician(of),
            entry=self._enrollment(),
            enrollment=row,
            version=self.version(version),
            form_token=self.token(),
        )
        return enrollment_record.save_enrollment(*self.where, request)

    def remove_enrollment(self) -> object:
        of, row, version = self.any(Enrollment.clinician_id, Enrollment.public_id, Enrollment.version)
        return enrollment_record.remove_enrollment(
            *self.where, self.clinician(of), row, reason=self.note(), version=self.version(version)
        )

    def _enrollment(self) -> EnrollmentEntry:
        return EnrollmentEntry(
            payor=self.of(self.any(Payor.code)),
            status=self.random.choice((*ENROLLMENT_STATUSES, "approved")),
            applied_on=self.maybe(self.day()),
            start_date=self.day(900) if self.chance(7) else "",
            end_date=self.maybe(self.day(900)),
            learned_on=self.maybe(self.day(90)),
        )

    def add_leave(self) -> object:
        request = leave.LeaveRequest(clinician=self.clinician(), entry=self._leave(), form_token=self.token())
        return leave.save_leave(*self.where, request)

    def edit_leave(self) -> object:
        of, row, version = self.any(Leave.clinician_id, Leave.public_id, Leave.version)
        request = leave.LeaveRequest(
            clinician=self.clinician(of),
            entry=self._leave(),
            leave=row,
            version=self.version(version),
            form_token=self.token(),
        )
        return leave.save_leave(*self.where, request)

    def remove_leave(self) -> object:
        of, row, version = self.any(Leave.clinician_id, Leave.public_id, Leave.version)
        return leave.remove_leave(*self.where, self.clinician(of), row, self.version(version))

    def _leave(self) -> LeaveEntry:
        return LeaveEntry(start_date=self.day(60), end_date=self.maybe(self.day(60)), note=self.note())

    def add_payor(self) -> object:
        request = payor_record.SaveRequest(entry=self._payor("", ""), form_token=self.token())
        return payor_record.save_payor(*self.where, request)

    def edit_payor(self) -> object:
        row = self.any(Payor.public_id, Payor.version, Payor.code, Payor.name)
        request = payor_record.SaveRequest(
            entry=self._payor(row.code, row.name),
            payor=row.public_id,
            version=self.version(row.version),
            form_token=self.token(),
        )
        return payor_record.save_payor(*self.where, request)

    def _payor(self, code: str, name: str) -> PayorEntry:
        return PayorEntry(
            code=self.number(code),
            name=self.text(name),
            type=self.random.choice(PAYOR_TYPES),
            requires_enrollment=self.chance(5),
        )

    def bring_in_codes(self) -> object:
        """The reader of the file lets only text of one line through; see formats/taxonomy_codes.py."""
        names = [text for text in (self.text(code) for code in CODES) if text not in BAD_TEXTS]
        codes = dict(zip(CODES, names, strict=False))
        return taxonomy_code.import_taxonomy_codes(self.session, LOCAL_USER, self.now, codes, "codes.csv")
