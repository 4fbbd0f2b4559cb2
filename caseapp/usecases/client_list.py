"""The client list: one page of clients, found by name and filters, with what a row shows of each.

Pages are cut by the sort key of their last or first client, so a deep page costs what the first does.
Nothing is counted. Source: docs/domain.md, *Words* and *Coverage gaps*.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple
from weakref import WeakKeyDictionary

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from caseapp.domain.actor import Actor
from caseapp.domain.coverage_gap import ORDER, TITLES
from caseapp.domain.practice import Practice
from caseapp.domain.words import day, day_and_month, moment
from caseapp.usecases import client_list_details as details
from caseapp.usecases import client_list_query as query
from caseapp.usecases.client_page import STATUS_WORDS, clinician_name
from caseapp.usecases.client_search import search_words
from caseapp.usecases.coverage_counts import as_shown
from caseapp.usecases.coverage_gap import refresh_due

PAGE_SIZE = 50
MOST_CHOICES = 300
_LASTS_UNTIL = {"case_manager_ends", "enrollment_ends", "clinician_leaves"}

Place = tuple[str, int]


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked. Empty filters ask for any; `after` and `before` are a client's place in the order."""

    typed: str = ""
    status: str = "active"
    service_line: str = ""
    clinician: str = ""
    after: Place | None = None
    before: Place | None = None


class Line(NamedTuple):
    """A service line in a row: today's case manager, and the badge of its worst finding where it has one.

    `text` is `ABA · Priya Natarajan, BCBA`; `kind` is error, warning or empty.
    """

    text: str
    kind: str
    badge: str


class ClientRow(NamedTuple):
    """All as it is shown; `status` is empty for an active client."""

    public_id: str
    name: str
    number: str
    about: str
    status: str
    lines: list[Line]
    payor: str
    next_visit: str


@dataclass(frozen=True, slots=True)
class ClientList:
    """A page; `previous` and `next` are the places to go on from, None where there is nothing.

    `anybody` is False where the practice has no clients at all. `errors` is the number of the menu where it
    was asked for and could be told with the page, else None.
    """

    rows: list[ClientRow]
    previous: Place | None
    next: Place | None
    anybody: bool
    errors: int | None = None


@dataclass(frozen=True, slots=True)
class Choices:
    """What the filters offer: (value, words). `clinicians` is None where they are too many to choose from."""

    service_lines: list[tuple[str, str]]
    clinicians: list[tuple[str, str]] | None


def client_list(
    session: Session,
    actor: Actor,
    question: Question,
    now: datetime,
    today: date,
    practice: Practice,
    *,
    errors: bool = False,
) -> ClientList:
    """The page that the question asks for, in two statements; findings whose turn has come are refreshed.

    With `errors` the page's statement counts those of the menu too.
    """
    rows, more = _page(session, actor, question, now, today, errors)
    if not rows and actor.sight is not None:
        # Whether the practice has any others is not theirs to know.
        return ClientList([], None, None, True)
    if not rows:
        return ClientList([], None, None, session.execute(details.anybody()).first() is not None)
    backwards = question.before is not None
    ids = [row[0] for row in rows]
    turn_has_come = any(row[11] for row in rows)
    if turn_has_come:
        refresh_due(session, today, practice, client_ids=ids)
    lines = _lines(session, ids, today)
    shown = [_row(row, lines.get(row[0], []), today, practice) for row in rows]
    first, last = rows[0], rows[-1]
    return ClientList(
        shown,
        previous=(first[8], first[0]) if (more if backwards else question.after) else None,
        next=(last[8], last[0]) if backwards or more else None,
        anybody=True,
        errors=as_shown(first[12]) if errors and not turn_has_come and not first[13] else None,
    )


def _page(
    session: Session, actor: Actor, question: Question, now: datetime, today: date, errors: bool
) -> tuple[list[Sequence[Any]], bool]:
    """The rows in the order of the list, and whether there are more in the direction of going."""
    words = search_words(question.typed)
    if words is None:
        return [], False
    readings = query.readings_of(words) if words else []
    place = question.before or question.after
    kind = query.Kind(
        words=query.kinds_of(readings),
        status=bool(question.status),
        service_line=bool(question.service_line),
        clinician=bool(question.clinician),
        direction="before" if question.before else "after" if question.after else "",
        limit=PAGE_SIZE + 1,
        errors=errors,
    )
    values: dict[str, Any] = query.values_of(readings)
    values |= {
        "today": today,
        "now": now,
        "status": question.status,
        "service_line": question.service_line,
        "clinician": question.clinician,
    }
    if place:
        values |= {"sort_key": place[0], "id": place[1]}
    found = session.connection().execute(query.page_statement(kind, actor), values).all()
    rows: list[Sequence[Any]] = list(found[:PAGE_SIZE])
    if question.before:
        rows.reverse()
    return rows, len(found) > PAGE_SIZE


def _lines(session: Session, ids: list[int], today: date) -> dict[int, list[Line]]:
    managers: dict[tuple[int, str], str] = {}
    worst: dict[tuple[int, str], tuple[Any, ...]] = {}
    connection = session.connection()
    database = connection.dialect.name
    asked = {"ids": details.ids_as_sent(ids, database), "today": today}
    told = connection.execute(details.lines_statement(database), asked).all()
    for client_id, code, severity, finding, mend_by, first, last, credential in told:
        key = (client_id, code)
        if severity is None:
            managers[key] = clinician_name(first, last, credential)
        else:
            rank = (severity != "error", mend_by or date.max, ORDER[finding], finding, mend_by)
            worst[key] = min(worst.get(key, rank), rank)
    lines: dict[int, list[Line]] = {}
    for key in sorted(managers.keys() | worst.keys()):
        kind = badge = ""
        if finding := worst.get(key):
            kind = "warning" if finding[0] else "error"
            badge = _badge(finding[3], finding[4], today)
        who = managers.get(key) or ("" if badge else "no case manager today")
        lines.setdefault(key[0], []).append(Line(f"{key[1]} · {who}", kind, badge))
    return lines


def _badge(code: str, mend_by: date | None, today: date) -> str:
    """No case manager; enrollment ends 30 Nov."""
    if mend_by is None:
        return TITLES[code]
    if code in _LASTS_UNTIL:
        return f"{TITLES[code]} {day_and_month(mend_by, today)}"
    if code == "payor_changes":
        return f"{TITLES[code]} {day_and_month(mend_by + timedelta(days=1), today)}"
    return TITLES[code]


def _row(row: Sequence[Any], lines: list[Line], today: date, practice: Practice) -> ClientRow:
    _, public_id, last, first, preferred, number, born, status, _, payor, next_visit = row[:11]
    about = f"born {day(born)}" if born else ""
    if preferred:
        about = f"called {preferred} · {about}" if about else f"called {preferred}"
    return ClientRow(
        public_id,
        f"{last}, {first}".strip(" ,"),
        number,
        about,
        "" if status == "active" else STATUS_WORDS[status],
        lines,
        payor or "",
        moment(next_visit, practice.zone, today) if next_visit else "",
    )


_choices_kept: WeakKeyDictionary[Engine, tuple[Sequence[Any], Choices]] = WeakKeyDictionary()


def choices(session: Session) -> Choices:
    """What the filters offer, in one statement where nothing has changed since they were last asked for."""
    connection = session.connection()
    state = connection.execute(details.CHOICES_STATE).all()
    kept = _choices_kept.get(connection.engine)
    if kept is None or kept[0] != state:
        kept = _choices_kept[connection.engine] = (state, _read_choices(session))
    return kept[1]


def _read_choices(session: Session) -> Choices:
    service_lines: list[tuple[str, str]] = []
    people: list[tuple[str, str, str]] = []
    too_many = False
    for kind, value, name, first, credential in session.execute(
        details.choices_statement(MOST_CHOICES)
    ).all():
        if kind == "line":
            service_lines.append((value, name))
        elif kind == "clinician":
            people.append((f"{name}, {first}", credential, value))
        else:
            too_many = True
    service_lines.sort()
    if too_many:
        return Choices(service_lines, None)
    people.sort(key=lambda person: person[0].casefold())
    return Choices(service_lines, [(number, ", ".join(filter(None, (n, c)))) for n, c, number in people])
