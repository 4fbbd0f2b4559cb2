"""Puts the figures beside their targets, in words for a terminal."""

from collections.abc import Iterator
from dataclasses import dataclass

from benchmarks.gaps import Judged
from benchmarks.guarded import Guarded
from benchmarks.hand_over import Planned
from benchmarks.making import Made
from benchmarks.saving import BROWSERS, Outcome
from benchmarks.walk import FLOOR, Measured

FLOORS = {
    "list": 6,
    "gaps": 6,
    "search": 6,
    "page": 6,
    "tab": 6,
    "overview": 6,
    "Clinical tab": 8,
    "save": 10,
}
"""How many floors a request may cost, by what its name begins with."""
SAME_AT_ALL_SIZES = ("list", "search", "page", "tab")
NEARLY = 1.2
IMPORTED_ROWS = 20_000
JUDGED_LINES = 20_000
JUDGED_MB = 300
WORKER_MB = 120
GUARDED = 1.15
RESTRICTED = 1.05
"""No more than the office's, within what two measurements of the same differ by."""
PLAN_MS = 300
STANDARD_FLOOR = 0.37e-3
"""Seconds: what the floor took, alone, on the machine for which targets by the second were set."""


@dataclass(frozen=True, slots=True)
class Saving:
    """Ten seconds of saves: what was told, what is wrong, and the server's memory afterwards in MB."""

    seconds: float
    told: Outcome
    wrong: list[str]
    resident: float


@dataclass(frozen=True, slots=True)
class Figures:
    """All of one practice; `saving` is None where it was not asked for."""

    made: Made
    walk: dict[str, Measured]
    judged: list[Judged]
    planned: Planned
    guarded: Guarded
    saving: Saving | None


class Report:
    """The lines to print. `missed` are the targets that were not reached."""

    def __init__(self, all_figures: list[Figures]) -> None:
        self.missed: list[str] = []
        self.lines = [line for figures in all_figures for line in self._one(figures)]
        if len(all_figures) > 1:
            self.lines += self._sizes(all_figures[0], all_figures[-1])
        told = "All targets are met." if not self.missed else "Missed: " + "; ".join(self.missed) + "."
        self.lines += ["", told]

    def _one(self, figures: Figures) -> Iterator[str]:
        made, floor = figures.made, figures.walk[FLOOR].median
        yield ""
        size = f"{made.size / 1e6:,.0f} MB"
        yield f"{made.clients:,} clients ({size}), CPU milliseconds"
        yield f"  {'':24}{'median':>8}{'p95':>8}{'floors':>8}{'statements':>12}  target"
        for name, measured in figures.walk.items():
            ratio = measured.ratio
            most = next((most for start, most in FLOORS.items() if name.startswith(start)), None)
            figure = (
                f"  {name:24}{measured.median * 1e3:8.2f}{measured.p95 * 1e3:8.2f}{ratio:8.1f}"
                f"{measured.statements:12}  "
            )
            yield figure + self._judged(f"{name} at {made.clients:,}", most, ratio, most=True)
        slower = floor / STANDARD_FLOOR
        standard = f"{STANDARD_FLOOR * 1e3:g} ms"
        yield f"  In brackets, and judged: as it would be where the floor alone takes {standard}."
        yield from self._many_rows(figures, slower)
        planned, ms = figures.planned, figures.planned.cpu * 1e3
        yield (
            f"  hand-over of {planned.lines} lines of {planned.all_lines:,}: "
            f"{ms:.0f} ms ({ms / slower:.0f})  "
        ) + self._judged(f"hand-over at {made.clients:,}", PLAN_MS, ms / slower, most=True)
        yield from self._guarded(made.clients, figures.guarded)
        if figures.saving is not None:
            yield from self._saving(figures.saving)

    def _guarded(self, clients: int, guarded: Guarded) -> Iterator[str]:
        yield "  access checks and the record beside none, and a clinician beside the office"
        for page, bare in guarded.bare.items():
            office = guarded.office[page]
            what = f"access checks, {page} at {clients:,}"
            yield f"    {page:22}{office / bare:8.2f}  " + self._judged(
                what, GUARDED, office / bare, most=True
            )
            if clinician := guarded.clinician.get(page):
                what, ratio = f"{page} of a clinician at {clients:,}", clinician / office
                yield f"    {page + ', clinician':22}{ratio:8.2f}  " + self._judged(
                    what, RESTRICTED, ratio, most=True
                )

    def _many_rows(self, figures: Figures, slower: float) -> Iterator[str]:
        made = figures.made
        speed = made.rows / made.cpu
        yield (
            f"  import of {made.rows:,} rows: {speed:,.0f} rows/s of CPU ({speed * slower:,.0f}), "
            + (f"{made.rows / made.wall:,.0f} by the clock  ")
            + self._judged(f"import of {made.clients:,}", IMPORTED_ROWS, speed * slower)
        )
        for judged in figures.judged:
            slower = judged.floor / STANDARD_FLOOR
            what = f"coverage of {made.clients:,} on {judged.database}"
            yield (
                f"  coverage of {judged.lines:,} service lines on {judged.database}: "
                f"{judged.speed:,.0f} lines/s with loading ({judged.speed * slower:,.0f})  "
            ) + self._judged(what, JUDGED_LINES, judged.speed * slower)
            yield (
                f"    {judged.kept:,.0f} lines/s with keeping the findings; at most {judged.peak:.0f} MB  "
            ) + self._judged(f"memory of the {what}", JUDGED_MB, judged.peak, most=True)

    def _saving(self, saving: Saving) -> Iterator[str]:
        told, count = saving.told, len(saving.told.seconds)
        yield (
            f"  {BROWSERS} browsers for {saving.seconds:g} s: {count} saves, {told.conflicts} told of "
            f"another's change, {told.repeated} sent twice, {told.refused} refused by a rule"
        )
        if count:
            seconds = sorted(told.seconds)
            yield "    " + ", ".join(
                f"{words} {seconds[min(int(count * share), count - 1)] * 1e3:.0f} ms"
                for words, share in (("median", 0.5), ("p95", 0.95), ("p99", 0.99), ("slowest", 1))
            )
        faults = told.errors + saving.wrong
        if faults or not count:
            self.missed.append("saving together")
        yield "    " + ("; ".join(faults[:5]) if faults else "no error, nothing lost, nothing doubled: met")
        yield f"  the server's memory then: {saving.resident:.0f} MB  " + self._judged(
            "memory", WORKER_MB, saving.resident, most=True
        )

    def _sizes(self, small: Figures, large: Figures) -> Iterator[str]:
        yield ""
        yield f"{large.made.clients:,} clients beside {small.made.clients:,}, in floors"
        for name in [name for name in large.walk if name in small.walk]:
            ratios = [f.walk[name].ratio for f in (small, large)]
            growth = ratios[1] / ratios[0]
            target = NEARLY if name.startswith(SAME_AT_ALL_SIZES) else None
            yield f"  {name:24}{growth:8.2f}  " + self._judged(f"{name}, growth", target, growth, most=True)

    def _judged(self, what: str, target: float | None, figure: float, *, most: bool = False) -> str:
        if target is None:
            return ""
        met = figure <= target if most else figure >= target
        if not met:
            self.missed.append(what)
        return f"{'at most' if most else 'at least'} {target:,}: {'met' if met else 'MISSED'}"
