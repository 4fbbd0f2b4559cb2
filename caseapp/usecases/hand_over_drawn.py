"""The lines of a hand-over in words: who could follow, who could not and why, and what is there no more."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from caseapp.domain import words
from caseapp.domain.client import CaseManager
from caseapp.domain.clinician import Clinician
from caseapp.domain.dates import ONE_DAY
from caseapp.domain.finding import Finding
from caseapp.domain.hand_over import LineEntry
from caseapp.domain.hand_over_entry import HandOver
from caseapp.domain.hand_over_plan import Given, PlannedLine
from caseapp.domain.hand_over_steps import Step, ends_on, starts_on
from caseapp.domain.practice import Practice
from caseapp.domain.successor import Candidate
from caseapp.usecases.conflict import removed_meanwhile
from caseapp.usecases.hand_over_facts import Part

MOST_OFFERED = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawnLine:
    """One line of the plan. `key` is the public ID of its case manager, behind each of its fields' names.

    `could` and `not_now` are options (number, words); `other` are the words of a chosen successor who is
    among neither. `take` is "KEY NUMBER DATE" of the earliest that would do, in `take_words`. `is_new` tells
    that it came into the plan after the form was opened.
    """

    key: str
    client: str
    client_name: str
    service_line: str
    period: str
    entry: LineEntry
    errors: tuple[Finding, ...]
    warnings: tuple[Finding, ...]
    could: tuple[tuple[str, str], ...]
    not_now: tuple[tuple[str, str], ...]
    why: str
    take: str
    take_words: str
    earliest: str
    other: str = ""
    is_new: bool = False
    steps: tuple[Step, ...] = ()

    def told(self, field: str) -> list[Finding]:
        """The errors beside a field."""
        return [finding for finding in self.errors if finding.field == field]

    @property
    def of_the_line(self) -> list[Finding]:
        return [finding for finding in self.errors if finding.field is None]


@dataclass(frozen=True, slots=True)
class GoneLine:
    """A line of the form that can no longer be handed over, what became of it, and what was typed."""

    key: str
    client: str
    client_name: str
    service_line: str
    message: str
    typed: str


@dataclass(frozen=True, slots=True)
class Receiver:
    """Who takes over how many clients, beside those they have on the first day."""

    name: str
    given: int
    before: int
    limit: int | None

    @property
    def over(self) -> bool:
        return self.limit is not None and self.before + self.given > self.limit


def gone_lines(
    hand_over: HandOver,
    typed: Mapping[str, LineEntry],
    part: Part,
    names: Mapping[str, str],
    today: date,
    practice: Practice,
) -> tuple[GoneLine, ...]:
    """The typed lines that somebody else has removed, given to another, or ended before the first day."""
    found = []
    for key, entry in typed.items():
        if key not in part.whose:
            continue
        cm = part.standing.get(key)
        if cm is None:
            gone = part.removed[key]
            message = removed_meanwhile("case_manager", gone.by, gone.at, gone.reason, practice).message
            line = part.whose[key].sort[2]
        else:
            line = cm.service_line
            happened = _no_longer(hand_over, cm, today)
            if not happened:
                continue
            message = f"{cm.clinician.name} {happened} by now: there is nothing to hand over."
        whose = part.whose[key]
        found.append(GoneLine(key, whose.client, whose.name, line, message, _typed_words(entry, names)))
    return tuple(found)


def _no_longer(hand_over: HandOver, cm: CaseManager, today: date) -> str:
    """Why the plan does not hold this case manager, empty where it does."""
    if cm.clinician.number != hand_over.clinician.number:
        return "is the case manager"
    if cm.last <= hand_over.last_day:
        return f"ends here on {words.short_day(cm.last, today)}"
    if hand_over.back_on is not None and cm.start >= hand_over.back_on:
        return "begins here only after the absence"
    return ""


def _typed_words(entry: LineEntry, names: Mapping[str, str]) -> str:
    if entry.leave_out:
        return f"You had left it out: {entry.reason}" if entry.reason.strip() else "You had left it out."
    if not entry.successor.strip():
        return ""
    who = names.get(entry.successor.strip(), entry.successor[:60])
    return f"You had chosen {who} from {entry.start_date or 'no day'}."


def drawn_line(
    hand_over: HandOver,
    planned: PlannedLine,
    part: Part,
    stale: Finding | None,
    names: Mapping[str, str],
    today: date,
    *,
    fresh: bool,
) -> DrawnLine:
    cm = planned.line.case_manager
    whose = part.whose[cm.id]
    found = planned.prospects
    could = found.candidates if found else ()
    take, take_words, earliest = "", "", ""
    if found is not None and found.earliest is not None and found.then is not None:
        earliest = words.short_day(found.earliest, today)
        if not could:
            take = f"{cm.id} {found.then.number} {found.earliest.isoformat()}"
            take_words = f"{found.then.name} from {earliest}"
    offered = {c.clinician.number for c in could[:MOST_OFFERED]}
    offered |= {c.number for c, _ in (found.not_now if found else ())[:MOST_OFFERED]}
    chosen = planned.entry.successor
    end = ends_on(hand_over, cm)
    since = words.day(starts_on(hand_over, cm))
    back = f", then {cm.clinician.name} again" if end is not None and end < cm.last else ""
    return DrawnLine(
        key=cm.id,
        client=whose.client,
        client_name=whose.name,
        service_line=cm.service_line,
        period=f"{since} to {words.day(end)}{back}" if end else f"from {since}",
        entry=planned.entry,
        errors=(*([stale] if stale else []), *planned.judgement.errors),
        warnings=planned.judgement.warnings,
        could=tuple((c.clinician.number, _words_of(c)) for c in could[:MOST_OFFERED]),
        not_now=tuple(
            (c.number, f"{_called(c)} – {why}") for c, why in (found.not_now if found else ())[:MOST_OFFERED]
        ),
        why=found.why if found else "",
        take=take,
        take_words=take_words,
        earliest=earliest,
        other="" if not chosen or chosen in offered else names.get(chosen, f"{chosen[:60]} (not known)"),
        is_new=planned.proposed and not fresh,
        steps=planned.judgement.steps,
    )


def _words_of(candidate: Candidate) -> str:
    """Mei Lindqvist, CCC-SLP · saw the client · 7 of 12 clients."""
    limit = candidate.clinician.caseload_limit
    load = (
        f"{candidate.clients} of {limit} clients"
        if limit is not None
        else words.count(candidate.clients, "client")
    )
    parts = [_called(candidate.clinician)]
    if candidate.saw_the_client:
        parts.append("saw the client")
    parts.append(load if candidate.has_room else f"{load}, full")
    return " · ".join(parts)


def _called(clinician: Clinician) -> str:
    return f"{clinician.name}, {clinician.credential}" if clinician.credential else clinician.name


def receivers_of(given: Given, clinicians: Mapping[str, Clinician]) -> tuple[Receiver, ...]:
    found = [
        Receiver(clinicians[number].name, count, before, clinicians[number].caseload_limit)
        for number, (before, count) in given.totals().items()
    ]
    return tuple(sorted(found, key=lambda receiver: (-receiver.given, receiver.name)))


def first_day_words(hand_over: HandOver, today: date) -> str:
    """from Tue 1 Dec; from Tue 1 Dec to Sun 28 Feb."""
    first = f"from {words.short_day(hand_over.first, today)}"
    if hand_over.back_on is None:
        return first
    return f"{first} to {words.short_day(hand_over.back_on - ONE_DAY, today)}"
