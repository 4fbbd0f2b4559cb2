"""The list of clinicians: a page of them, found by name, number and filters, with what a row shows of each.

A practice has far fewer clinicians than clients, so they are searched and sorted as they are read, with
the folding of the client list; names that were folded once are remembered. Pages are cut by the
place of the last row.
"""

from dataclasses import dataclass
from datetime import date
from functools import cache, lru_cache
from typing import Any, cast

from sqlalchemy import (
    Integer,
    Select,
    String,
    Table,
    bindparam,
    exists,
    literal,
    null,
    or_,
    select,
    union_all,
)
from sqlalchemy.orm import Session

from caseapp.domain.actor import Actor
from caseapp.domain.caseload import Caseload
from caseapp.domain.npi import npi_is_valid
from caseapp.domain.words import day
from caseapp.models import Clinician, ClinicianServiceLine, ServiceLine
from caseapp.usecases.client_list_query import readings_of
from caseapp.usecases.client_search import search_words, sort_key, words_of
from caseapp.usecases.clinician_caseload import TODAY, clients_today
from caseapp.usecases.visibility import kept_by_sight, sees_caseload

PAGE_SIZE = 25

_clinician = cast(Table, Clinician.__table__)
_practised = cast(Table, ClinicianServiceLine.__table__)
_line = cast(Table, ServiceLine.__table__)
_LINES = select(_line.c.code, _line.c.name).order_by(_line.c.code)

Place = tuple[str, int]


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked. `standing` is active (has not left), left, or empty for any."""

    typed: str = ""
    standing: str = "active"
    service_line: str = ""
    after: Place | None = None
    before: Place | None = None


@dataclass(frozen=True, slots=True)
class ClinicianRow:
    """All as it is shown; `npi_fault` is empty where the NPI is valid or none is recorded."""

    public_id: str
    name: str
    number: str
    credential: str
    npi: str
    npi_is_wrong: bool
    service_lines: str
    may_be_case_manager: bool
    active_from: str
    active_to: str
    standing: str
    caseload: Caseload


@dataclass(frozen=True, slots=True)
class ClinicianList:
    """A page; `previous` and `next` are the places to go on from, None where there is nothing.

    `anybody` is False where the practice has no clinicians at all.
    """

    rows: tuple[ClinicianRow, ...]
    previous: Place | None
    next: Place | None
    anybody: bool


@lru_cache(maxsize=20_000)
def place_of(last_name: str, first_name: str) -> str:
    """The folded name by which clinicians are ordered."""
    return sort_key(last_name, first_name)


@lru_cache(maxsize=20_000)
def _words_of(last_name: str, first_name: str, number: str) -> tuple[str, ...]:
    return tuple(words_of(last_name, first_name, number))


def clinician_list(session: Session, actor: Actor, question: Question, today: date) -> ClinicianList:
    """The page that the question asks for, in two statements (three where nobody is found)."""
    places = sorted(
        (place_of(last, first), row_id) for row_id, _, last, first, _ in matching(session, question, today)
    )
    if question.before:
        places = [place for place in places if place < question.before]
        page, more = places[-PAGE_SIZE:], len(places) > PAGE_SIZE
    else:
        places = [place for place in places if not question.after or place > question.after]
        page, more = places[:PAGE_SIZE], len(places) > PAGE_SIZE
    if not page:
        anybody = session.execute(select(Clinician.id).limit(1)).first() is not None
        return ClinicianList((), None, None, anybody)
    backwards = question.before is not None
    return ClinicianList(
        _rows(session, actor, [row_id for _, row_id in page], today),
        previous=page[0] if (more if backwards else question.after) else None,
        next=page[-1] if backwards or more else None,
        anybody=True,
    )


def matching(session: Session, question: Question, today: date) -> list[Any]:
    """Who is asked for, in no order: id, public_id, last_name, first_name, number."""
    words = search_words(question.typed)
    if words is None:
        return []
    standing = question.standing if question.standing in ("", "left") else "active"
    asked = {"today": today, "code": question.service_line}
    rows = list(
        session.connection().execute(_matching_statement(standing, bool(question.service_line)), asked)
    )
    if not words:
        return rows
    readings = readings_of(words)
    return [row for row in rows if _is_meant(readings, _words_of(*row[2:5]))]


@cache
def _matching_statement(standing: str, of_line: bool) -> Select[Any]:
    """Row id, public ID, names and number of who is active, has left, or any. Put together once."""
    statement = select(
        _clinician.c.id,
        _clinician.c.public_id,
        _clinician.c.last_name,
        _clinician.c.first_name,
        _clinician.c.number,
    )
    until = _clinician.c.active_to
    if standing == "left":
        statement = statement.where(until < TODAY)
    elif standing:
        statement = statement.where(or_(until.is_(None), until >= TODAY))
    if of_line:
        statement = statement.where(
            exists()
            .where(_practised.c.clinician_id == _clinician.c.id)
            .where(_line.c.id == _practised.c.service_line_id)
            .where(_line.c.code == bindparam("code", type_=String))
        )
    return statement


def _is_meant(readings: list[list[str]], own: tuple[str, ...]) -> bool:
    """Each word of a reading is the beginning of a word of the clinician."""
    return any(all(any(word.startswith(typed) for word in own) for typed in reading) for reading in readings)


def _rows(session: Session, actor: Actor, ids: list[int], today: date) -> tuple[ClinicianRow, ...]:
    """What the page shows of these, in their order, in one statement."""
    practised: dict[int, list[str]] = {}
    shown: dict[int, Any] = {}
    for row in session.connection().execute(_rows_statement(actor), {"ids": ids, "today": today}):
        if row[0] == "line":
            practised.setdefault(row[1], []).append(row[2])
        else:
            shown[row[1]] = row
    return tuple(
        _row(shown[row_id], practised.get(row_id, []), today, whole=sees_caseload(actor, row_id))
        for row_id in ids
    )


@kept_by_sight()
def _rows_statement(actor: Actor) -> Any:
    """Of the clinicians `ids`: `who` with their columns, and `line` with the code of each line practised."""
    of_page = bindparam("ids", expanding=True, type_=Integer)
    people = select(
        literal("who"),
        Clinician.id,
        Clinician.public_id,
        Clinician.last_name,
        Clinician.first_name,
        Clinician.number,
        Clinician.credential,
        Clinician.npi,
        Clinician.may_be_case_manager,
        Clinician.active_from,
        Clinician.active_to,
        Clinician.caseload_limit,
        clients_today(actor),
    ).where(Clinician.id.in_(of_page))
    lines = (
        select(
            literal("line"),
            ClinicianServiceLine.clinician_id,
            ServiceLine.code,
            *(null() for _ in range(10)),
        )
        .join(ServiceLine, ServiceLine.id == ClinicianServiceLine.service_line_id)
        .where(ClinicianServiceLine.clinician_id.in_(of_page))
    )
    return union_all(people, lines)


def _row(row: Any, lines: list[str], today: date, *, whole: bool) -> ClinicianRow:
    """`whole`: the actor sees all clients of this clinician. A part of them says nothing beside the limit."""
    _, _, public_id, last, first, number, credential, npi, may_be, since, until, limit, clients = row
    return ClinicianRow(
        public_id=public_id,
        name=f"{last}, {first}".strip(" ,") or number,
        number=number,
        credential=credential,
        npi=npi or "",
        npi_is_wrong=bool(npi) and not npi_is_valid(npi),
        service_lines=", ".join(sorted(lines)),
        may_be_case_manager=bool(may_be),
        active_from=day(since) if since else "",
        active_to=day(until) if until else "",
        standing=standing_of(since, until, today),
        caseload=Caseload(clients, limit if whole else None),
    )


def standing_of(since: date | None, until: date | None, today: date) -> str:
    """`left`, `begins later`, or empty for who is active today."""
    if until is not None and until < today:
        return "left"
    return "begins later" if since is not None and since > today else ""


def service_line_choices(session: Session) -> list[tuple[str, str]]:
    """(code, name) of all service lines, by code."""
    return [(code, name) for code, name in session.connection().execute(_LINES)]
