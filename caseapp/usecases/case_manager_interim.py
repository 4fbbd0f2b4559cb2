"""Suggest who could be case manager until the responsible clinician is enrolled."""

from collections.abc import Sequence
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


def label_of(candidate: Candidate) -> tuple[str, str]:
    """The candidate's name with credential, and the caseload in words."""
    clinician = candidate.clinician
    name = f"{clinician.name}, {clinician.credential}" if clinician.credential else clinician.name
    limit = clinician.caseload_limit
    load = f"{candidate.clients} of {limit} clients" if limit else words.count(candidate.clients, "client")
    return name, f"{load}, saw the client last month" if candidate.saw_the_client else load
