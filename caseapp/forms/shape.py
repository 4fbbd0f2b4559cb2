"""What a posted form must be before anybody asks what it means: each field once, text that can be kept."""

from collections.abc import Sequence
from typing import Any

from wtforms import Field, Form, ValidationError

from caseapp.domain.finding import Finding

SHORT = 200
LONG = 10_000
_ALLOWED_CONTROLS = frozenset("\n\r\t")


def not_text(text: str) -> bool:
    """NUL and other control characters, halves of a surrogate pair, and what stands in for broken bytes."""
    return any(
        (character < " " and character not in _ALLOWED_CONTROLS)
        or "\ud800" <= character <= "\udfff"
        or character == "\ufffd"
        for character in text
    )


class Marked:
    """Draws the red asterisk and the attribute `required`; the domain tells it together with all else."""

    field_flags = {"required": True}  # noqa: RUF012  # the name and form that WTForms reads

    def __call__(self, form: Form, field: Field) -> None:
        """Nothing: a rule is written once."""


class Shape:
    """Sent at most once, not longer than `limit` characters, and text."""

    def __init__(self, limit: int = SHORT) -> None:
        self.limit = limit

    def __call__(self, form: Form, field: Field) -> None:
        fault = shape_fault(field.name, field.label.text, field.raw_data or [], self.limit)
        if fault is not None:
            error: Any = fault
            raise ValidationError(error)


def shape_fault(field: str, label: str, sent: Sequence[str], limit: int = SHORT) -> Finding | None:
    """What is wrong with the shape of what was sent in a field, None where nothing is."""
    if len(sent) > 1:
        told = f"{label} was sent {len(sent)} times. Send it once."
        return Finding("sent_twice", field, "error", told)
    for text in sent:
        if len(text) > limit:
            told = f"{label} has {len(text):,} characters; at most {limit:,} are kept."
            return Finding("too_long", field, "error", told)
        if not_text(text):
            told = f"{label} holds a character that is not text. Type it without that one."
            return Finding("not_text", field, "error", told)
    return None


def unknown_fields(form: Form, sent: list[str]) -> list[Finding]:
    """A finding where fields were sent that the form does not have."""
    foreign = sorted({name for name in sent if name not in form})
    if not foreign:
        return []
    first = foreign[0] if len(foreign[0]) <= 40 and not not_text(foreign[0]) else "with a very odd name"
    return [
        Finding(
            "unknown_field",
            None,
            "error",
            f"This form has no field “{first}”. Nothing was changed: open the form anew.",
        )
    ]
