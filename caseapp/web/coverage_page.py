"""What the list of coverage gaps shows: its rows in words, its cards, and the addresses around it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from flask import url_for

from caseapp.domain import words
from caseapp.domain.coverage_gap import TITLES
from caseapp.domain.practice import Practice
from caseapp.usecases.coverage_counts import Counts
from caseapp.usecases.coverage_filters import KINDS
from caseapp.usecases.coverage_impact import CauseOf, Impact, cause_of
from caseapp.usecases.coverage_list import GapPage, ListedGap
from caseapp.web.coverage_question import Asked, write_place
from caseapp.web.mending import correction_address, mending_address

_WORDS = dict(KINDS)


class GapRow(NamedTuple):
    """One row in words; a tuple, because the template takes it apart once and not name by name.

    `overdue` and `session` stand beneath the day, `impact` and the link `correct` behind what is wrong.
    """

    mend_by: str
    overdue: str
    session: str
    tab: str
    client: str
    number: str
    service_line: str
    code: str
    kind: str
    title: str
    text: str
    impact: str
    at_risk: str
    button: str
    address: str
    correct: str
    correct_address: str


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
    root = url_for("clients.index")
    return Shown(
        as_of=words.short_day(on, today),
        other_day=asked.on is not None,
        rows=[_row(gap, hit, practice, on, root) for gap in page.rows],
        cards=_cards(counts, asked),
        filtered=bool(asked.question.filters),
        moved=bool(asked.question.after or asked.question.before),
        all=url_for("coverage.index", on=asked.on.isoformat() if asked.on else None),
        previous=asked.address(before=write_place(page.previous)) if page.previous else "",
        next=asked.address(after=write_place(page.next)) if page.next else "",
        csv=asked.address("coverage.csv"),
        calendar=asked.address("coverage.calendar"),
        today=url_for("coverage.index"),
    )


def _cards(counts: Counts, asked: Asked) -> list[Card]:
    on = asked.on.isoformat() if asked.on else None
    cards = [
        Card(
            _WORDS[code],
            f"{number}+" if code in counts.many else str(number),
            _kind(code),
            url_for("coverage.index", kind=code, on=on),
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
            url_for("coverage.index", severity="error", on=on),
            asked.question.severity == "error",
        )
    )
    return cards


def _kind(code: str) -> str:
    place = list(TITLES).index(code)
    return "error" if place <= list(TITLES).index("starts_too_late") else "warning"


def _row(gap: ListedGap, hit: Mapping[CauseOf, Impact], practice: Practice, on: date, root: str) -> GapRow:
    kept = gap.kept
    mend_by, overdue = "", ""
    if kept.mend_by:
        mend_by = words.short_day(kept.mend_by, on)
        if kept.severity == "error" and kept.mend_by < on:
            mend_by, overdue = "overdue", f"since {mend_by}"
    session = f"session {words.moment(kept.first_session, practice.zone, on)}" if kept.first_session else ""
    form, correction = kept.form(on), kept.correction()
    tab = f"{root}/{gap.client}/clinical"
    correct, correct_to = "", ""
    if correction:
        correct, correct_to = correction.words, correction_address(correction)
    button, address = "Open", tab
    if form:
        button = form.short
        address = mending_address(gap.client, form, kept.clinician_number or "", suggests=True)
    elif correction:
        button, address, correct = correct, correct_to, ""
    cause = cause_of(kept.code, kept.clinician_id, kept.payor) if kept.severity == "warning" else None
    return GapRow(
        mend_by,
        overdue,
        session,
        tab,
        gap.client_name,
        gap.client_number,
        kept.service_line,
        kept.code,
        "neutral" if kept.severity == "information" else kept.severity,
        _WORDS[kept.code],
        _text(kept.message, TITLES[kept.code]),
        hit[cause].words if cause in hit else "",
        words.count(kept.at_risk, "session") if kept.at_risk else "",
        button,
        address,
        correct,
        correct_to,
    )


def _text(message: str, title: str) -> str:
    """The words beside the badge and the session, which say the rest."""
    told = message.partition(" First session at risk")[0]
    return "" if told.casefold() == f"{title}." else told
