"""What an address asks of the list of coverage gaps: filters, day and place, each known or told as wrong."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from caseapp.domain.coverage_gap import TITLES
from caseapp.domain.dates import parse_date
from caseapp.extensions import db
from caseapp.usecases.coverage_filters import SEVERITIES, Filters, clinician_asked
from caseapp.usecases.coverage_list import Place, Question, place_asked
from caseapp.web.actor import current_actor
from caseapp.web.addresses import address_of

FILTERS = ("kind", "severity", "service_line", "payor", "clinician")
_WORDS = {
    "kind": "kind of gap",
    "severity": "severity",
    "service_line": "service line",
    "payor": "payor",
    "clinician": "clinician number",
}
_LONGEST = 100
_PLACE = re.compile(r"([ewi])\.([0-9-]{10})?\.([0-9]{1,8})\.([a-z0-9]{20})\.([a-z_]{1,40})\.(.{1,100})")
_SEVERITY: dict[str, Any] = {code[0]: code for code, _ in SEVERITIES}


@dataclass(frozen=True, slots=True)
class Asked:
    """`given` is what stands in the address, as the form shows it; `problems` are sentences on what is wrong.

    `on` is the day asked where it is another than today.
    """

    question: Question
    given: dict[str, str]
    on: date | None
    problems: tuple[str, ...]

    def address(self, endpoint: str = "coverage.index", **more: str | None) -> str:
        """The same question elsewhere, or from another place on."""
        filters: dict[str, Any] = {name: self.given.get(name) or None for name in FILTERS}
        on = self.on.isoformat() if self.on else None
        return address_of(endpoint, **filters | {"on": on} | more)


def read_asked(sent: Mapping[str, str], known: Filters, today: date) -> Asked:
    """Every filter that is known is asked for; what is not is told, and left out."""
    problems: list[str] = []
    given: dict[str, str] = {}
    asked: dict[str, str] = {}
    for name in FILTERS:
        text = sent.get(name, "").strip()
        if not text:
            continue
        if not text.isprintable() or len(text) > _LONGEST:
            problems.append(f"What the address gives as {_WORDS[name]} is none. Choose one of the list.")
            continue
        given[name] = text
        value = _known(name, text, known)
        if value is None:
            problems.append(f"The practice has no {_WORDS[name]} “{text}”. Choose one of the list.")
        else:
            asked[name] = value
    on = _day(sent.get("on", "").strip(), today, problems)
    question = _placed(Question(**asked), sent, problems)
    return Asked(question, given, on, tuple(problems))


def _known(name: str, text: str, known: Filters) -> str | None:
    if name == "clinician":
        return clinician_asked(db.session(), text)
    offered = {
        "kind": TITLES,
        "severity": dict(SEVERITIES),
        "service_line": dict(known.service_lines),
        "payor": dict(known.payors),
    }
    return text if text in offered[name] else None


def _day(text: str, today: date, problems: list[str]) -> date | None:
    if not text:
        return None
    try:
        day = parse_date(text)
    except ValueError:
        problems.append(
            "The day is not a date from 1900 to 2100. Write it like 2026-11-24; the list is of today."
        )
        return None
    return None if day == today else day


def _placed(question: Question, sent: Mapping[str, str], problems: list[str]) -> Question:
    for name in ("after", "before"):
        if text := sent.get(name, ""):
            place = _place(text)
            kept = place_asked(db.session(), current_actor(), place) if place else None
            if kept is None:
                problems.append("The place in the address is not known: the list begins anew.")
                return question
            return replace(question, **{name: kept})
    return question


def _place(text: str) -> Place | None:
    match = _PLACE.fullmatch(text)
    if not match or not text.isascii() or not text.isprintable() or match[5] not in TITLES:
        return None
    try:
        mend_by = parse_date(match[2]) if match[2] else None
    except ValueError:
        return None
    return Place(_SEVERITY[match[1]], mend_by, int(match[3]), match[4], match[5], match[6])


def write_place(place: Place) -> str:
    """The place as it stands in an address."""
    day = place.mend_by.isoformat() if place.mend_by else ""
    return f"{place.severity[0]}.{day}.{place.at_risk}.{place.client}.{place.code}.{place.service_line}"
