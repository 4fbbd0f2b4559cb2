"""The plan of a hand-over: a successor proposed for each line, and what was typed judged.

Source: docs/domain.md, *Hand-over*.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from caseapp.domain.client import CaseManager, ClientFacts
from caseapp.domain.clinician import Clinician
from caseapp.domain.dates import day_of
from caseapp.domain.hand_over import (
    LineEntry,
    LineJudgement,
    judge_line,
    read_start,
)
from caseapp.domain.hand_over_entry import HandOver
from caseapp.domain.hand_over_prospects import Prospects, prospects
from caseapp.domain.hand_over_steps import newly_a_client, starts_on
from caseapp.domain.practice import Practice


@dataclass(frozen=True, slots=True)
class Line:
    """A line to hand over: its case manager, its client, and what was typed (None: nobody has yet)."""

    case_manager: CaseManager
    facts: ClientFacts
    version: int
    typed: LineEntry | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedLine:
    """`entry` is what was typed, or the proposal; `prospects` is None where they were not asked for."""

    line: Line
    entry: LineEntry
    judgement: LineJudgement
    prospects: Prospects | None
    proposed: bool


class Given:
    """The caseloads on the first day with what this very plan gives."""

    def __init__(self, caseloads: Mapping[str, int]) -> None:
        self._before = caseloads
        self._given: dict[str, set[str]] = defaultdict(set)

    def give(self, number: str, facts: ClientFacts, day: date) -> None:
        if newly_a_client(facts, number, day):
            self._given[number].add(facts.number)

    def besides(self, facts: ClientFacts) -> dict[str, int]:
        """The caseloads by clinician number, without what the plan gives of this client."""
        more = {number: len(clients - {facts.number}) for number, clients in self._given.items()}
        return {**self._before, **{n: self._before.get(n, 0) + count for n, count in more.items()}}

    def totals(self) -> dict[str, tuple[int, int]]:
        """(clients before, clients given) of everybody who is given some."""
        return {n: (self._before.get(n, 0), len(clients)) for n, clients in self._given.items()}


def make_plan(
    hand_over: HandOver,
    lines: Sequence[Line],
    clinicians: Mapping[str, Clinician],
    caseloads: Mapping[str, int],
    *,
    now: datetime,
    practice: Practice,
    ask: str | None = "",
) -> tuple[list[PlannedLine], Given]:
    """Plan each line in turn; `clinicians` and `caseloads` are by number.

    Who follows on one line counts for the next. Successors are looked for on all lines, on that of the case
    manager `ask` alone, or with None on none: then what was typed is judged.
    """
    given = Given(caseloads)
    for line in lines:
        if line.typed and not line.typed.leave_out and line.typed.successor in clinicians:
            given.give(line.typed.successor, line.facts, hand_over.first)
    practising: dict[str, list[Clinician]] = defaultdict(list)
    for clinician in clinicians.values():
        for code in clinician.service_lines:
            practising[code].append(clinician)
    planned = []
    for line in lines:
        loads = given.besides(line.facts)
        found = None
        if ask is not None and ask in ("", line.case_manager.id):
            found = prospects(
                hand_over,
                line.case_manager,
                line.facts,
                _asked_day(hand_over, line, now, practice),
                practising[line.case_manager.service_line],
                loads,
                now=now,
                practice=practice,
            )
        entry = line.typed or _proposal(hand_over, line, found)
        judgement = LineJudgement()
        if line.typed or entry.successor:
            judgement = judge_line(
                hand_over,
                line.case_manager,
                line.facts,
                entry,
                clinicians.get(entry.successor.strip()),
                others=loads.get(entry.successor.strip(), 0),
                now=now,
                practice=practice,
            )
        if line.typed is None and entry.successor:
            given.give(entry.successor, line.facts, hand_over.first)
        planned.append(
            PlannedLine(
                line=line, entry=entry, judgement=judgement, prospects=found, proposed=line.typed is None
            )
        )
    return planned, given


def _asked_day(hand_over: HandOver, line: Line, now: datetime, practice: Practice) -> date:
    """The day on which successors are asked for: the one that was typed, where it can be."""
    if line.typed is not None:
        today = day_of(now, practice.zone)
        start, _ = read_start(hand_over, line.case_manager, line.typed.start_date, today)
        if start is not None:
            return start
    return starts_on(hand_over, line.case_manager)


def _proposal(hand_over: HandOver, line: Line, found: Prospects | None) -> LineEntry:
    best = found.candidates[0].clinician.number if found and found.candidates else ""
    return LineEntry(
        case_manager=line.case_manager.id,
        version=line.version,
        successor=best,
        start_date=starts_on(hand_over, line.case_manager).isoformat(),
    )
