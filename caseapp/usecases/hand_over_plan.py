"""The plan of a hand-over as it is shown: proposals, or what was typed with all that hinders it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy.orm import Session

from caseapp.domain.actor import Actor
from caseapp.domain.dates import day_of
from caseapp.domain.finding import Finding
from caseapp.domain.hand_over import LineEntry
from caseapp.domain.hand_over_entry import HandOver, HandOverEntry, read_hand_over
from caseapp.domain.hand_over_plan import Line, make_plan
from caseapp.domain.practice import Practice
from caseapp.usecases.conflict import each_changed_meanwhile
from caseapp.usecases.hand_over_drawn import (
    DrawnLine,
    GoneLine,
    Receiver,
    drawn_line,
    gone_lines,
    receivers_of,
)
from caseapp.usecases.hand_over_facts import MOST, Part, Staff, load_part, load_staff, loads_of

UNKNOWN_LINE = Finding(
    "unknown_line",
    None,
    "error",
    "This form names a line that nobody knows. Nothing was changed: open the hand-over anew.",
)
TOO_MANY = Finding(
    "too_many_lines",
    None,
    "error",
    f"At most {MOST} lines are handed over at once. Nothing was changed: open the hand-over anew.",
)
NOTHING_TO_DO = Finding(
    "nothing_to_hand_over",
    None,
    "error",
    "No line is handed over by this: choose a successor for at least one.",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Everything of the page. `errors` are of the whole form; `next` is the place of the next part."""

    hand_over: HandOver
    entry: HandOverEntry
    lines: tuple[DrawnLine, ...]
    gone: tuple[GoneLine, ...]
    receivers: tuple[Receiver, ...]
    after: str
    next: str | None
    errors: tuple[Finding, ...]
    part: Part
    staff: Staff

    @property
    def refused(self) -> bool:
        """Something of what was typed hinders the hand-over."""
        return bool(self.errors or self.gone or any(line.errors for line in self.lines))


@dataclass(frozen=True, slots=True)
class NotUnderstood:
    """Whose lines, or from when, could not be read; the findings stand beside the fields that choose them."""

    findings: tuple[Finding, ...]


def open_plan(
    session: Session,
    actor: Actor,
    now: datetime,
    practice: Practice,
    entry: HandOverEntry,
    *,
    lines: Sequence[LineEntry] | None = None,
    after: str = "",
    writes: bool = False,
    only: str | None = None,
) -> Plan | NotUnderstood:
    """Plan the hand-over that an entry means; `lines` is what was typed so far (None: propose).

    At most thirteen statements, however many lines; one more where lines were changed meanwhile. With `only`
    successors are looked for on the line of this case manager alone, for a fragment that shows no other.
    With `writes` nobody is looked for, and the clients are locked where the database has such locks.
    """
    staff = load_staff(session)
    clinician = staff.by_public_id(entry.clinician.strip())
    today = day_of(now, practice.zone)
    hand_over, findings = read_hand_over(entry, clinician, today)
    if hand_over is None or clinician is None:
        return NotUnderstood(findings)
    typed = {line.case_manager: line for line in lines or ()}
    part = load_part(
        session,
        actor,
        hand_over,
        staff.ids[clinician.number],
        now,
        practice,
        after=after,
        posted=list(typed)[:MOST],
        writes=writes,
    )
    names = {number: who.name for number, who in staff.clinicians.items()}
    gone = gone_lines(hand_over, typed, part, names, today, practice)
    keys = [key for key in typed if key in part.whose and key not in {line.key for line in gone}]
    if not writes:
        keys += [key for key in part.due if key not in typed]
    keys.sort(key=lambda key: part.whose[key].sort)
    stale = {
        key: typed[key].version
        for key in keys
        if key in typed and typed[key].version != part.rows[key].version
    }
    told = each_changed_meanwhile(session, "case_manager", stale, practice, names)
    asked = [_line(key, typed, part) for key in keys]
    loads = loads_of(session, staff, {line.case_manager.service_line for line in asked}, hand_over.first)
    planned, given = make_plan(
        hand_over,
        asked,
        staff.clinicians,
        loads,
        now=now,
        practice=practice,
        ask=None if writes else only if only is not None else "",
    )
    fresh = lines is None
    drawn = tuple(
        drawn_line(hand_over, line, part, told.get(line.line.case_manager.id), names, today, fresh=fresh)
        for line in planned
    )
    return Plan(
        hand_over=hand_over,
        entry=entry,
        lines=drawn,
        gone=gone,
        receivers=receivers_of(given, staff.clinicians),
        after=after,
        next=part.next,
        errors=_of_the_form(typed, part),
        part=part,
        staff=staff,
    )


def _of_the_form(typed: Mapping[str, LineEntry], part: Part) -> tuple[Finding, ...]:
    if len(typed) > MOST:
        return (TOO_MANY,)
    return (UNKNOWN_LINE,) if any(key not in part.whose for key in typed) else ()


def _line(key: str, typed: Mapping[str, LineEntry], part: Part) -> Line:
    version = part.rows[key].version
    entry = replace(typed[key], version=version) if key in typed else None
    return Line(part.standing[key], part.facts[part.whose[key].client_id], version, entry)
