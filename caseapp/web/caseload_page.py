"""What the caseloads show: the question of an address, the rows in words, and the addresses around them."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, NamedTuple
from urllib.parse import quote

from flask import url_for
from markupsafe import Markup

from caseapp.domain import words
from caseapp.domain.dates import ONE_DAY, parse_date
from caseapp.domain.weekly import ONE_WEEK, monday_of
from caseapp.forms.clinician import STANDINGS
from caseapp.usecases.caseload_cases import Case, Kind
from caseapp.usecases.caseload_list import SORTS, CaseloadList, CaseloadRow, Cases, Question
from caseapp.web.asked import code_of, public_id_of
from caseapp.web.caseload_picture import Bar, bars, drawn

SORT_WORDS = (
    ("name", "Name"),
    ("clients", "Most clients first"),
    ("room", "Least room first"),
    ("hours", "Most hours first"),
)
assert tuple(sort for sort, _ in SORT_WORDS) == SORTS
NAMED = 3
"""So many others are named in a row; the list behind the number names all."""


class Row(NamedTuple):
    """One row in words; a tuple, because the template takes it apart once and not name by name."""

    address: str
    name: str
    about: str
    standing: str
    clients: str
    of: str
    room: str
    over: bool
    bar: Markup
    hours: str
    sessions: str
    ending: str
    ending_first: str
    interim: str
    interim_for: str
    held: str
    held_by: str


@dataclass(frozen=True, slots=True)
class Shown:
    """Addresses are empty where there is nothing to go to; `narrowed` says what was asked for."""

    heading: str
    narrowed: str
    rows: list[Row]
    previous_week: str
    next_week: str
    this_week: str
    previous: str | None
    next: str | None
    whole: str
    anybody: bool


def read_question(sent: Mapping[str, str], today: date) -> Question:
    """What the address asks for; what cannot be read is as if it were not there."""
    try:
        day = parse_date(sent.get("week", "").strip())
    except ValueError:
        day = today
    standing, sort = sent.get("standing", "active"), sent.get("sort", "name")
    return Question(
        monday=monday_of(day),
        standing=standing if standing in dict(STANDINGS) else "active",
        service_line=code_of(sent.get("service_line", "")),
        sort=sort if sort in SORTS else "name",
        after=public_id_of(sent.get("after", "")) or "",
        whole=sent.get("whole") == "y",
    )


def draw(found: CaseloadList, question: Question, service_lines: Mapping[str, str], today: date) -> Shown:
    monday, this = question.monday, monday_of(today)
    more = found.next is not None or found.previous is not None
    first = replace(question, after="")
    # Put together once: only the clinician's number differs.
    sessions = url_for("appointments.index", week=monday.isoformat(), cancelled="n")
    week = f"{words.day(monday)} to {words.day(monday + ONE_WEEK - ONE_DAY)}"
    return Shown(
        heading=f"As of {words.short_day(today, today)}; hours of the week {week}",
        narrowed=_narrowed(question, service_lines),
        rows=[
            _row(row, bar, sessions, today)
            for row, bar in zip(found.rows, bars(row.caseload for row in found.rows), strict=True)
        ],
        previous_week=_week(question, monday - ONE_WEEK),
        next_week=_week(question, monday + ONE_WEEK),
        this_week="" if monday == this else _week(question, this),
        previous=None if found.previous is None else address(replace(question, after=found.previous)),
        next=None if found.next is None else address(replace(question, after=found.next)),
        whole=address(replace(first, whole=True)) if more and not question.whole else "",
        anybody=found.anybody,
    )


def _narrowed(question: Question, service_lines: Mapping[str, str]) -> str:
    """ABA; who has left."""
    line = question.service_line
    standing = {"left": "who has left", "": "with those who have left"}.get(question.standing, "")
    return "; ".join(part for part in (service_lines.get(line, line), standing) if part)


def _row(row: CaseloadRow, bar: Bar, sessions: str, today: date) -> Row:
    interim, held = (sum(case.number for case in cases) for cases in (row.interim, row.held))
    limit = row.caseload.limit
    return Row(
        address=f"/{row.public_id}",
        name=row.name,
        about=" · ".join(part for part in (row.credential, row.service_lines) if part),
        standing=row.standing,
        clients=row.caseload.number_words,
        of="" if limit is None else f" of {limit}",
        room=row.caseload.room_words,
        over=bar.over > 0,
        bar=drawn(bar),
        hours=row.week.words,
        sessions=f"{sessions}&clinician={quote(row.number, safe='')}",
        ending=str(len(row.ending)) if row.ending else "",
        ending_first=_first_ending(row.ending, today),
        interim=str(interim) if interim else "",
        interim_for=_others(row.interim),
        held=str(held) if held else "",
        held_by=_others(row.held),
    )


def _first_ending(ending: list[tuple[date, str]], today: date) -> str:
    """Aetna on 17 Dec; and of several, that it is the first."""
    if not ending:
        return ""
    last_day, payor = ending[0]
    told = f"{payor} on {words.day_and_month(last_day, today)}"
    return told if len(ending) == 1 else f"first {told}"


def _others(cases: list[Cases]) -> str:
    """Ana Beltrán; 2 Ana Beltrán, 1 Jo Park and 2 others."""
    if len(cases) == 1:
        return cases[0].name
    named = ", ".join(f"{case.number} {case.name}" for case in cases[:NAMED])
    further = len(cases) - NAMED
    return f"{named} and {words.count(further, 'other')}" if further > 0 else named


def case_words(case: Case, kind: Kind, today: date) -> str:
    """ABA since 3 Feb 2026, to 31 Mar 2027, for Ana Beltrán."""
    told = f"{case.service_line} since {words.day(case.since)}"
    if case.until is not None:
        told += f", to {words.day(case.until)}"
    if case.other:
        told += f", {'by' if kind == 'held' else 'for'} {case.other}"
    return told


def _week(question: Question, monday: date) -> str:
    try:
        parse_date(monday.isoformat())
    except ValueError:
        return ""
    return address(replace(question, monday=monday))


def address(question: Question) -> str:
    """Of the list; what is as it is at first is left out, but for the week."""
    asked: dict[str, Any] = {
        "week": question.monday.isoformat(),
        "standing": question.standing if question.standing != "active" else None,
        "service_line": question.service_line or None,
        "sort": question.sort if question.sort != "name" else None,
        "after": question.after or None,
        "whole": "y" if question.whole else None,
    }
    return url_for("caseloads.index", **asked)
