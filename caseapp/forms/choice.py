"""The options of a list, in which what was sent stays chosen."""

from collections.abc import Mapping

from wtforms import SelectMultipleField
from wtforms.fields.choices import SelectChoice
from wtforms.widgets import CheckboxInput, ListWidget

_DRAWN_LENGTH = 60


class BoxesField(SelectMultipleField):  # type: ignore[misc]  # WTForms comes without types
    """Several of a list, each with a box to tick; macros/field.html draws it by `checks`."""

    widget = ListWidget()
    option_widget = CheckboxInput()


def options(known: Mapping[str, str], chosen: str | None, *, with_code: bool = False) -> list[SelectChoice]:
    """Names by code as options; what was sent stays chosen, also where the practice does not know it."""
    drawn = [
        SelectChoice(code, f"{code} · {name}" if with_code and code != name else name)
        for code, name in known.items()
    ]
    if chosen and chosen not in known:
        drawn.append(SelectChoice(chosen, f"{chosen[:_DRAWN_LENGTH]} (not known)"))
    return drawn
