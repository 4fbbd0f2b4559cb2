"""What is kept of a coverage finding, as columns and as a value: for banners, lists and files alike."""

from datetime import date, datetime
from functools import lru_cache
from typing import Any, NamedTuple, cast

from sqlalchemy import ColumnElement, Select, Table, exists, select
from sqlalchemy.sql.elements import True_

from caseapp.domain.actor import Actor
from caseapp.domain.coverage_about import About
from caseapp.domain.coverage_mending import Correction, Form, correction_for, form_for
from caseapp.models import Client, Clinician, CoverageFinding, ServiceLine
from caseapp.usecases.visibility import visible_to

finding = cast(Table, CoverageFinding.__table__)
line = cast(Table, ServiceLine.__table__)
client = cast(Table, Client.__table__)
clinician = cast(Table, Clinician.__table__)


class Kept(NamedTuple):
    """One finding; `clinician_id` and `case_manager` are public IDs, `clinician_number` and `payor` codes.

    Its day columns are None where there is none; the clinician's are None where it is about nobody.
    """

    service_line: str
    code: str
    severity: str
    mend_by: date | None
    at_risk: int
    message: str
    clinician_id: str | None
    payor: str | None
    case_manager: str | None
    begins: date | None
    first_session: datetime | None
    clinician_number: str | None
    clinician_first: str | None
    clinician_last: str | None

    @property
    def clinician_name(self) -> str:
        names = (self.clinician_first, self.clinician_last)
        return " ".join(name for name in names if name) or self.clinician_number or ""

    def form(self, on: date) -> Form | None:
        return _form(self.service_line, self.code, self.mend_by, self.case_manager or "", self.begins, on)

    def correction(self) -> Correction | None:
        if not self.clinician_id:
            return None
        return _correction(self.code, self.clinician_id, self.payor or "", self.clinician_name)


@lru_cache(maxsize=2_000)
def _form(
    service_line: str, code: str, mend_by: date | None, case_manager: str, begins: date | None, on: date
) -> Form | None:
    """Kept: the gaps of a list ask for few different ones."""
    return form_for(service_line, code, mend_by, About(case_manager=case_manager, begins=begins), on)


@lru_cache(maxsize=2_000)
def _correction(code: str, clinician_id: str, payor: str, name: str) -> Correction | None:
    return correction_for(code, About(clinician=clinician_id, payor=payor), name)


COLUMNS = (
    line.c.code.label("service_line"),
    finding.c.code,
    finding.c.severity,
    finding.c.mend_by,
    finding.c.at_risk,
    finding.c.message,
    finding.c.clinician,
    finding.c.payor,
    finding.c.case_manager,
    finding.c.begins,
    finding.c.first_session,
    clinician.c.number,
    clinician.c.first_name,
    clinician.c.last_name,
)


def kept_findings(*more: Any) -> Select[Any]:
    """The findings with the columns of Kept, and `more` behind them."""
    return select(*COLUMNS, *more).select_from(
        finding.join(line, line.c.id == finding.c.service_line_id).outerjoin(
            clinician, clinician.c.public_id == finding.c.clinician
        )
    )


def visible_findings(actor: Actor) -> ColumnElement[bool]:
    """The condition over findings that the actor may see their clients, left out where they see them all."""
    visible = visible_to(actor)
    if isinstance(visible, True_):
        return visible
    return exists(select(client.c.id).where(client.c.id == finding.c.client_id, visible))
