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
from tests.usecases.random_edits.hand import BAD_TEXTS, Hand, Things

CODES = ("103K00000X", "225X00000X", "2355S0801X")


class Staff:
    """What the pages of clinicians and payors let somebody do."""

    def __init__(self, hand: Hand) -> None:
        self.hand = hand

    @property
    def things(self) -> Things:
        return {
            "add a clinician": self.add_clinician,
            "edit a clinician": self.edit_clinician,
            "add an enrollment": self.add_enrollment,
            "edit an enrollment": self.edit_enrollment,
            "remove an enrollment": self.remove_enrollment,
            "add a leave": self.add_leave,
            "edit a leave": self.edit_leave,
            "remove a leave": self.remove_leave,
            "add a payor": self.add_payor,
            "edit a payor": self.edit_payor,
            "bring in taxonomy codes": self.bring_in_codes,
        }

    def add_clinician(self) -> object:
        hand = self.hand
        entry = self._clinician("", "", npi(hand.random.randrange(10**8)), (hand.line(),))
        request = clinician_record.SaveRequest(entry=entry, form_token=hand.token())
        return clinician_record.save_clinician(*hand.where, request)

    def edit_clinician(self) -> object:
        hand = self.hand
        row = hand.any(
            Clinician.id,
            Clinician.public_id,
            Clinician.version,
            Clinician.number,
            Clinician.last_name,
            Clinician.npi,
        )
        lines = hand.session.scalars(
            select(ServiceLine.code)
            .join(ClinicianServiceLine, ClinicianServiceLine.service_line_id == ServiceLine.id)
            .where(ClinicianServiceLine.clinician_id == row.id)
        )
        entry = self._clinician(row.number, row.last_name, row.npi or "", (*lines, hand.line()))
        request = clinician_record.SaveRequest(
            entry=entry,
            clinician=row.public_id,
            version=hand.version(row.version),
            form_token=hand.token(),
        )
        return clinician_record.save_clinician(*hand.where, request)

    def _clinician(self, number: str, last: str, npi_now: str, lines: tuple[str, ...]) -> ClinicianEntry:
        hand = self.hand
        return ClinicianEntry(
            number=hand.number(number),
            last_name=hand.text(last),
            first_name=hand.text(),
            credential=hand.random.choice(("BCBA", "CCC-SLP", "", "=X", "RBT")),
            npi=npi_now if hand.chance(8) else hand.random.choice(("", "1234567890", npi(7))),
            taxonomy_code=hand.random.choice(("", hand.any(TaxonomyCode.code), CODES[0].lower(), "?")),
            service_lines=lines if hand.chance(8) else lines[:-2],
            may_be_case_manager=hand.chance(9),
            active_from=hand.maybe(hand.day(2_000)),
            active_to=hand.day(90) if hand.chance(3) else "",
            caseload_limit=hand.maybe(str(hand.random.choice((0, 1, 40, 999, 1000)))),
            email=hand.random.choice(("", "ada@example.org", "Zoë@exämple.org", "=a@b.c", "none")),
        )

    def add_enrollment(self) -> object:
        hand = self.hand
        request = enrollment_record.SaveRequest(
            clinician=hand.clinician(), entry=self._enrollment(), form_token=hand.token()
        )
        return enrollment_record.save_enrollment(*hand.where, request)

    def edit_enrollment(self) -> object:
        hand = self.hand
        of, row, version = hand.any(Enrollment.clinician_id, Enrollment.public_id, Enrollment.version)
        request = enrollment_record.SaveRequest(
            clinician=hand.clinician(of),
            entry=self._enrollment(),
            enrollment=row,
            version=hand.version(version),
            form_token=hand.token(),
        )
        return enrollment_record.save_enrollment(*hand.where, request)

    def remove_enrollment(self) -> object:
        hand = self.hand
        of, row, version = hand.any(Enrollment.clinician_id, Enrollment.public_id, Enrollment.version)
        return enrollment_record.remove_enrollment(
            *hand.where, hand.clinician(of), row, reason=hand.note(), version=hand.version(version)
        )

    def _enrollment(self) -> EnrollmentEntry:
        hand = self.hand
        return EnrollmentEntry(
            payor=hand.of(hand.any(Payor.code)),
            status=hand.random.choice((*ENROLLMENT_STATUSES, "approved")),
            applied_on=hand.maybe(hand.day()),
            start_date=hand.day(900) if hand.chance(7) else "",
            end_date=hand.maybe(hand.day(900)),
            learned_on=hand.maybe(hand.day(90)),
        )

    def add_leave(self) -> object:
        hand = self.hand
        request = leave.LeaveRequest(clinician=hand.clinician(), entry=self._leave(), form_token=hand.token())
        return leave.save_leave(*hand.where, request)

    def edit_leave(self) -> object:
        hand = self.hand
        of, row, version = hand.any(Leave.clinician_id, Leave.public_id, Leave.version)
        request = leave.LeaveRequest(
            clinician=hand.clinician(of),
            entry=self._leave(),
            leave=row,
            version=hand.version(version),
            form_token=hand.token(),
        )
        return leave.save_leave(*hand.where, request)

    def remove_leave(self) -> object:
        hand = self.hand
        of, row, version = hand.any(Leave.clinician_id, Leave.public_id, Leave.version)
        return leave.remove_leave(*hand.where, hand.clinician(of), row, hand.version(version))

    def _leave(self) -> LeaveEntry:
        hand = self.hand
        return LeaveEntry(start_date=hand.day(60), end_date=hand.maybe(hand.day(60)), note=hand.note())

    def add_payor(self) -> object:
        request = payor_record.SaveRequest(entry=self._payor("", ""), form_token=self.hand.token())
        return payor_record.save_payor(*self.hand.where, request)

    def edit_payor(self) -> object:
        hand = self.hand
        row = hand.any(Payor.public_id, Payor.version, Payor.code, Payor.name)
        request = payor_record.SaveRequest(
            entry=self._payor(row.code, row.name),
            payor=row.public_id,
            version=hand.version(row.version),
            form_token=hand.token(),
        )
        return payor_record.save_payor(*hand.where, request)

    def _payor(self, code: str, name: str) -> PayorEntry:
        hand = self.hand
        return PayorEntry(
            code=hand.number(code),
            name=hand.text(name),
            type=hand.random.choice(PAYOR_TYPES),
            requires_enrollment=hand.chance(5),
        )

    def bring_in_codes(self) -> object:
        """The reader of the file lets only text of one line through; see formats/taxonomy_codes.py."""
        hand = self.hand
        names = [text for text in (hand.text(code) for code in CODES) if text not in BAD_TEXTS]
        codes = dict(zip(CODES, names, strict=False))
        return taxonomy_code.import_taxonomy_codes(hand.session, LOCAL_USER, hand.now, codes, "codes.csv")
