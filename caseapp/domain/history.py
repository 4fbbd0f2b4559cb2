"""What an audit event says, in words."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from caseapp.domain import words
from caseapp.domain.hand_over_words import hand_over_words
from caseapp.domain.record_words import ENTITIES, changes, field_words, value_words

ACTIONS = {
    "add": "Added",
    "archive": "Moved out of",
    "cancel": "Cancelled",
    "complete": "Completed",
    "discharge": "Discharged",
    "edit": "Changed",
    "emergency_begun": "Began",
    "emergency_ended": "Ended",
    "end": "Ended",
    "hold": "Put on hold",
    "import": "Imported",
    "import_begun": "Began to import",
    "no_show": "Marked as no-show",
    "plan_discharge": "Planned the discharge of",
    "readmit": "Readmitted",
    "remove": "Removed",
}
OF_ACCOUNTS = {
    "added": "Added",
    "changed": "Changed",
    "deactivated": "Deactivated",
    "link_made": "Made a one-time link for",
    "linked": "Took the provider's account for",
    "password_changed": "Changed the password of",
    "password_set": "Set the password of",
    "reactivated": "Reactivated",
    "recovery_code_used": "Used a recovery code of",
    "recovery_codes_made": "Made new recovery codes of",
    "revoked": "Revoked",
    "second_factor_reset": "Reset the second factor of",
    "second_factor_set_up": "Set up the second factor of",
    "signed_out_everywhere": "Signed out everywhere",
}
"""What is done to users and tokens."""
# How a record is called in one line: these of its values, in this order.
CALLED_BY = {
    "appointment": ("service_line", "starts_at"),
    "case_manager": ("service_line", "clinician"),
    "client_service_line": ("service_line",),
    "enrollment": ("clinician", "payor"),
    "funding_source": ("priority", "payor"),
    "leave": ("clinician",),
    "payor": ("name",),
    "service_line": ("code", "name"),
}


@dataclass(frozen=True, slots=True)
class Told:
    """One event: a headline, and a line for each thing that it set or changed."""

    headline: str
    details: tuple[str, ...]


def tell(
    action: str,
    entity: str,
    before: Mapping[str, Any],
    after: Mapping[str, Any],
    zone: ZoneInfo,
    names: Mapping[str, str],
    hand_over: Mapping[str, Any] | None = None,
    called: str = "",
    *,
    counted: bool = True,
) -> Told:
    """An event in words; `names` turns the numbers and codes that it keeps into names.

    `hand_over` are the values of the hand-over to which the event belongs, None where it belongs to none;
    `called` is how the record is called where its values do not say it. The clients of a hand-over are
    `counted` for whoever sees all of them.
    """
    if entity == "hand_over":
        return _tell_hand_over(action, after, names, counted)
    values = after or before
    called = called or " · ".join(
        value_words(field, values[field], zone, names)
        for field in CALLED_BY.get(entity, ())
        if values.get(field)
    )
    what = ENTITIES.get(entity, entity.replace("_", " "))
    verb = ACTIONS.get(action) or OF_ACCOUNTS.get(action, action.replace("_", " ").capitalize())
    headline = f"{verb} {what}{': ' if called else ''}{called}"
    if before and after and action != "remove":
        differences = changes(entity, before, after, zone, names)
        told = [f"{field}: {was} → {became}" for field, was, became in differences]
    elif action == "remove":
        told = []
    else:
        told = [
            f"{name}: {value_words(field, value, zone, names)}"
            for field, value in values.items()
            if (name := field_words(entity, field)) and value not in (None, "", [])
        ]
    if hand_over is not None:
        told = [f"part of the {hand_over_words(hand_over, names, counted=counted)}", *told]
    return Told(headline, tuple(f"{line[:1].upper()}{line[1:]}" for line in told))


def _tell_hand_over(action: str, values: Mapping[str, Any], names: Mapping[str, str], counted: bool) -> Told:
    """Hand-over from Ada Okafor to Mei Lindqvist, 12 clients; undone: the same."""
    text = hand_over_words(values, names, counted=counted)
    headline = f"Undone: {text}" if action == "undo" else f"{text[:1].upper()}{text[1:]}"
    number = len(values["left_out"]) if counted else 0
    return Told(headline, (f"Left out: {words.count(number, 'line')}",) if number else ())
