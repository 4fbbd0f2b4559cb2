"""`python -m benchmarks`: makes the practices where they are missing, measures, and prints the figures."""

import argparse
import sys
import tempfile
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import TypeVar

from benchmarks.gaps import judge, on_postgresql
from benchmarks.guarded import guard
from benchmarks.hand_over import plan
from benchmarks.making import Made, copied, make, settings_of
from benchmarks.report import Figures, Report, Saving
from benchmarks.saving import save_together
from benchmarks.server import running
from benchmarks.walk import walk
from caseapp.config import DATABASE_NAME

Answer = TypeVar("Answer")


def main() -> int:
    """0 where all targets are met, 1 where one is missed."""
    asked = _arguments()
    asked.folder.mkdir(parents=True, exist_ok=True)
    figures = []
    for clients in asked.clients:
        print(f"{clients:,} clients …", file=sys.stderr, flush=True)
        made = _apart(make, asked.folder, clients)
        walked = _apart(walk, copied(made, "walk"), asked.requests)
        floor = Path(made.folder) / DATABASE_NAME
        judged = [_apart(judge, settings_of(copied(made, "coverage")).database_url, floor, asked.requests)]
        if asked.postgresql:
            with on_postgresql(asked.folder, clients) as url:
                judged.append(_apart(judge, url, floor, asked.requests))
        planned = _apart(plan, Path(made.folder))
        guarded = _apart(guard, copied(made, "guarded"), asked.requests)
        # Enough at the largest: what is lost or doubled does not depend on the size.
        saving = _save(made, asked.seconds) if clients == asked.clients[-1] else None
        figures.append(Figures(made, walked, judged, planned, guarded, saving))
    report = Report(figures)
    print("\n".join(report.lines))
    return 1 if report.missed else 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--clients", type=int, nargs="+", default=[1_000, 100_000], metavar="N")
    parser.add_argument("--requests", type=int, default=200, help="of each kind, in turn")
    parser.add_argument("--seconds", type=float, default=10, help="of eight browsers saving")
    parser.add_argument(
        "--postgresql",
        action=argparse.BooleanOptionalAction,
        default=True,
        help="recompute the coverage there as well",
    )
    parser.add_argument(
        "--folder",
        type=Path,
        default=Path(tempfile.gettempdir()) / "caseapp-benchmarks",
        help="where the practices are kept for the next run; remove it to make and import them anew",
    )
    return parser.parse_args()


def _apart(function: Callable[..., Answer], *given: object) -> Answer:
    """The function's answer, from a process of its own: a measurement finds nothing that another left."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as process:
        return process.submit(function, *given).result()


def _save(made: Made, seconds: float) -> Saving:
    folder = copied(made, "saving")
    with running(folder) as server:
        told, wrong = save_together(server, folder / "caseapp.db", seconds)
        return Saving(seconds, told, wrong, server.resident_mb())


if __name__ == "__main__":
    sys.exit(main())
