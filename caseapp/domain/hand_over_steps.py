"""What becomes of a case manager by one line of a hand-over.

A line means: the old case manager ends the day before, the successor goes on to that end; after an absence
the first one follows again. Where the old one would begin no earlier than the successor, the successor takes
the whole of it. So no day gains a gap or an overlap. Source: docs/domain.md, *Hand-over*.
"""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date

from caseapp.domain.client import CaseManager, ClientFacts
from caseapp.domain.clinician import Clinician
from caseapp.domain.dates import ONE_DAY
from caseapp.domain.hand_over_entry import HandOver
from caseapp.domain.successor import is_client_of


@dataclass(frozen=True, slots=True)
class Step:
    """A case manager as it stands afterwards. `stored` is what it changes; None adds it, with an empty id."""

    after: CaseManager
    stored: CaseManager | None = None


def starts_on(hand_over: HandOver, cm: CaseManager) -> date:
    """The successor's first day, where nothing else is typed."""
    return max(hand_over.first, cm.start)


def ends_on(hand_over: HandOver, cm: CaseManager) -> date | None:
    """The successor's last day."""
    if hand_over.back_on is None or cm.last < hand_over.back_on:
        return cm.end
    return hand_over.back_on - ONE_DAY


def steps_of(hand_over: HandOver, cm: CaseManager, successor: Clinician, start: date) -> tuple[Step, ...]:
    """What becomes of the case manager: changes first, so that no moment has two on one day."""
    end = ends_on(hand_over, cm)
    whom = cm.for_clinician
    new = replace(
        cm,
        clinician=successor,
        for_clinician=None if whom and whom.number == successor.number else whom,
        start=start,
        end=end,
    )
    if start > cm.start:
        ended = Step(replace(cm, end=start - ONE_DAY), cm)
        steps = [ended, Step(replace(new, id="", uncovered_left_at=None))]
    else:
        steps = [Step(new, cm)]
    if end is not None and end < cm.last:
        back = replace(cm, id="", start=end + ONE_DAY, uncovered_left_at=None)
        steps.append(Step(back))
    return tuple(steps)


def facts_after(facts: ClientFacts, steps: Collection[Step]) -> ClientFacts:
    """The client's facts once the steps are written."""
    changed = {step.stored.id for step in steps if step.stored}
    kept = [cm for cm in facts.case_managers if cm.id not in changed]
    ordered = sorted([*kept, *(step.after for step in steps)], key=lambda cm: cm.start)
    return replace(facts, case_managers=tuple(ordered))


def newly_a_client(facts: ClientFacts, number: str, day: date) -> bool:
    """Taking over a line of this client makes the clinician's caseload larger by one."""
    return facts.status == "active" and not is_client_of(facts, number, day)
