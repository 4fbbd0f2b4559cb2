"""Who is enrolled with whom today: clinicians down, payors that require enrollment across.

Pages are cut both ways, so that the grid of a large practice costs what that of a small one does.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy.orm import Session

from caseapp.domain.enrollment import Enrollment as Facts
from caseapp.domain.enrollment_words import Cell, cell
from caseapp.domain.payor import must_be_enrolled
from caseapp.usecases.enrollment_grid_facts import (
    Column,
    Question,
    clinicians_by_name,
    enrollments_with,
    line_ids,
    lines_practised,
    payors_by_name,
)
from caseapp.usecases.enrollment_single import SinglePoint, single_points

CLINICIANS = 25
PAYORS = 12


class Standing(NamedTuple):
    """One cell: how it stands with the payor, and which enrollment its link opens (None: a new one).

    A tuple, because a grid has hundreds of them: the template takes each apart once.
    """

    payor: str
    code: str
    kind: str
    text: str
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
    asking = [column for column, payor in payors_by_name(session) if must_be_enrolled(payor)]
    chosen = [column for column in asking if question.payor in ("", column.code)]
    begins = next((place + 1 for place, one in enumerate(chosen) if one.id == question.column), 0)
    columns = chosen[begins : begins + PAYORS]
    lines = line_ids(session)
    people = clinicians_by_name(session, question, CLINICIANS + 1, today)
    shown = people[:CLINICIANS]
    practised = lines_practised(session, shown)
    enrollments = enrollments_with(session, shown, columns)
    cells = _Cells(today)
    rows = tuple(_row(person, practised, columns, enrollments, cells) for person in shown)
    wanted = {code: row_id for code, row_id in lines.items() if question.service_line in ("", code)}
    return Grid(
        columns=tuple(columns),
        rows=rows,
        single=single_points(session, {one.row_id: (one.code, one.name) for one in columns}, wanted, today),
        next=shown[-1][1] if len(people) > CLINICIANS else None,
        next_column=columns[-1].id if len(chosen) > begins + PAYORS else None,
        payors=tuple((one.code, one.name) for one in asking),
        lines=tuple(lines),
    )


class _Cells:
    """Says each kind of standing once: most cells of a grid are alike."""

    def __init__(self, today: date) -> None:
        self.today = today
        self._known: dict[tuple[Any, ...], tuple[Cell, int | None]] = {}

    def standing(self, column: Column, periods: list[Any]) -> Standing:
        """`periods` are rows of ENROLLMENTS."""
        key = tuple([period[4:] for period in periods])
        known = self._known.get(key)
        if known is None:
            known = self._known[key] = self._say(key)
        shown, place = known
        enrollment = None if place is None else periods[place][3]
        return Standing(column.name, column.code, shown.kind, shown.text, enrollment)

    def _say(self, periods: tuple[Any, ...]) -> tuple[Cell, int | None]:
        """The words, and which of the enrollments a link opens: the one that holds today, else the latest.

        `periods` are (status, start, end, applied on).
        """
        facts = [Facts("", *period) for period in periods]
        shown = cell(facts, "", self.today)
        holding = (n for n, one in enumerate(facts) if cell([one], "", self.today).enrolled)
        return shown, next(holding, 0 if facts else None)


def _row(
    person: Any,
    practised: dict[int, list[str]],
    columns: list[Column],
    enrollments: dict[tuple[int, int], list[Any]],
    cells: _Cells,
) -> GridRow:
    row_id, public_id, first_name, last_name, credential, active = person
    about = " · ".join(filter(None, (credential, ", ".join(sorted(practised.get(row_id, ()))))))
    name = f"{last_name}, {first_name}".strip(" ,")
    standings = [cells.standing(one, enrollments.get((row_id, one.row_id), [])) for one in columns]
    return GridRow(public_id, name, about, bool(active), tuple(standings))
