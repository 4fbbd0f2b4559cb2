"""The search form of the client list. Whatever is sent becomes a question; nothing is refused.

A dataclass and not a WTForms form: it has no errors to tell, and it is answered at each letter typed.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from caseapp.domain.entry_reader import is_text
from caseapp.usecases.client_list import Place, Question
from caseapp.usecases.client_page import LARGEST_ID, STATUS_WORDS

STATUSES = [("active", "Active"), *[(k, w) for k, w in STATUS_WORDS.items() if k != "active"], ("", "Any")]
_TYPED_LENGTH = 1000
_FILTER_LENGTH = 100
_PLACE = re.compile(r"([0-9]{1,10})~(.{0,200})")


@dataclass(frozen=True, slots=True)
class ClientSearch:
    """What stands in the form, and the question that it asks."""

    q: str
    status: str
    service_line: str
    clinician: str
    question: Question

    @property
    def filtered(self) -> bool:
        """Something beside the status narrows the list."""
        return bool(self.q.strip() or self.service_line or self.clinician)


def read_search(sent: Mapping[str, str], *, with_words: bool) -> ClientSearch:
    """The search in the fields of a form or, without its words, of an address: those hold nobody's name."""
    status = sent.get("status", "active")
    if status not in STATUS_WORDS and status != "":
        status = "active"
    typed = sent.get("q", "")[:_TYPED_LENGTH] if with_words else ""
    service_line, clinician = (_filter(sent.get(name, "")) for name in ("service_line", "clinician"))
    after, before = (_place(sent.get(name, "")) if with_words else None for name in ("after", "before"))
    question = Question(typed, status, service_line, clinician, after, None if after else before)
    return ClientSearch(typed, status, service_line, clinician, question)


def write_place(place: Place) -> str:
    """How a place in the list stands in the buttons Next and Previous."""
    return f"{place[1]}~{place[0]}"


def _place(text: str) -> Place | None:
    match = _PLACE.fullmatch(text)
    if not match or not is_text(text) or int(match[1]) > LARGEST_ID:
        return None
    return match[2], int(match[1])


def _filter(text: str) -> str:
    text = text.strip()
    return text if is_text(text) and len(text) <= _FILTER_LENGTH else ""
