"""The timeline of a client as places in an SVG picture, and the same in words."""

from dataclasses import dataclass
from datetime import date

from caseapp.domain import words
from caseapp.domain.timeline import Span, Timeline

WIDTH = 1000
LEFT = 70
RIGHT = 10
TOP = 14
ROW = 44
LETTER = 6.4
"""About how wide a letter of a bar's label is, in the picture's own units."""


@dataclass(frozen=True, slots=True)
class Bar:
    x: float
    y: float
    width: float
    kind: str
    label: str
    label_x: float
    told: str


@dataclass(frozen=True, slots=True)
class Tick:
    x: float
    label: str


@dataclass(frozen=True, slots=True)
class Picture:
    """Everything the template draws; `told` are the lines in words: (service line, sentences)."""

    height: int
    floor: int
    range: str
    today: float
    bars: tuple[Bar, ...]
    ticks: tuple[Tick, ...]
    names: tuple[tuple[float, str], ...]
    told: tuple[tuple[str, tuple[str, ...]], ...]


def picture(timeline: Timeline, today: date) -> Picture | None:
    """Places for every bar; None where there is nothing to draw."""
    if not timeline.lines:
        return None
    days = (timeline.last - timeline.first).days + 1

    def place(day: date) -> float:
        return round(LEFT + (WIDTH - LEFT - RIGHT) * (day - timeline.first).days / days, 1)

    bars, names, told = [], [], []
    for row, line in enumerate(timeline.lines):
        y = TOP + ROW * row
        names.append((y + 17.0, line.service_line))
        sentences = []
        for span in line.spans:
            x = place(span.start)
            width = max(round(place(span.end) - x + (WIDTH - LEFT - RIGHT) / days, 1), 3.0)
            kind, label, words_of = _words(span, timeline, today)
            label_x = _beside(x + 8, len(label) * LETTER, place(today))
            shown = label if label_x + len(label) * LETTER + 8 <= x + width else ""
            bars.append(Bar(x, float(y), width, kind, shown, label_x, words_of))
            sentences.append(words_of)
        told.append((line.service_line, tuple(sentences)))
    floor = TOP + ROW * len(timeline.lines)
    return Picture(
        height=floor + 34,
        floor=floor,
        range=f"{words.month(timeline.first)} to {words.month(timeline.last)}",
        today=place(today),
        bars=tuple(bars),
        ticks=tuple(
            Tick(place(month), _tick(month, before))
            for month, before in zip(timeline.months, (None, *timeline.months), strict=False)
        ),
        names=tuple(names),
        told=tuple(told),
    )


def _beside(x: float, length: float, today: float) -> float:
    """Where a label begins: behind the line of today where it would be crossed by it."""
    return round(today + 8, 1) if x - 4 < today < x + length + 4 else x


def _tick(month: date, before: date | None) -> str:
    """Nov; with the year where it is another one than that of the tick before."""
    name = words.short_month(month)
    return name if before is not None and before.year == month.year else f"{name} {month.year}"


def _words(span: Span, timeline: Timeline, today: date) -> tuple[str, str, str]:
    """Kind of bar, its label, and the sentence for who cannot see it."""
    if span.case_manager is None:
        open_end = span.end == timeline.last
        until = "" if open_end else f" to {words.day(span.end)}"
        return "gap", "no case manager", f"No case manager from {words.day(span.start)}{until}"
    cm = span.case_manager
    kind = "past" if cm.last < today else "future" if cm.start > today else "present"
    since = words.day(cm.start)
    until = f" to {words.day(cm.end)}" if cm.end else ", open"
    label = f"{cm.clinician.name}, to {words.day_and_month(cm.end, today)}" if cm.end else cm.clinician.name
    return kind, label, f"{cm.clinician.name} from {since}{until}"
