"""Suggest who could be case manager: of a gap, or until the responsible clinician is enrolled."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy.orm import Session

from caseapp.domain import client as clients
from caseapp.domain import interim, words
from caseapp.domain.case_manager_entry import CaseManagerEntry, read_entry
from caseapp.domain.clinician import Clinician
from caseapp.domain.dates import day_of
from caseapp.domain.practice import Practice
from caseapp.domain.successor import Candidate
from caseapp.usecases.successor import caseloads

MOST = 3


def suggest(
    session: Session,
    entry: CaseManagerEntry,
    facts: clients.ClientFacts,
    clinicians: Sequence[Clinician],
    now: datetime,
    practice: Practice,
) -> tuple[Clinician, str, list[Candidate]] | None:
    """The responsible clinician, the payor's name, the best candidates; None where nothing asks for one."""
    read = read_entry(entry)
    today = day_of(now, practice.zone)
    responsible = next((c for c in clinicians if c.number == read.clinician), None)
    if responsible is None or read.start is None or not read.service_line or entry.for_clinician.strip():
        return None
    if not interim.asks_for_interim(responsible, facts, read.service_line, read.start, today):
        return None
    found = interim.candidates(
        clinicians,
        {responsible.number},
        facts,
        read.service_line,
        read.start,
        today,
        practice,
        caseloads(session, read.start),
    )
    return responsible, interim.enrolled_with(facts, read.start), found[:MOST]


def best_filled_in(
    session: Session,
    entry: CaseManagerEntry,
    facts: clients.ClientFacts,
    clinicians: Sequence[Clinician],
    now: datetime,
    practice: Practice,
) -> tuple[CaseManagerEntry, str]:
    """The entry with the best candidate filled in, and why it is this one. One statement.

    An entry that names somebody, or no service line, stays as it is. Where nobody could be saved, that is
    said. Whoever is replaced is ended the day before.
    """
    read = read_entry(entry)
    today = day_of(now, practice.zone)
    line, start = read.service_line, read.start or today
    if read.clinician or not line or (entry.start_date.strip() and read.start is None):
        return entry, ""
    responsible = interim.stands_in_for(facts, line, start, today)
    besides = interim.replaced(facts, line, start) | ({responsible.number} if responsible else set())
    found = interim.candidates(
        clinicians, besides, facts, line, start, today, practice, caseloads(session, start)
    )
    when = words.short_day(start, today)
    if not found:
        return entry, f"Nobody else could be saved on {when}: the list says why of each."
    best = found[0]
    name, load = label_of(best)
    why = f"Suggested: {name}, who could be saved on {when}; {load}."
    if responsible:
        payor = interim.enrolled_with(facts, start)
        why += f" Stands in for {responsible.name}, who is not enrolled with {payor} then."
    return (
        replace(
            entry,
            clinician=best.clinician.number,
            for_clinician=responsible.number if responsible else "",
            end_current=facts.case_manager_on(line, start) is not None,
        ),
        why,
    )


def label_of(candidate: Candidate) -> tuple[str, str]:
    """The candidate's name with credential, and the caseload in words."""
    clinician = candidate.clinician
    name = f"{clinician.name}, {clinician.credential}" if clinician.credential else clinician.name
    limit = clinician.caseload_limit
    load = f"{candidate.clients} of {limit} clients" if limit else words.count(candidate.clients, "client")
    return name, f"{load}, saw the client last month" if candidate.saw_the_client else load
