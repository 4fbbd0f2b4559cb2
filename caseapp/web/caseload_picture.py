"""The bars of the caseloads: clients against the limit as places in an SVG picture, all on one scale."""

from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

from markupsafe import Markup

from caseapp.domain.caseload import Caseload

WIDTH = 100
TICK = 1.2
"""How wide the mark at the limit is."""


class Bar(NamedTuple):
    """`within` is the bar's width up to the limit, `over` what lies beyond it, from `limit` on.

    `limit` is the place of the mark, None where there is no limit.
    """

    within: float
    over: float
    limit: float | None


def bars(caseloads: Iterable[Caseload]) -> list[Bar]:
    """One for each, so that they can be compared: the largest number or limit reaches to the right end."""
    shown = list(caseloads)
    most = max((max(caseload.number, caseload.limit or 0) for caseload in shown), default=0) or 1

    def place(number: int) -> float:
        return round((WIDTH - TICK) * number / most, 1)

    drawn = []
    for caseload in shown:
        limit = caseload.limit
        within = caseload.number if limit is None else min(caseload.number, limit)
        over = round(place(caseload.number) - place(within), 1)
        drawn.append(Bar(place(within), over, None if limit is None else place(limit)))
    return drawn


@lru_cache(maxsize=2_000)
def drawn(bar: Bar) -> Markup:
    """The picture, kept, for many have the same. A screen reader is told nothing: words stand beside it."""
    parts = [("room", 0.0, bar.limit or 0.0), ("within", 0.0, bar.within), ("over", bar.within, bar.over)]
    if bar.limit is not None:
        parts.append(("limit", bar.limit, TICK))
    boxes = Markup("").join(
        Markup('<rect class="{}" x="{}" width="{}" height="8"/>').format(kind, x, width)
        for kind, x, width in parts
        if width
    )
    return Markup(
        '<svg class="load" viewBox="0 0 100 8" preserveAspectRatio="none" '
        'aria-hidden="true" focusable="false">{}</svg>'
    ).format(boxes)
