"""The list of coverage gaps as it was or will be on another day: every client is judged anew.

A batch of clients is in memory at a time, and of the gaps a page, whatever their number; the time grows with
the clients, and so a practice with too many is told to ask the command.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from heapq import nlargest, nsmallest
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from caseapp.domain.actor import Actor
from caseapp.domain.client import ClientFacts
from caseapp.domain.clinician import Clinician
from caseapp.domain.coverage_day import CoverageDay
from caseapp.domain.coverage_gap import Gap
from caseapp.domain.interim_return import findings
from caseapp.domain.practice import Practice
from caseapp.models import Client
from caseapp.usecases.coverage_counts import Counts
from caseapp.usecases.coverage_impact import CauseOf, Impact, cause_of
from caseapp.usecases.coverage_kept import Kept
from caseapp.usecases.coverage_list import PAGE_SIZE, GapPage, ListedGap, Question, as_page
from caseapp.usecases.facts_of_day import facts_of_all
from caseapp.usecases.visibility import visible_to

MOST_CLIENTS = 20_000


class TooManyClients(Exception):
    """More clients than MOST_CLIENTS would have to be judged anew."""


@dataclass(slots=True)
class OnDay:
    """The page of another day, with its counts (complete) and what the causes on it hit."""

    page: GapPage
    counts: Counts = field(default_factory=Counts)
    impacts: dict[CauseOf, Impact] = field(default_factory=dict)


def gaps_of_day(session: Session, actor: Actor, on: date, practice: Practice, question: Question) -> OnDay:
    """The page that is asked for, judged anew. Raises TooManyClients."""
    refuse_too_many(session, actor)
    counts = Counts()
    hit: dict[CauseOf, list[int]] = {}
    place, backwards = question.before or question.after, bool(question.before)

    def wanted() -> Iterator[ListedGap]:
        for of_client in _judged(session, actor, on, practice):
            _count(counts, hit, of_client)
            for row, _ in of_client:
                beyond = not place or (row.place < place if backwards else row.place > place)
                if beyond and asked_for(row.kept, question):
                    yield row

    cut = nlargest if backwards else nsmallest
    rows = cut(PAGE_SIZE + 1, wanted(), key=lambda row: row.place)
    page = as_page(_named(session, actor, rows), question)
    causes = {cause_of(row.kept.code, row.kept.clinician_id, row.kept.payor) for row in page.rows}
    return OnDay(page, counts, {cause: Impact(*hit[cause]) for cause in causes if cause in hit})


def all_of_day(
    session: Session, actor: Actor, on: date, practice: Practice, question: Question
) -> list[ListedGap]:
    """All that the filters ask for, in order. Memory grows with the gaps. Raises TooManyClients."""
    refuse_too_many(session, actor)
    found = (row for of_client in _judged(session, actor, on, practice) for row, _ in of_client)
    return sorted((row for row in found if asked_for(row.kept, question)), key=lambda row: row.place)


def refuse_too_many(session: Session, actor: Actor) -> None:
    beyond = select(Client.id).where(visible_to(actor)).order_by(Client.id).offset(MOST_CLIENTS).limit(1)
    if session.execute(beyond).first():
        raise TooManyClients


def asked_for(kept: Kept, question: Question) -> bool:
    """The filters allow the gap."""
    values = {
        "kind": kept.code,
        "severity": kept.severity,
        "service_line": kept.service_line,
        "payor": kept.payor,
        "clinician": kept.clinician_id,
    }
    return all(values[name] == value for name, value in question.filters.items())


def _judged(
    session: Session, actor: Actor, on: date, practice: Practice
) -> Iterator[list[tuple[ListedGap, Gap]]]:
    """The gaps of one client after another; the names of the clients are not there yet."""
    asked = CoverageDay(on, practice)
    for client, facts in facts_of_all(session, actor, asked):
        people = _people(facts)
        yield [(_listed(gap, facts, people, client), gap) for gap in findings(facts, asked)]


def _people(facts: ClientFacts) -> dict[str, Clinician]:
    """The clinicians of a client's case managers by public ID."""
    of_client = [cm.clinician for cm in facts.case_managers]
    of_client += [cm.for_clinician for cm in facts.case_managers if cm.for_clinician]
    return {clinician.id: clinician for clinician in of_client}


def _listed(gap: Gap, facts: ClientFacts, people: dict[str, Clinician], client: str) -> ListedGap:
    about = gap.about
    whom: Any = people.get(about.clinician)
    kept = Kept(
        gap.service_line,
        gap.code,
        gap.severity,
        gap.mend_by,
        gap.at_risk,
        gap.message,
        about.clinician or None,
        about.payor or None,
        about.case_manager or None,
        about.begins,
        about.first_session,
        whom.number if whom else None,
        whom.first_name if whom else None,
        whom.last_name if whom else None,
    )
    return ListedGap(kept, gap.place(facts.number), client, "", "", facts.number)


def _count(counts: Counts, hit: dict[CauseOf, list[int]], of_client: list[tuple[ListedGap, Gap]]) -> None:
    causes: dict[CauseOf, int] = {}
    for _, gap in of_client:
        counts.by_code[gap.code] = counts.by_code.get(gap.code, 0) + 1
        counts.at_risk += gap.about.alone
        if cause := cause_of(gap.code, gap.about.clinician, gap.about.payor):
            causes[cause] = causes.get(cause, 0) + gap.about.sessions
    for cause, sessions in causes.items():
        told = hit.setdefault(cause, [0, 0])
        told[0] += 1
        told[1] += sessions


def _named(session: Session, actor: Actor, rows: list[ListedGap]) -> list[ListedGap]:
    names = {
        row.public_id: row
        for row in session.execute(
            select(Client.public_id, Client.first_name, Client.last_name).where(
                Client.public_id.in_({row.client for row in rows}), visible_to(actor)
            )
        )
    }
    return [
        row._replace(client_first=names[row.client].first_name, client_last=names[row.client].last_name)
        for row in rows
    ]
