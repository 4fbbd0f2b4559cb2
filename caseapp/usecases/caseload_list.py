"""The caseloads: a page of clinicians with their clients, hours of a week, enrollments that end and interims.

Source: docs/domain.md, *Caseloads*. Like the list of clinicians they are sorted as they are read.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy.orm import Session

from caseapp.domain.actor import Actor
from caseapp.domain.caseload import Caseload, WeekLoad, ending_soon
from caseapp.domain.coverage_day import LOOK_AHEAD
from caseapp.domain.dates import first_instant
from caseapp.domain.enrollment import Enrollment
from caseapp.domain.practice import Practice
from caseapp.domain.weekly import ONE_WEEK
from caseapp.usecases import caseload_query as query
from caseapp.usecases import clinician_list
from caseapp.usecases.client_list_details import ids_as_sent
from caseapp.usecases.clinician_list import standing_of
from caseapp.usecases.visibility import sees_caseload

PART, WHOLE = 20, 500
"""How many are shown at once: to look at, and to print."""
SORTS = ("name", "clients", "room", "hours")


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked; `monday` begins the week whose hours are summed.

    `standing` is active (has not left), left, or empty for any; `sort` one of SORTS. `after` is the clinician
    (public ID) behind whom the list goes on; one who is not in it begins anew.
    """

    monday: date
    standing: str = "active"
    service_line: str = ""
    sort: str = "name"
    after: str = ""
    whole: bool = False

    @property
    def most(self) -> int:
        return WHOLE if self.whole else PART


class Cases(NamedTuple):
    """How many cases with one other clinician: for whom they are held, or who holds them."""

    clinician: str
    name: str
    number: int


class CaseloadRow(NamedTuple):
    """One clinician; `ending` has the payors' names with the last day of the enrollment, soonest first."""

    public_id: str
    name: str
    number: str
    credential: str
    standing: str
    service_lines: str
    caseload: Caseload
    week: WeekLoad
    ending: list[tuple[date, str]]
    interim: list[Cases]
    held: list[Cases]


@dataclass(frozen=True, slots=True)
class CaseloadList:
    """A page. `next` is the clinician behind whom the list goes on, `previous` the same of the page before.

    `previous` is empty for the beginning and, as `next`, None where there is nothing. `anybody` is False
    where the practice has no clinicians at all.
    """

    rows: tuple[CaseloadRow, ...]
    previous: str | None
    next: str | None
    anybody: bool


def caseload_list(
    session: Session, actor: Actor, question: Question, today: date, practice: Practice
) -> CaseloadList:
    """The page that the question asks for, in three statements.

    A clinician who sees only their own clients sees only their own row.
    """
    asked = clinician_list.Question(standing=question.standing, service_line=question.service_line)
    found = sorted(
        (clinician_list.place_of(last_name, first_name), row_id, public_id)
        for row_id, public_id, last_name, first_name, _ in clinician_list.matching(session, asked, today)
        if sees_caseload(actor, row_id)
    )
    if not found:
        anybody = session.execute(query.ANYBODY).first() is not None
        return CaseloadList((), None, None, anybody)
    week = {
        "today": today,
        "begin": first_instant(question.monday, practice.zone),
        "end": first_instant(question.monday + ONE_WEEK, practice.zone),
    }
    loads: dict[int, Any] = {}
    if question.sort != "name":
        loads = _loads(session, actor, [row_id for _, row_id, _ in found], week)
        found.sort(key=lambda place: (_rank(question.sort, loads[place[1]]), place))
    public_ids = [public_id for _, _, public_id in found]
    begin = public_ids.index(question.after) + 1 if question.after in public_ids else 0
    page = found[begin : begin + question.most]
    ids = [row_id for _, row_id, _ in page]
    rows = _rows(session, actor, ids, loads or _loads(session, actor, ids, week), today)
    earlier = begin - question.most
    return CaseloadList(
        rows,
        previous=None if not begin else public_ids[earlier - 1] if earlier > 0 else "",
        next=page[-1][2] if page and len(found) > begin + len(page) else None,
        anybody=True,
    )


def _rank(sort: str, load: Any) -> tuple[bool, int]:
    """Most clients first; least room first, and who has no limit last; most hours first."""
    caseload, week = _load(load)
    if sort == "room":
        return caseload.room is None, caseload.room or 0
    return False, -(caseload.number if sort == "clients" else week.minutes)


def _load(load: Any) -> tuple[Caseload, WeekLoad]:
    minutes, sessions = divmod(load.week or 0, query.ONE_MINUTE)
    return Caseload(load.clients, load.caseload_limit), WeekLoad(minutes, sessions)


def _loads(session: Session, actor: Actor, ids: Sequence[int], week: dict[str, Any]) -> dict[int, Any]:
    """By row id: the clinician's own columns, clients of today, and minutes and sessions of the week."""
    connection = session.connection()
    database = connection.dialect.name
    asked = {"ids": ids_as_sent(list(ids), database)} | week
    return {row.id: row for row in connection.execute(query.loads_statement(actor, database), asked)}


def _rows(
    session: Session, actor: Actor, ids: Sequence[int], loads: dict[int, Any], today: date
) -> tuple[CaseloadRow, ...]:
    connection = session.connection()
    database = connection.dialect.name
    asked = {
        "ids": ids_as_sent(list(ids), database),
        "today": today,
        "until": today + LOOK_AHEAD,
    }
    lines: dict[int, list[str]] = {}
    cases: dict[tuple[str, int], list[Cases]] = {}
    enrollments: dict[int, dict[str, list[Enrollment]]] = {}
    payors: dict[str, str] = {}
    for kind, clinician, key, first, last, start, end, number in connection.execute(
        query.details_statement(actor, database), asked
    ):
        if kind == "line":
            lines.setdefault(clinician, []).append(key)
        elif kind == "enrollment":
            payors[key] = last
            of_payor = enrollments.setdefault(clinician, {}).setdefault(key, [])
            of_payor.append(Enrollment(key, first, start, end))
        else:
            cases.setdefault((kind, clinician), []).append(Cases(key, f"{first} {last}".strip(), number))
    shown = []
    for row_id in ids:
        row = loads[row_id]
        caseload, week = _load(row)
        ending = ending_soon(enrollments.get(row_id, {}), today)
        shown.append(
            CaseloadRow(
                row.public_id,
                f"{row.last_name}, {row.first_name}".strip(" ,") or row.number,
                row.number,
                row.credential,
                standing_of(row.active_from, row.active_to, today),
                ", ".join(sorted(lines.get(row_id, ()))),
                caseload,
                week,
                [(last_day, payors[payor]) for last_day, payor in ending],
                sorted(cases.get(("interim", row_id), ()), key=lambda case: case.name),
                sorted(cases.get(("held", row_id), ()), key=lambda case: case.name),
            )
        )
    return tuple(shown)


def enrollments_ending(session: Session, clinician_id: int, today: date) -> list[tuple[date, str]]:
    """(last day, payor's name) of one clinician, soonest first, in one statement."""
    enrollments: dict[str, list[Enrollment]] = {}
    payors: dict[str, str] = {}
    for row in session.execute(query.ENROLLMENTS_OF_ONE, {"clinician": clinician_id}):
        payors[row.code] = row.name
        one = Enrollment(row.code, row.status, row.start_date, row.end_date)
        enrollments.setdefault(row.code, []).append(one)
    return [(last_day, payors[payor]) for last_day, payor in ending_soon(enrollments, today)]
