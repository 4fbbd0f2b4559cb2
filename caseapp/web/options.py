"""The options of a filter's list, drawn once for the same choices: a list page asks for them at each look."""

from collections.abc import Iterable
from functools import lru_cache

from markupsafe import Markup

KEPT = 200


def options(pairs: Iterable[tuple[str, str]], chosen: str, empty: str = "Any") -> Markup:
    """Option elements for (value, words), with `empty` first; a chosen value that is none of them is last."""
    return _drawn(tuple(pairs), chosen, empty)


@lru_cache(maxsize=KEPT)
def _drawn(pairs: tuple[tuple[str, str], ...], chosen: str, empty: str) -> Markup:
    known = {value for value, _ in pairs}
    last = ((chosen, chosen),) if chosen and chosen not in known else ()
    return Markup("\n").join(
        Markup('<option value="{}"{}>{}</option>').format(
            value, Markup(" selected") if value and value == chosen else "", words
        )
        for value, words in (("", empty), *pairs, *last)
    )
