"""The list of coverage gaps: one page of them in the order in which they are to be mended, under filters.

Pages are cut by the place of their last or first gap, so a deep page costs what the first does.
Source: docs/domain.md, *Coverage gaps*.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import Integer, Select, String, and_, bindparam, select
from sqlalchemy.orm import Session

from caseapp.domain.actor import Actor
from caseapp.domain.coverage_gap import RANK, place_of
from caseapp.domain.finding import Severity
from caseapp.models import Client
from caseapp.usecases.coverage_kept import (
    COLUMNS,
    Kept,
    client,
    clinician,
    finding,
    line,
    visible_findings,
)
from caseapp.usecases.visibility import kept_by_sight, visible_alone

PAGE_SIZE = 50
IN_A_FILE = 1_000


class Place(NamedTuple):
    """Where a page ends, in parts that may stand in an address: the client by public ID."""

    severity: Severity
    mend_by: date | None
    at_risk: int
    client: str
    code: str
    service_line: str


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked. Empty filters ask for any; `clinician` is a public ID, `payor` and `service_line` codes.

    `after` and `before` are places as they are kept.
    """

    kind: str = ""
    severity: str = ""
    service_line: str = ""
    payor: str = ""
    clinician: str = ""
    after: str = ""
    before: str = ""

    @property
    def filters(self) -> dict[str, str]:
        names = ("kind", "severity", "service_line", "payor", "clinician")
        return {name: value for name in names if (value := getattr(self, name))}


class ListedGap(NamedTuple):
    """One gap with its client; `place` sorts it."""

    kept: Kept
    place: str
    client: str
    client_first: str
    client_last: str
    client_number: str

    @property
    def client_name(self) -> str:
        """Last, First."""
        return f"{self.client_last}, {self.client_first}".strip(" ,") or self.client_number

    @property
    def address_place(self) -> Place:
        kept = self.kept
        severity: Any = kept.severity
        return Place(severity, kept.mend_by, kept.at_risk, self.client, kept.code, kept.service_line)


@dataclass(frozen=True, slots=True)
class GapPage:
    """Gaps in order, and the places to go on from, None where there is nothing."""

    rows: list[ListedGap]
    previous: Place | None
    next: Place | None


def place_asked(session: Session, actor: Actor, place: Place) -> str | None:
    """The place as it is kept, None where there is no such client. One statement.

    The gap itself may be mended by now: the list goes on from where it stood.
    """
    number = session.scalar(
        select(Client.number).where(Client.public_id == place.client, visible_alone(actor))
    )
    if number is None:
        return None
    return place_of(place.severity, place.mend_by, place.at_risk, number, place.service_line, place.code)


def gap_page(session: Session, actor: Actor, question: Question) -> GapPage:
    """The page that is asked for, from the kept findings, in one statement."""
    return as_page(_found(session, actor, question, PAGE_SIZE + 1), question)


def as_page(rows: list[ListedGap], question: Question) -> GapPage:
    """Cut one more than a page of rows, which stand in the direction of going, to a page."""
    more = len(rows) > PAGE_SIZE
    rows = rows[:PAGE_SIZE]
    backwards = bool(question.before)
    if backwards:
        rows.reverse()
    if not rows:
        return GapPage([], None, None)
    return GapPage(
        rows,
        previous=rows[0].address_place if (more if backwards else question.after) else None,
        next=rows[-1].address_place if backwards or more else None,
    )


def all_gaps(session: Session, actor: Actor, question: Question) -> Iterator[ListedGap]:
    """All that the filters ask for, in order, a thousand at a time."""
    question = replace(question, after="", before="")
    while rows := _found(session, actor, question, IN_A_FILE):
        yield from rows
        question = replace(question, after=rows[-1].place)


def _found(session: Session, actor: Actor, question: Question, most: int) -> list[ListedGap]:
    direction = "before" if question.before else "after" if question.after else ""
    statement = _statement(actor, tuple(sorted(question.filters)), direction)
    asked: dict[str, Any] = question.filters | {"most": most}
    if question.severity:
        asked |= _bounds(question.severity)
    if direction:
        asked["place"] = question.before or question.after
    rows = session.connection().execute(statement, asked)
    return [ListedGap(Kept(*row[: len(COLUMNS)]), *row[len(COLUMNS) :]) for row in rows]


def _bounds(severity: str) -> dict[str, str]:
    """A severity is where places begin: its range is read from the same index."""
    rank = RANK[severity]
    return {"first_place": str(rank), "end_place": str(rank + 1)}


@kept_by_sight(200)
def _statement(actor: Actor, filters: tuple[str, ...], direction: str) -> Select[Any]:
    """The page is found by its keys alone; only its rows are then looked at. Put together once."""
    code = line.alias("coded")
    conditions = {
        "kind": finding.c.code == bindparam("kind", type_=String),
        "severity": and_(
            finding.c.place >= bindparam("first_place", type_=String),
            finding.c.place < bindparam("end_place", type_=String),
        ),
        "service_line": finding.c.service_line_id
        == select(code.c.id).where(code.c.code == bindparam("service_line", type_=String)).scalar_subquery(),
        "payor": finding.c.payor == bindparam("payor", type_=String),
        "clinician": finding.c.clinician == bindparam("clinician", type_=String),
    }
    place = bindparam("place", type_=String)
    keys = select(finding.c.client_id, finding.c.service_line_id, finding.c.code, finding.c.place).where(
        visible_findings(actor), *(conditions[name] for name in filters)
    )
    if direction:
        keys = keys.where(finding.c.place < place if direction == "before" else finding.c.place > place)
    backwards = direction == "before"
    keys = keys.order_by(finding.c.place.desc() if backwards else finding.c.place)
    page = keys.limit(bindparam("most", type_=Integer)).subquery("page")
    same = and_(
        finding.c.client_id == page.c.client_id,
        finding.c.service_line_id == page.c.service_line_id,
        finding.c.code == page.c.code,
    )
    return (
        select(
            *COLUMNS,
            page.c.place,
            client.c.public_id,
            client.c.first_name,
            client.c.last_name,
            client.c.number,
        )
        .select_from(
            page.join(finding, same)
            .join(client, client.c.id == page.c.client_id)
            .join(line, line.c.id == page.c.service_line_id)
            .outerjoin(clinician, clinician.c.public_id == finding.c.clinician)
        )
        .order_by(page.c.place.desc() if backwards else page.c.place)
    )
