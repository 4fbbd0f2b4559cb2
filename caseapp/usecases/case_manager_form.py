"""What the case-manager form offers: service lines, clinicians who could be saved, dates, and the way out."""

from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from caseapp.domain import client as clients
from caseapp.domain import words
from caseapp.domain.actor import Actor
from caseapp.domain.case_manager import Chosen, Judgement, judge
from caseapp.domain.case_manager_change import covered_sessions, needs_kind
from caseapp.domain.case_manager_entry import CaseManagerEntry, ReadEntry, read_entry
from caseapp.domain.case_manager_rules import clinician_errors
from caseapp.domain.clinician import Clinician
from caseapp.domain.dates import day_of
from caseapp.domain.notice import judge_notice
from caseapp.domain.period import Period
from caseapp.domain.practice import Practice
from caseapp.domain.successor import Candidate
from caseapp.models import Client, ServiceLine
from caseapp.usecases.case_manager_interim import best_filled_in, label_of, suggest
from caseapp.usecases.clinician_facts import load_clinicians
from caseapp.usecases.facts import load_with
from caseapp.usecases.outcome import UnknownRecord
from caseapp.usecases.visibility import visible_alone


@dataclass(frozen=True, slots=True)
class Choice:
    """One option of a list: its value, its words, and whether the rules would let it be saved.

    `name` is the words without the reason why not.
    """

    value: str
    label: str
    could_be_saved: bool
    name: str = ""


@dataclass(frozen=True, slots=True)
class Interim:
    """Who could be case manager meanwhile: the clinician's number, their words and the button's."""

    number: str
    label: str
    caseload: str
    button: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Offers:
    """Everything beside the typed values that the form draws.

    `first_appointment` is the live hint beneath the start date; `end_current` and `leave_uncovered` are the
    words of the two offers, None where they do not apply. `change` asks which change is meant; `interims` are
    suggested until the responsible clinician is enrolled, under `interims_lead`. `suggested` says why
    somebody is filled in whom nobody chose.
    """

    service_lines: tuple[Choice, ...]
    clinicians: tuple[Choice, ...]
    first_appointment: str
    end_current: str | None
    leave_uncovered: str | None
    change: str | None = None
    interims_lead: str = ""
    interims: tuple[Interim, ...] = ()
    suggested: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenForm:
    """The form as it opens: the entry to draw, the stored version of an edit, and the offers."""

    entry: CaseManagerEntry
    version: int | None
    offers: Offers


def open_form(
    session: Session,
    actor: Actor,
    now: datetime,
    practice: Practice,
    client: str,
    *,
    case_manager: str | None = None,
    entry: CaseManagerEntry | None = None,
    suggests: bool = False,
) -> OpenForm:
    """The form for adding, or for editing one case manager, around what was typed so far (None: nothing).

    With `suggests` the best candidate is filled in, and it is said why. Raises UnknownRecord. Nine
    statements, however many clinicians there are; one more to suggest anybody.
    """
    row = session.execute(
        select(Client.id, Client.number, Client.first_name, Client.status).where(
            Client.public_id == client, visible_alone(actor)
        )
    ).one_or_none()
    if row is None:
        raise UnknownRecord
    loaded = load_with(session, [row], removed=True)
    facts = loaded.facts[row.id]
    stored = next((cm for cm in facts.case_managers if cm.id == case_manager), None)
    versions = {cm.public_id: cm.version for cm in loaded.case_managers}
    # What was typed into the form of one that was removed meanwhile is not thrown away.
    if case_manager is not None and stored is None and (entry is None or case_manager not in versions):
        raise UnknownRecord
    if entry is None:
        entry = _entry_of(stored) if stored else CaseManagerEntry()
    lines = {row.code: row.name for row in session.execute(select(ServiceLine.code, ServiceLine.name))}
    clinicians = list(load_clinicians(session).values())
    why = ""
    if suggests:
        entry, why = best_filled_in(session, entry, facts, clinicians, now, practice)
    offers = replace(_offers(entry, facts, stored, lines, clinicians, now, practice), suggested=why)
    suggested = suggest(session, entry, facts, clinicians, now, practice)
    if suggested is not None:
        responsible, payor, found = suggested
        offers = replace(
            offers,
            interims_lead=f"Enrolled with {payor}, until {responsible.name} is",
            interims=tuple(_interim(candidate, responsible) for candidate in found),
        )
    return OpenForm(entry=entry, version=versions.get(case_manager or ""), offers=offers)


def _entry_of(stored: clients.CaseManager) -> CaseManagerEntry:
    return CaseManagerEntry(
        service_line=stored.service_line,
        clinician=stored.clinician.number,
        start_date=stored.start.isoformat(),
        end_date=stored.end.isoformat() if stored.end else "",
        for_clinician=stored.for_clinician.number if stored.for_clinician else "",
    )


def _offers(
    entry: CaseManagerEntry,
    facts: clients.ClientFacts,
    stored: clients.CaseManager | None,
    lines: dict[str, str],
    clinicians: list[Clinician],
    now: datetime,
    practice: Practice,
) -> Offers:
    today = day_of(now, practice.zone)
    read = read_entry(entry)
    chosen = next((clinician for clinician in clinicians if clinician.number == read.clinician), None)
    judgement = judge(
        entry,
        read,
        facts,
        Chosen(known_lines=lines, clinician=chosen),
        now=now,
        practice=practice,
        stored=stored,
    )
    return Offers(
        service_lines=_service_lines(facts, lines, read.start or today),
        clinicians=_clinicians(clinicians, facts, read, lines, today),
        first_appointment=_first_appointment(judgement, facts, read, stored, today, practice),
        end_current=_end_current(judgement, today),
        leave_uncovered=_leave_uncovered(judgement),
        change=_change(entry, facts, stored, now, practice),
    )


def _change(
    entry: CaseManagerEntry,
    facts: clients.ClientFacts,
    stored: clients.CaseManager | None,
    now: datetime,
    practice: Practice,
) -> str | None:
    if stored is None or not needs_kind(entry, facts, stored, now, practice):
        return None
    covered = covered_sessions(facts, stored, now, practice)
    told = f"has covered {words.count(covered, 'session')}" if covered else "has covered no session yet"
    return f"{stored.clinician.name} {told}. Which is meant?"


def _service_lines(facts: clients.ClientFacts, lines: dict[str, str], start: date) -> tuple[Choice, ...]:
    """First the lines that the client receives on the start date or begins to soon, then the others."""
    choices = []
    for code, name in lines.items():
        received = facts.period_for(code, start) is not None
        why = "" if received else " (not received)"
        choices.append(Choice(code, f"{code} · {name}{why}", received))
    return tuple(sorted(choices, key=lambda choice: (not choice.could_be_saved, choice.value)))


def _clinicians(
    clinicians: list[Clinician],
    facts: clients.ClientFacts,
    read: ReadEntry,
    lines: dict[str, str],
    today: date,
) -> tuple[Choice, ...]:
    """First those who could be saved, then the others with the reason why not."""
    line = read.service_line if read.service_line in lines else None
    choices = []
    for clinician in clinicians:
        errors = clinician_errors(clinician, facts, line, read.start or today, today)
        name = f"{clinician.name}, {clinician.credential}" if clinician.credential else clinician.name
        label = f"{name} – {errors[0].short}" if errors else name
        by_name = (clinician.last_name.casefold(), clinician.first_name.casefold(), clinician.number)
        choices.append((bool(errors), by_name, Choice(clinician.number, label, not errors, name)))
    return tuple(choice for _, _, choice in sorted(choices, key=lambda item: item[:2]))


def _first_appointment(
    judgement: Judgement,
    facts: clients.ClientFacts,
    read: ReadEntry,
    stored: clients.CaseManager | None,
    today: date,
    practice: Practice,
) -> str:
    """The live hint: how the start stands to the first appointment; before one is typed, how today would."""
    line, notice = read.service_line, judgement.notice
    if not line:
        return "Choose the service line to see the first appointment."
    if read.period is None:
        current = facts.case_manager_on(line, today)
        if current is not None and current is not stored:
            return f"{current.clinician.name} is {line} case manager today: a successor may start on any day."
        itself = stored.id if stored else None
        notice = judge_notice(facts, line, Period(start=today), practice, itself=itself)
    if notice.first is None:
        return "No appointment asks for an earlier start."
    when = words.moment(notice.first.starts_at, practice.zone, today)
    if notice.latest_start is None:
        return f"First appointment {when}: no start date would do."
    return f"First appointment {when}: start by {words.short_day(notice.latest_start, today)}."


def _end_current(judgement: Judgement, today: date) -> str | None:
    if judgement.current is None or judgement.current_ends is None:
        return None
    ends = words.short_day(judgement.current_ends, today)
    return f"End {judgement.current.clinician.name} on {ends} and start this one"


def _leave_uncovered(judgement: Judgement) -> str | None:
    if not judgement.past_sessions:
        return None
    return f"Leave {words.these(judgement.past_sessions, 'past session')} without a case manager"


def _interim(candidate: Candidate, responsible: Clinician) -> Interim:
    name, caseload = label_of(candidate)
    button = f"Choose {candidate.clinician.name}, for {responsible.name}"
    return Interim(candidate.clinician.number, name, caseload, button)
