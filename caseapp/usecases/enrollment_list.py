"""The enrollments of one clinician, or with one payor, as their tables show them."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from typing import Any, cast

from sqlalchemy import Integer, Select, String, Table, bindparam, select, tuple_
from sqlalchemy.orm import Session

from caseapp.domain import words
from caseapp.domain.actor import Actor
from caseapp.domain.coverage_about import HIT_WITHIN
from caseapp.domain.enrollment import EnrollmentStatus
from caseapp.domain.enrollment_entry import EnrollmentValues
from caseapp.domain.enrollment_words import STATUS_WORDS, Cell, cell
from caseapp.models import Clinician, Enrollment
from caseapp.usecases.coverage_impact import CauseOf, Impact, impacts
from caseapp.usecases.enrollment_record_facts import EnrollmentsOf

PAGE = 50
PAST = Cell("neutral", "past")

_clinician = cast(Table, Clinician.__table__)
_enrollment = cast(Table, Enrollment.__table__)
_BOTH = _enrollment.join(_clinician, _clinician.c.id == _enrollment.c.clinician_id)
_KEY = (_clinician.c.last_name, _clinician.c.first_name, _enrollment.c.id)
_PLACE = (
    select(*_KEY).select_from(_BOTH).where(_enrollment.c.public_id == bindparam("public_id", type_=String))
)


@dataclass(frozen=True, slots=True, kw_only=True)
class EnrollmentRow:
    """All as it is shown; `today` says whether it counts today."""

    id: str
    payor: str
    status: str
    applied_on: str
    starts: str
    ends: str
    learned_on: str
    today: Cell
    hits: str = ""

    @property
    def key(self) -> str:
        return f"enrollment-{self.id}"

    @property
    def actions(self) -> str:
        """What its menu button is called."""
        return f"Actions for {self.payor}, {self.status}{f', from {self.starts}' if self.starts else ''}"


@dataclass(frozen=True, slots=True, kw_only=True)
class ClinicianEnrollments:
    """`clinician` is the public ID."""

    clinician: str
    name: str
    rows: tuple[EnrollmentRow, ...]

    def row(self, enrollment: str) -> EnrollmentRow | None:
        return next((row for row in self.rows if row.id == enrollment), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class EnrolledClinician:
    """A row on a payor's page: whose enrollment it is, and the enrollment."""

    clinician: str
    name: str
    row: EnrollmentRow


@dataclass(frozen=True, slots=True)
class PayorEnrollments:
    """A page of them; `next` is the enrollment to go on behind, None at the end."""

    rows: tuple[EnrolledClinician, ...]
    next: str | None


def of_clinician(
    of: EnrollmentsOf, today: date, hits: Mapping[CauseOf, Impact] | None = None
) -> ClinicianEnrollments:
    """With `hits` (see `hits_of`) the row of an enrollment that ends tells them."""
    rows = []
    for key, one in of.enrollments.items():
        row = _row(key, of.payors[one.values.payor], one.values, today)
        hit = (hits or {}).get(CauseOf("enrollment", of.clinician, one.values.payor))
        rows.append(replace(row, hits=hit.words) if hit and _ends(one.values, today) else row)
    return ClinicianEnrollments(clinician=of.clinician, name=of.name, rows=tuple(rows))


def hits_of(session: Session, actor: Actor, of: EnrollmentsOf, today: date) -> dict[CauseOf, Impact]:
    """What it hits that a clinician's enrollments end, in one statement; in none where none ends."""
    payors = {one.values.payor for one in of.enrollments.values() if _ends(one.values, today)}
    return impacts(session, actor, [CauseOf("enrollment", of.clinician, payor) for payor in payors])


def _ends(values: EnrollmentValues, today: date) -> bool:
    """It has an end, and that is not long past."""
    return values.end_date is not None and values.end_date >= today - HIT_WITHIN


def of_payor(
    session: Session, payor_id: int, code: str, name: str, today: date, after: str | None = None
) -> PayorEnrollments:
    """A page of the enrollments with a payor by the clinicians' names, in at most two statements."""
    connection = session.connection()
    values: dict[str, Any] = {"payor": payor_id}
    place = None
    if after:
        # The place is an ID, so that nobody's name stands in an address.
        place = connection.execute(_PLACE, {"public_id": after}).one_or_none()
    if place is not None:
        values |= {"last_name": place[0], "first_name": place[1], "id": place[2]}
    rows = connection.execute(_statement(place is not None), values).all()
    shown = tuple(_enrolled(row, code, name, today) for row in rows[:PAGE])
    return PayorEnrollments(shown, shown[-1].row.id if len(rows) > PAGE else None)


@cache
def _statement(goes_on: bool) -> Select[Any]:
    """The page, put together once; where it `goes_on`, behind the place bound to the names and the id."""
    found = (
        select(
            _enrollment.c.public_id,
            _enrollment.c.status,
            _enrollment.c.applied_on,
            _enrollment.c.start_date,
            _enrollment.c.end_date,
            _enrollment.c.learned_on,
            _clinician.c.public_id.label("clinician"),
            _clinician.c.first_name,
            _clinician.c.last_name,
        )
        .select_from(_BOTH)
        .where(_enrollment.c.payor_id == bindparam("payor", type_=Integer))
    )
    if goes_on:
        place = tuple_(
            bindparam("last_name", type_=String),
            bindparam("first_name", type_=String),
            bindparam("id", type_=Integer),
        )
        found = found.where(tuple_(*_KEY) > place)
    return found.order_by(*_KEY).limit(PAGE + 1)


def _enrolled(row: Any, code: str, name: str, today: date) -> EnrolledClinician:
    public_id, status, applied_on, start, end, learned_on, clinician, first_name, last_name = row
    values = EnrollmentValues(
        payor=code,
        status=status,
        applied_on=applied_on,
        start_date=start,
        end_date=end,
        learned_on=learned_on,
    )
    return EnrolledClinician(
        clinician=clinician,
        name=f"{last_name}, {first_name}".strip(" ,"),
        row=_row(public_id, name, values, today),
    )


def _row(public_id: str, payor: str, values: EnrollmentValues, today: date) -> EnrollmentRow:
    over = values.end_date is not None and values.end_date < today
    return EnrollmentRow(
        id=public_id,
        payor=payor,
        status=STATUS_WORDS[cast(EnrollmentStatus, values.status)],
        applied_on=_day(values.applied_on),
        starts=_day(values.start_date),
        ends=_day(values.end_date),
        learned_on=_day(values.learned_on),
        today=PAST if over else cell([values.enrollment], values.payor, today),
    )


def _day(value: date | None) -> str:
    return words.day(value) if value else ""
