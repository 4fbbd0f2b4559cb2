"""Suggest who could be case manager until the responsible clinician is enrolled."""

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from caseapp.domain import client as clients
from caseapp.domain import interim, words
from caseapp.domain.case_manager_entry import CaseManagerEntry, read_entry
from caseapp.domain.clinician import Clinician
from caseapp.domain.dates import day_of
from caseapp.domain.practice import Practice
from caseapp.models import CaseManager, Client
from caseapp.models import Clinician as ClinicianRow

MOST = 3


def suggest(
    session: Session,
    entry: CaseManagerEntry,
    facts: clients.ClientFacts,
    clinicians: Sequence[Clinician],
    now: datetime,
    practice: Practice,
) -> tuple[Clinician, str, list[interim.Candidate]] | None:
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
        _caseloads(session, read.start),
    )
    return responsible, interim.enrolled_with(facts, read.start), found[:MOST]


def label_of(candidate: interim.Candidate) -> tuple[str, str]:
    """The candidate's name with credential, and the caseload in words."""
    clinician = candidate.clinician
    name = f"{clinician.name}, {clinician.credential}" if clinician.credential else clinician.name
    limit = clinician.caseload_limit
    load = f"{candidate.clients} of {limit} clients" if limit else words.count(candidate.clients, "client")
    return name, f"{load}, saw the client last month" if candidate.saw_the_client else load


def _caseloads(session: Session, day: date) -> dict[str, int]:
    """The distinct active clients of every clinician on a day, by number."""
    rows = session.execute(
        select(ClinicianRow.number, func.count(func.distinct(CaseManager.client_id)))
        .join(CaseManager, CaseManager.clinician_id == ClinicianRow.id)
        .join(Client, Client.id == CaseManager.client_id)
        .where(
            CaseManager.removed_at.is_(None),
            CaseManager.start_date <= day,
            or_(CaseManager.end_date.is_(None), CaseManager.end_date >= day),
            Client.status == "active",
        )
        .group_by(ClinicianRow.number)
    )
    return {row[0]: row[1] for row in rows}
