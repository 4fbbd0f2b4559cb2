"""The bars of the caseloads: clients against the limit as places in an SVG picture, all on one scale."""

from collections.abc import Iterable
from typing import NamedTuple

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
