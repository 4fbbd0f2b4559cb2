"""The week list: everybody's appointments, day by day."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, cast

from sqlalchemy import Integer, Select, String, Table, bindparam, select, tuple_
from sqlalchemy.orm import Session

from caseapp.domain.actor import Actor
from caseapp.domain.dates import first_instant
from caseapp.domain.practice import Practice
from caseapp.domain.weekly import ONE_WEEK
from caseapp.models import Appointment, Client, Clinician, ServiceLine
from caseapp.models.base import Instant
from caseapp.usecases.client_page import clinician_name
from caseapp.usecases.visibility import kept_by_sight, visible_to

Place = tuple[datetime, int]
"""Where a part of the list ends: the start and the row id of its last appointment."""

PART, WHOLE = 50, 1_000
"""How many are shown at once: to look at, and to print."""


@dataclass(frozen=True, slots=True)
class Question:
    """`monday` begins the week; `clinician` (number) and `service_line` (code) are empty for all.

    `whole` asks for as much as can be printed, `held` leaves out what was cancelled.
    """

    monday: date
    clinician: str = ""
    service_line: str = ""
    after: Place | None = None
    whole: bool = False
    held: bool = False

    @property
    def most(self) -> int:
        return WHOLE if self.whole else PART


@dataclass(frozen=True, slots=True)
class Line:
    """One appointment of the week; `clinician` is empty where nobody is named."""

    public_id: str
    client: str
    client_name: str
    starts_at: datetime
    minutes: int
    service_line: str
    clinician: str
    status: str
    billable: bool


@dataclass(frozen=True, slots=True)
class Week:
    """As many appointments as were asked for, in order, and the place from which the list goes on, if so."""

    lines: tuple[Line, ...]
    after: Place | None


def week_list(session: Session, actor: Actor, question: Question, practice: Practice) -> Week:
    """One part of a week in one statement, from Monday's first instant to Sunday's last."""
    asked: dict[str, Any] = {
        "begin": first_instant(question.monday, practice.zone),
        "end": first_instant(question.monday + ONE_WEEK, practice.zone),
        "number": question.clinician,
        "code": question.service_line,
        "part": question.most + 1,
    }
    if question.after is not None:
        asked |= {"after_start": question.after[0], "after_id": question.after[1]}
    statement = _statement(
        actor,
        bool(question.clinician),
        bool(question.service_line),
        question.after is not None,
        question.held,
    )
    rows = session.connection().execute(statement, asked).all()
    lines = tuple(
        Line(
            row[1],
            row[2],
            f"{row[3]}, {row[4]}".strip(" ,"),
            row[5],
            row[6],
            row[7],
            clinician_name(row[8], row[9], row[10]),
            row[11],
            row[12],
        )
        for row in rows[: question.most]
    )
    return Week(lines, (lines[-1].starts_at, rows[len(lines) - 1][0]) if len(rows) > len(lines) else None)


@kept_by_sight()
def _statement(actor: Actor, of_clinician: bool, of_line: bool, after: bool, held: bool) -> Select[Any]:
    """The list under so many filters. Put together once: the values come with each request."""
    visit, client, line, clinician = (
        cast(Table, model.__table__) for model in (Appointment, Client, ServiceLine, Clinician)
    )
    statement: Select[Any] = (
        select(
            visit.c.id,
            visit.c.public_id,
            client.c.public_id.label("client"),
            client.c.last_name.label("client_last"),
            client.c.first_name.label("client_first"),
            visit.c.starts_at,
            visit.c.minutes,
            line.c.code,
            clinician.c.first_name,
            clinician.c.last_name,
            clinician.c.credential,
            visit.c.status,
            visit.c.billable,
        )
        .select_from(
            visit.join(client, client.c.id == visit.c.client_id)
            .join(line, line.c.id == visit.c.service_line_id)
            .outerjoin(clinician, clinician.c.id == visit.c.clinician_id)
        )
        .where(visit.c.starts_at >= bindparam("begin", type_=Instant), visible_to(actor))
        .where(visit.c.starts_at < bindparam("end", type_=Instant))
        .order_by(visit.c.starts_at, visit.c.id)
        .limit(bindparam("part", type_=Integer))
    )
    if held:
        statement = statement.where(visit.c.status != "cancelled")
    if after:
        place = tuple_(bindparam("after_start", type_=Instant), bindparam("after_id", type_=Integer))
        statement = statement.where(tuple_(visit.c.starts_at, visit.c.id) > place)
    if of_clinician:
        numbered = clinician.alias("numbered")
        wanted = select(numbered.c.id).where(numbered.c.number == bindparam("number", type_=String))
        statement = statement.where(visit.c.clinician_id == wanted.scalar_subquery())
    if of_line:
        coded = line.alias("coded")
        wanted = select(coded.c.id).where(coded.c.code == bindparam("code", type_=String))
        statement = statement.where(visit.c.service_line_id == wanted.scalar_subquery())
    return statement
