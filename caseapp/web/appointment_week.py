"""What the week list shows: its days, its rows in words, and the addresses around it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from itertools import groupby
from typing import NamedTuple

from flask import url_for

from caseapp.domain import words
from caseapp.domain.dates import day_of, first_instant, parse_date
from caseapp.domain.entry_reader import is_text
from caseapp.domain.practice import Practice
from caseapp.domain.weekly import ONE_WEEK, monday_of
from caseapp.usecases.appointment_form import Choices
from caseapp.usecases.appointment_week import Line, Question, Week
from caseapp.usecases.client_page import LARGEST_ID
from caseapp.web.client_tabs import VISIT_STATUS

_PLACE = re.compile(r"([0-9]{1,11})-([0-9]{1,10})")
_FILTER_LENGTH = 100


class LineRow(NamedTuple):
    """One row in words; a tuple, because the template takes it apart once and not name by name."""

    past: bool
    edit: str
    label: str
    time: str
    address: str
    client: str
    service_line: str
    clinician: str
    length: str
    status: str
    note: str


@dataclass(frozen=True, slots=True)
class Day:
    """One day with its rows; `address` leads to the part of the list that begins with it."""

    name: str
    key: str
    address: str
    rows: list[LineRow]


@dataclass(frozen=True, slots=True)
class WeekShown:
    """`heading` is the week, and whose, in words; addresses are empty where there is nothing to go to."""

    heading: str
    days: list[Day]
    jumps: list[tuple[str, str]]
    number: int
    previous: str
    next: str
    this: str
    more: str
    whole: str
    later_part: bool


def read_question(sent: Mapping[str, str], today: date) -> Question:
    """What the address asks for; what cannot be read is this week, everybody, from its beginning."""
    try:
        day = parse_date(sent.get("week", "").strip())
    except ValueError:
        day = today
    clinician, service_line = (_filter(sent.get(name, "")) for name in ("clinician", "service_line"))
    after, whole = _place(sent.get("after", "")), sent.get("whole") == "y"
    held = sent.get("cancelled") == "n"
    return Question(monday_of(day), clinician, service_line, after, whole, held)


def _filter(text: str) -> str:
    text = text.strip()
    return text if is_text(text) and len(text) <= _FILTER_LENGTH else ""


def _place(text: str) -> tuple[datetime, int] | None:
    match = _PLACE.fullmatch(text)
    if not match or not text.isascii() or int(match[2]) > LARGEST_ID:
        return None
    return datetime.fromtimestamp(int(match[1]), UTC), int(match[2])


def draw_week(week: Week, question: Question, choices: Choices, practice: Practice, today: date) -> WeekShown:
    monday, zone, clients = question.monday, practice.zone, url_for("clients.index")
    days = [monday + timedelta(days=number) for number in range(7)]
    by_day = {
        day: list(lines) for day, lines in groupby(week.lines, key=lambda line: day_of(line.starts_at, zone))
    }
    begins = {day: _address(question, day, (first_instant(day, zone), 0)) for day in days}
    begins[monday] = _address(question, monday)
    more = _address(question, monday, week.after) if week.after else ""
    drawn = [
        Day(
            words.short_day(day, monday),
            f"day-{day.isoformat()}",
            begins[day],
            [_row(line, practice, clients) for line in by_day.get(day, [])],
        )
        for day in days
    ]
    later_part = question.after is not None
    if later_part or more:
        # A part of the week says nothing of the days that it does not reach.
        drawn = [day for day in drawn if day.rows]
    return WeekShown(
        heading=" · ".join([f"{words.day(monday)} to {words.day(days[-1])}", *_narrowed(question, choices)]),
        days=drawn,
        jumps=[(words.short_day(day, monday), begins[day]) for day in days],
        number=len(week.lines),
        previous=_week_address(question, monday - ONE_WEEK),
        next=_week_address(question, monday + ONE_WEEK),
        this="" if monday == monday_of(today) else _week_address(question, monday_of(today)),
        more=more,
        whole=_address(replace(question, whole=True), monday) if more or later_part else "",
        later_part=later_part,
    )


def _narrowed(question: Question, choices: Choices) -> list[str]:
    """Whose week it is, for the printed page, which has no filters."""
    names = {choice.value: choice.label for choice in (*choices.service_lines, *(choices.clinicians or ()))}
    asked = [names.get(value, value) for value in (question.service_line, question.clinician) if value]
    return [*asked, *(["without cancelled sessions"] if question.held else [])]


def _row(line: Line, practice: Practice, clients: str) -> LineRow:
    time = words.time_of(line.starts_at, practice.zone)
    address = f"{clients}/{line.client}/appointments"
    return LineRow(
        past=line.status in ("cancelled", "no_show"),
        edit=f"{address}/{line.public_id}/edit",
        label=f"Edit {time}, {line.client_name}",
        time=time,
        address=address,
        client=line.client_name,
        service_line=line.service_line,
        clinician=line.clinician,
        length=f"{line.minutes} min",
        status=VISIT_STATUS[line.status],
        note="" if line.billable else "not billable",
    )


def _week_address(question: Question, monday: date) -> str:
    try:
        parse_date(monday.isoformat())
    except ValueError:
        return ""
    return _address(question, monday)


def _address(question: Question, week: date, after: tuple[datetime, int] | None = None) -> str:
    return url_for(
        "appointments.index",
        week=week.isoformat(),
        clinician=question.clinician or None,
        service_line=question.service_line or None,
        after=f"{int(after[0].timestamp())}-{after[1]}" if after else None,
        whole="y" if question.whole else None,
        cancelled="n" if question.held else None,
    )
