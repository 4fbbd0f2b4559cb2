"""The filters of the record. Whatever is sent becomes a question; what is wrong is told.

As the search for clients, it is posted: an address holds neither a person's name nor a client number.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from caseapp.domain.access_words import FILTERS
from caseapp.domain.dates import first_instant, parse_date
from caseapp.domain.entry_reader import is_text
from caseapp.usecases.audit_list import Place, Question
from caseapp.usecases.client_page import LARGEST_ID

LONGEST = 200
FIELDS = ("kind", "person", "client", "since", "until")
_PLACE = re.compile(r"([0-9]{1,17})\.([01])\.([0-9]{1,10})")
_NOT_A_DATE = "Is not a date from 1900 to 2100: write it like 2026-11-24."


@dataclass(frozen=True, slots=True)
class AuditSearch:
    """What stands in the form, as it was sent; `problems` is what is wrong, by the field."""

    given: Mapping[str, str]
    question: Question
    problems: Mapping[str, str] = field(default_factory=dict)


def read_audit_search(sent: Mapping[str, str], zone: ZoneInfo) -> AuditSearch:
    """The question in the fields of a form."""
    given = {name: sent.get(name, "").strip()[:LONGEST] for name in FIELDS}
    problems = {}
    if given["kind"] and given["kind"] not in dict(FILTERS):
        problems["kind"] = "Is no kind of event: choose one of the list."
    for name in ("person", "client"):
        if not is_text(given[name]):
            problems[name] = "Holds a character that is no text: type it again."
    days: dict[str, date | None] = {}
    for name in ("since", "until"):
        try:
            days[name] = parse_date(given[name]) if given[name] else None
        except ValueError:
            problems[name], days[name] = _NOT_A_DATE, None
    since, until = days["since"], days["until"]
    if since and until and until < since:
        problems["until"] = "Lies before the first day: choose a later one."
    question = Question(
        kind=given["kind"],
        person=given["person"],
        client=given["client"],
        since=first_instant(since, zone) if since else None,
        until=first_instant(until + timedelta(days=1), zone) if until else None,
        before=_place(sent.get("before", "")),
    )
    return AuditSearch(given, question, problems)


def write_audit_place(place: Place) -> str:
    """How a place stands in the button Older."""
    microseconds = (place.at - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)
    return f"{microseconds}.{place.rank}.{place.id}"


def _place(text: str) -> Place | None:
    match = _PLACE.fullmatch(text)
    if match is None or not text.isascii() or int(match[3]) > LARGEST_ID:
        return None
    try:
        at = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=int(match[1]))
    except OverflowError:
        return None
    return Place(at, int(match[2]), int(match[3]))
