"""The fields of the kept records in words: for the second of two editors, and for the history."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from caseapp.domain import words

ENTITIES: dict[str, str] = {
    "api_token": "token",
    "appointment": "appointment",
    "audit_event": "the record",
    "case_manager": "case manager",
    "client": "client",
    "client_service_line": "service line",
    "clinician": "clinician",
    "emergency_access": "emergency access",
    "enrollment": "enrollment",
    "funding_source": "funding source",
    "hand_over": "hand-over",
    "leave": "leave",
    "payor": "payor",
    "service_line": "service line",
    "taxonomy_code": "taxonomy codes",
    "user_account": "user",
}

FIELDS: dict[str, str] = {
    "active_from": "active from",
    "active_to": "last day",
    "applied_on": "applied on",
    "billable": "billable",
    "caseload_limit": "caseload limit",
    "clinician": "clinician",
    "code": "code",
    "credential": "credential",
    "date_of_birth": "date of birth",
    "email": "e-mail",
    "end_date": "end date",
    "external_id": "external ID",
    "first_name": "first name",
    "hash": "hash",
    "for_clinician": "stands in for",
    "last_day": "last day",
    "last_name": "last name",
    "last_seal": "last seal",
    "learned_on": "learned on",
    "may_be_case_manager": "may be case manager",
    "member_id": "member ID",
    "minutes": "length in minutes",
    "name": "name",
    "note": "note",
    "npi": "NPI",
    "number": "number",
    "payor": "payor",
    "preferred_name": "preferred name",
    "priority": "priority",
    "requires_enrollment": "requires enrollment",
    "role": "role",
    "service_line": "service line",
    "service_lines": "service lines",
    "start_date": "start date",
    "starts_at": "start",
    "status": "status",
    "taxonomy_code": "taxonomy code",
    "source": "source",
    "type": "type",
    "uncovered_left_reason": "reason for leaving past sessions uncovered",
    "username": "user name",
}
"""Every field that is told; what is not here (version, row marks) is not."""


def field_words(entity: str, field: str) -> str | None:
    """The field as a person calls it, None where it is not told."""
    if entity == "case_manager" and field == "clinician":
        return "case manager"
    if entity == "enrollment" and field == "start_date":
        return "effective date"
    return FIELDS.get(field)


def value_words(field: str, value: Any, zone: ZoneInfo, names: Mapping[str, str]) -> str:
    """A kept value as a person reads it; `names` turns numbers and codes into names."""
    if value is None or value == "" or value == []:
        return "open" if field == "end_date" else "nobody" if field.endswith("clinician") else "empty"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ", ".join(str(item) for item in value)
    text = str(value)
    if field == "starts_at":
        instant = datetime.fromisoformat(text)
        return f"{words.day(instant.astimezone(zone).date())}, {words.time_of(instant, zone)}"
    if field in DATES:
        return words.day(date.fromisoformat(text))
    if field in ("status", "type", "priority"):
        return "no-show" if text == "no_show" else text.replace("_", " ")
    return names.get(text, text)


DATES = frozenset(
    {
        "active_from",
        "active_to",
        "applied_on",
        "date_of_birth",
        "end_date",
        "last_day",
        "learned_on",
        "start_date",
    }
)


def changes(
    entity: str,
    before: Mapping[str, Any],
    after: Mapping[str, Any],
    zone: ZoneInfo,
    names: Mapping[str, str],
) -> list[tuple[str, str, str]]:
    """(field, before, after) in words for every told field that differs."""
    told = []
    for field in {**before, **after}:
        name = field_words(entity, field)
        was, became = before.get(field), after.get(field)
        if name and was != became:
            told.append((name, value_words(field, was, zone, names), value_words(field, became, zone, names)))
    return told
