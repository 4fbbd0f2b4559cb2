"""A person who can treat."""

from dataclasses import dataclass, field
from datetime import date

from caseapp.domain.enrollment import Enrollment
from caseapp.domain.period import Period


@dataclass(frozen=True, slots=True, kw_only=True)
class Leave(Period):
    """A vacation or absence; it never changes the case manager by itself."""

    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Clinician:
    """`number` is the practice's key; `npi` the individual NPI as recorded, valid or not.

    `id` is the opaque public ID, by which screens lead to the clinician's page; no rule asks for it.
    """

    number: str
    first_name: str = ""
    last_name: str = ""
    credential: str = ""
    npi: str | None = None
    service_lines: frozenset[str] = frozenset()
    may_be_case_manager: bool = True
    active_from: date | None = None
    active_to: date | None = None
    caseload_limit: int | None = None
    enrollments: tuple[Enrollment, ...] = ()
    leaves: tuple[Leave, ...] = ()
    id: str = field(default="", compare=False)

    @property
    def name(self) -> str:
        return f"{self.first_name} {self.last_name}".strip() or self.number

    def is_active_on(self, day: date) -> bool:
        return (self.active_from is None or self.active_from <= day) and (
            self.active_to is None or day <= self.active_to
        )
