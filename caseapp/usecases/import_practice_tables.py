"""Where each practice file is stored: its table, and the column and reference behind each of its columns."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, cast

from sqlalchemy import Table

from caseapp.models import (
    Appointment,
    Base,
    CaseManager,
    Client,
    ClientServiceLine,
    Clinician,
    Enrollment,
    FundingSource,
    Leave,
    Payor,
    ServiceLine,
)

Reference = Literal["service_line", "payor", "clinician", "client"]

_REFERENCES: Mapping[str, tuple[str, Reference]] = {
    "client_number": ("client_id", "client"),
    "clinician_number": ("clinician_id", "clinician"),
    "for_clinician_number": ("for_clinician_id", "clinician"),
    "payor_id": ("payor_id", "payor"),
    "service_line": ("service_line_id", "service_line"),
}

REFERRING: Mapping[str, Reference] = dict(_REFERENCES.values())
"""What the referring columns of the tables refer to."""


@dataclass(frozen=True, slots=True)
class StoredTable:
    """Where a file's rows go.

    `lookup` is the column by which the rows of a block are found again; `renamed` maps file columns to the
    table's; `unique` are further columns that no two rows may share; `exclusive` says that some rows may not
    share a day; `judged_everywhere` that gaps of any client can hang on a row.
    """

    model: type[Base]
    lookup: str
    renamed: Mapping[str, str]
    refers: bool = True
    unique: tuple[str, ...] = ()
    exclusive: bool = False
    judged_everywhere: bool = False

    @property
    def table(self) -> Table:
        return cast(Table, self.model.__table__)

    def stored(self, column: str) -> tuple[str, Reference | None]:
        """The table's column for a file's column, and what it refers to."""
        if self.refers and column in _REFERENCES:
            return _REFERENCES[column]
        return self.renamed.get(column, column), None


STORED: Mapping[str, StoredTable] = {
    "service_lines": StoredTable(ServiceLine, "code", {}, refers=False),
    "payors": StoredTable(Payor, "code", {"payor_id": "code"}, refers=False, judged_everywhere=True),
    "clinicians": StoredTable(
        Clinician,
        "number",
        {"clinician_number": "number"},
        refers=False,
        unique=("npi",),
        judged_everywhere=True,
    ),
    "enrollments": StoredTable(Enrollment, "clinician_id", {}, judged_everywhere=True),
    "leaves": StoredTable(Leave, "clinician_id", {}),
    "clients": StoredTable(
        Client, "number", {"client_number": "number"}, refers=False, unique=("external_id",)
    ),
    "client_service_lines": StoredTable(ClientServiceLine, "client_id", {}),
    "funding_sources": StoredTable(FundingSource, "client_id", {}, exclusive=True),
    "case_managers": StoredTable(CaseManager, "client_id", {}, exclusive=True),
    "appointments": StoredTable(Appointment, "number", {"appointment_number": "number"}),
}
