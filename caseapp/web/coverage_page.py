"""What the list of coverage gaps shows: its rows in words, its cards, and the addresses around it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache, lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

from markupsafe import Markup

from caseapp.domain import words
from caseapp.domain.coverage_gap import ORDER, TITLES
from caseapp.domain.practice import Practice
from caseapp.usecases.coverage_counts import Counts
from caseapp.usecases.coverage_filters import KINDS
from caseapp.usecases.coverage_impact import CauseOf, Impact, cause_of
from caseapp.usecases.coverage_list import GapPage, ListedGap
from caseapp.web.access import may_write
from caseapp.web.addresses import address_of
from caseapp.web.coverage_question import Asked, write_place
from caseapp.web.mending import correction_address, mending_address

_WORDS = dict(KINDS)


class GapRow(NamedTuple):
    """One row in words; a tuple, because the template takes it apart once and not name by name.

    `when` is the day with what stands beneath it, `impact` and the link `correct` stand behind what is wrong;
    `label` is the button's name.
    """

    when: Markup
    tab: str
    client: str
    number: str
    service_line: str
    code: str
    badge: Markup
    text: str
    impact: str
    at_risk: str
    button: str
    label: str
    address: str
    correct: Markup


@dataclass(frozen=True, slots=True)
class Card:
    """How many there are, and the address that shows them alone."""

    title: str
    number: str
    kind: str
    address: str
    current: bool


@dataclass(frozen=True, slots=True)
class Shown:
    """Everything beside the filters. Addresses are empty where there is nothing to go to."""

    as_of: str
    other_day: bool
    rows: list[GapRow]
    cards: list[Card]
    filtered: bool
    moved: bool
    all: str
    previous: str
    next: str
    csv: str
    calendar: str
    today: str


def draw(
    page: GapPage,
    counts: Counts,
    hit: Mapping[CauseOf, Impact],
    asked: Asked,
    practice: Practice,
    today: date,
) -> Shown:
    on = asked.on or today
    root, mends = address_of("clients.index"), may_write()
    return Shown(
        as_of=words.short_day(on, today),
        other_day=asked.on is not None,
        rows=[_row(gap, hit, practice, on, root, mends=mends) for gap in page.rows],
        cards=_cards(counts, asked),
        filtered=bool(asked.question.filters),
        moved=bool(asked.question.after or asked.question.before),
        all=address_of("coverage.index", on=asked.on.isoformat() if asked.on else None),
        previous=asked.address(before=write_place(page.previous)) if page.previous else "",
        next=asked.address(after=write_place(page.next)) if page.next else "",
        csv=asked.address("coverage.csv"),
        calendar=asked.address("coverage.calendar"),
        today=address_of("coverage.index"),
    )


def _cards(counts: Counts, asked: Asked) -> list[Card]:
    on = asked.on.isoformat() if asked.on else None
    cards = [
        Card(
            _WORDS[code],
            f"{number}+" if code in counts.many else str(number),
            _kind(code),
            address_of("coverage.index", kind=code, on=on),
            asked.question.kind == code,
        )
        for code in TITLES
        if (number := counts.by_code.get(code, 0))
    ]
    sessions = f"{counts.at_risk}+" if None in counts.many else str(counts.at_risk)
    cards.append(
        Card(
            "Sessions at risk, 14 days",
            sessions,
            "",
            address_of("coverage.index", severity="error", on=on),
            asked.question.severity == "error",
        )
    )
    return cards


def _kind(code: str) -> str:
    return "error" if ORDER[code] <= ORDER["starts_too_late"] else "warning"


def _row(
    gap: ListedGap, hit: Mapping[CauseOf, Impact], practice: Practice, on: date, root: str, *, mends: bool
) -> GapRow:
    """Whoever only reads is led to the client, and to no form."""
    kept = gap.kept
    client, title = gap.client_name, _WORDS[kept.code]
    form, correction = (kept.form(on), kept.correction()) if mends else (None, None)
    tab = f"{root}/{gap.client}/clinical"
    button, address, correct = "Open", tab, Markup()
    if form:
        button = form.short
        address = mending_address(gap.client, form, kept.clinician_number or "", suggests=True)
        if correction:
            correct = _link(correction.words, correction_address(correction))
    elif correction:
        button, address = correction.words, correction_address(correction)
    cause = cause_of(kept.code, kept.clinician_id, kept.payor) if kept.severity == "warning" else None
    return GapRow(
        _when(kept.mend_by, kept.severity == "error", kept.first_session, practice.zone, on),
        tab,
        client,
        gap.client_number,
        kept.service_line,
        kept.code,
        _badge(kept.code, kept.severity),
        _text(kept.message, TITLES[kept.code]),
        hit[cause].words if cause and cause in hit else "",
        words.count(kept.at_risk, "session") if kept.at_risk else "",
        button,
        f"{button}: {title}, {kept.service_line}, {client}",
        address,
        correct,
    )


@lru_cache(maxsize=2_000)
def _when(mend_by: date | None, error: bool, session: datetime | None, zone: ZoneInfo, on: date) -> Markup:
    """The day by which to mend it, and the first session at risk; fifty rows have few different ones."""
    drawn = Markup('<span class="soft">no day yet</span>')
    if mend_by:
        day = words.short_day(mend_by, on)
        drawn = Markup("<strong>{}</strong>").format(day)
        if error and mend_by < on:
            drawn = Markup(
                '<strong class="bad">overdue</strong><div class="soft small">since {}</div>'
            ).format(day)
    if session:
        drawn += Markup('<div class="soft small">session {}</div>').format(words.moment(session, zone, on))
    return drawn


@lru_cache(maxsize=2_000)
def _link(text: str, address: str) -> Markup:
    return Markup('<div class="small"><a href="{}">{}</a></div>').format(address, text)


@cache
def _badge(code: str, severity: str) -> Markup:
    kind = "neutral" if severity == "information" else severity
    return Markup('<span class="badge {}">{}</span>').format(kind, _WORDS[code])


def _text(message: str, title: str) -> str:
    """The words beside the badge and the session, which say the rest."""
    told = message.partition(" First session at risk")[0]
    return "" if told.casefold() == f"{title}." else told
