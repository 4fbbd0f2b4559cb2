"""Who is enrolled with whom today: clinicians down, payors that require enrollment across.

Pages are cut both ways, so that the grid of a large practice costs what that of a small one does.
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple, cast

from sqlalchemy import select, tuple_
from sqlalchemy.orm import Session

from caseapp.domain.enrollment import Enrollment as Facts
from caseapp.domain.enrollment_words import Cell, cell
from caseapp.domain.payor import Payor as PayorFacts
from caseapp.domain.payor import PayorType, must_be_enrolled
from caseapp.models import Clinician, ClinicianServiceLine, Enrollment, Payor, ServiceLine
from caseapp.usecases.enrollment_single import SinglePoint, active_on, single_points

CLINICIANS = 50
PAYORS = 12


@dataclass(frozen=True, slots=True)
class Question:
    """Empty filters ask for any: `service_line` and `payor` are codes, `everybody` takes inactive ones too.

    `after` is the public ID of the clinician, `column` of the payor, behind which the page begins.
    """

    service_line: str = ""
    payor: str = ""
    everybody: bool = False
    after: str = ""
    column: str = ""


@dataclass(frozen=True, slots=True)
class Column:
    """A payor; `row_id` is its row in the database."""

    row_id: int
    id: str
    code: str
    name: str


class _Period(NamedTuple):
    enrollment: str
    status: str
    start: date | None
    end: date | None
    applied_on: date | None


@dataclass(frozen=True, slots=True)
class Standing:
    """One cell: how it stands, and which enrollment its link opens (None: a new one)."""

    column: Column
    cell: Cell
    enrollment: str | None


@dataclass(frozen=True, slots=True)
class GridRow:
    """One clinician; `about` is the credential, and the service lines."""

    id: str
    name: str
    about: str
    active: bool
    cells: tuple[Standing, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """`next` and `next_column` are what to go on behind, None at the end; `payors`, `lines` are choices."""

    columns: tuple[Column, ...]
    rows: tuple[GridRow, ...]
    single: tuple[SinglePoint, ...]
    next: str | None
    next_column: str | None
    payors: tuple[tuple[str, str], ...]
    lines: tuple[str, ...]


def enrollment_grid(session: Session, question: Question, today: date) -> Grid:
    """The part of the grid that is asked for, in at most seven statements."""
    asking = [column for column, payor in _payors(session) if must_be_enrolled(payor)]
    chosen = [column for column in asking if question.payor in ("", column.code)]
    begins = next((place + 1 for place, one in enumerate(chosen) if one.id == question.column), 0)
    columns = chosen[begins : begins + PAYORS]
    lines = dict(session.execute(select(ServiceLine.code, ServiceLine.id).order_by(ServiceLine.code)).all())
    people = _clinicians(session, question, today)
    shown = people[:CLINICIANS]
    practised = _practised(session, shown)
    enrollments = _enrollments(session, shown, columns)
    cells = _Cells(today)
    rows = tuple(_row(person, practised, columns, enrollments, cells) for person in shown)
    wanted = {code: row_id for code, row_id in lines.items() if question.service_line in ("", code)}
    return Grid(
        columns=tuple(columns),
        rows=rows,
        single=single_points(session, {one.row_id: (one.code, one.name) for one in columns}, wanted, today),
        next=shown[-1].public_id if len(people) > CLINICIANS else None,
        next_column=columns[-1].id if len(chosen) > begins + PAYORS else None,
        payors=tuple((one.code, one.name) for one in asking),
        lines=tuple(lines),
    )


def _payors(session: Session) -> list[tuple[Column, PayorFacts]]:
    rows = session.execute(
        select(
            Payor.id, Payor.public_id, Payor.code, Payor.name, Payor.type, Payor.requires_enrollment
        ).order_by(Payor.name, Payor.code)
    )
    return [
        (
            Column(row.id, row.public_id, row.code, row.name),
            PayorFacts(row.code, row.name, cast(PayorType, row.type), row.requires_enrollment),
        )
        for row in rows
    ]


def _clinicians(session: Session, question: Question, today: date) -> list[Any]:
    key = (Clinician.last_name, Clinician.first_name, Clinician.id)
    found = select(
        Clinician.id,
        Clinician.public_id,
        Clinician.first_name,
        Clinician.last_name,
        Clinician.credential,
        active_on(today).label("active"),
    )
    if not question.everybody:
        found = found.where(active_on(today))
    if question.service_line:
        practising = (
            select(ClinicianServiceLine.clinician_id)
            .join(ServiceLine, ServiceLine.id == ClinicianServiceLine.service_line_id)
            .where(ServiceLine.code == question.service_line)
        )
        found = found.where(Clinician.id.in_(practising))
    if question.after:
        place = session.execute(select(*key).where(Clinician.public_id == question.after)).one_or_none()
        if place is not None:
            found = found.where(tuple_(*key) > tuple_(*place))
    return list(session.execute(found.order_by(*key).limit(CLINICIANS + 1)))


def _practised(session: Session, people: list[Any]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = defaultdict(list)
    for clinician_id, code in session.execute(
        select(ClinicianServiceLine.clinician_id, ServiceLine.code)
        .join(ServiceLine, ServiceLine.id == ClinicianServiceLine.service_line_id)
        .where(ClinicianServiceLine.clinician_id.in_([person.id for person in people]))
        .order_by(ServiceLine.code)
    ):
        found[clinician_id].append(code)
    return found


def _enrollments(
    session: Session, people: list[Any], columns: list[Column]
) -> dict[tuple[int, int], list[_Period]]:
    """By row id of clinician and payor, the latest first."""
    found: dict[tuple[int, int], list[_Period]] = defaultdict(list)
    rows: Any = session.execute(
        select(
            Enrollment.clinician_id,
            Enrollment.payor_id,
            Enrollment.public_id,
            Enrollment.status,
            Enrollment.start_date,
            Enrollment.end_date,
            Enrollment.applied_on,
        )
        .where(
            Enrollment.clinician_id.in_([person.id for person in people]),
            Enrollment.payor_id.in_([column.row_id for column in columns]),
        )
        .order_by(Enrollment.start_date.desc().nulls_first(), Enrollment.id.desc())
    )
    for clinician_id, payor_id, *period in rows:
        found[clinician_id, payor_id].append(_Period(*period))
    return found


class _Cells:
    """Says each kind of standing once: most cells of a grid are alike."""

    def __init__(self, today: date) -> None:
        self.today = today
        self._known: dict[tuple[Any, ...], tuple[Cell, int | None]] = {}

    def standing(self, column: Column, periods: list[_Period]) -> Standing:
        key = tuple(period[1:] for period in periods)
        known = self._known.get(key)
        if known is None:
            known = self._known[key] = self._say(periods)
        shown, place = known
        return Standing(column, shown, None if place is None else periods[place].enrollment)

    def _say(self, periods: list[_Period]) -> tuple[Cell, int | None]:
        """The words, and which of the enrollments a link opens: the one that holds today, else the latest."""
        facts = [Facts("", cast(Any, p.status), p.start, p.end, p.applied_on) for p in periods]
        shown = cell(facts, "", self.today)
        holding = (n for n, one in enumerate(facts) if cell([one], "", self.today).enrolled)
        return shown, next(holding, 0 if facts else None)


def _row(
    person: Any,
    practised: dict[int, list[str]],
    columns: list[Column],
    enrollments: dict[tuple[int, int], list[_Period]],
    cells: _Cells,
) -> GridRow:
    about = " · ".join(filter(None, (person.credential, ", ".join(practised.get(person.id, ())))))
    name = f"{person.last_name}, {person.first_name}".strip(" ,")
    standings = (cells.standing(one, enrollments.get((person.id, one.row_id), [])) for one in columns)
    return GridRow(person.public_id, name, about, bool(person.active), tuple(standings))
