"""Who covered which service line when: the case managers and gaps of a client, for a picture and in words."""

from dataclasses import dataclass
from datetime import date, timedelta

from caseapp.domain.client import CaseManager, ClientFacts
from caseapp.domain.dates import ONE_DAY

BACK = timedelta(days=540)
AHEAD = timedelta(days=75)


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of days within the picture, both included: a case manager, or None for a gap."""

    start: date
    end: date
    case_manager: CaseManager | None


@dataclass(frozen=True, slots=True)
class LineSpans:
    """One service line, its spans in order; gaps are days on which it was received and nobody covered it."""

    service_line: str
    spans: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Timeline:
    """`first` and `last` bound the picture and lie at month's ends; `months` are the first days to mark."""

    first: date
    last: date
    months: tuple[date, ...]
    lines: tuple[LineSpans, ...]


def timeline(facts: ClientFacts, today: date) -> Timeline:
    """The picture of a client: from the earliest period, at most 18 months back, to two months ahead."""
    starts = [p.start for p in (*facts.case_managers, *facts.service_lines) if p.start <= today]
    begin = max(min(starts, default=today), today - BACK)
    first = begin.replace(day=1)
    last = _month_after(today + AHEAD) - ONE_DAY
    codes = sorted(
        {line.service_line for line in facts.service_lines} | {cm.service_line for cm in facts.case_managers}
    )
    lines = (LineSpans(code, tuple(_spans(facts, code, first, last))) for code in codes)
    return Timeline(first, last, _months(first, last), tuple(line for line in lines if line.spans))


def _spans(facts: ClientFacts, code: str, first: date, last: date) -> list[Span]:
    covered = [
        Span(max(cm.start, first), min(cm.last, last), cm)
        for cm in facts.case_managers
        if cm.service_line == code and cm.start <= last and cm.last >= first
    ]
    gaps = []
    for line in facts.service_lines:
        if line.service_line != code or line.start > last or line.last < first:
            continue
        day, until = max(line.start, first), min(line.last, last)
        for span in sorted(covered, key=lambda span: span.start):
            if span.end < day or span.start > until:
                continue
            if day < span.start:
                gaps.append(Span(day, span.start - ONE_DAY, None))
            day = span.end + ONE_DAY
        if day <= until:
            gaps.append(Span(day, until, None))
    return sorted(covered + gaps, key=lambda span: span.start)


def _months(first: date, last: date) -> tuple[date, ...]:
    """The first days of every third month, so that a year and a half has room for its names."""
    months, day = [], first
    while day <= last:
        months.append(day)
        day = _month_after(day)
    step = 1 if len(months) <= 9 else 2 if len(months) <= 15 else 3
    return tuple(months[::step])


def _month_after(day: date) -> date:
    return (day.replace(day=1) + timedelta(days=32)).replace(day=1)
