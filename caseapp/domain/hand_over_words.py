"""A hand-over that was applied, in words: from whom, to whom, how many clients."""

from collections.abc import Mapping, Sequence
from typing import Any

from caseapp.domain import words

NAMED = 3


def hand_over_words(values: Mapping[str, Any], names: Mapping[str, str], *, counted: bool = True) -> str:
    """hand-over from Ada Okafor to Mei Lindqvist and Jo Park, 12 clients.

    `values` are those that its audit event keeps; `names` are of clinicians, by number. The clients are
    `counted` for whoever sees all of them.
    """
    whose = names.get(values["clinician"], values["clinician"])
    to = joined([names.get(number, number) for number in values["successors"]])
    told = f"hand-over from {whose} to {to}"
    return f"{told}, {words.count(values['clients'], 'client')}" if counted else told


def joined(names: Sequence[str]) -> str:
    """Ada; Ada and Bo; Ada, Bo, Cy and 2 others."""
    if len(names) <= 1:
        return "".join(names)
    if len(names) <= NAMED:
        return f"{', '.join(names[:-1])} and {names[-1]}"
    rest = len(names) - NAMED
    return f"{', '.join(names[:NAMED])} and {words.count(rest, 'other')}"
