"""Make domain values from rows, which are taken apart by place: a name costs more than the value."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from caseapp.domain.appointment import Appointment
from caseapp.domain.client import CaseManager, ClientServiceLine
from caseapp.domain.clinician import Clinician
from caseapp.domain.payor import FundingSource, Payor


@dataclass(slots=True)
class Known:
    """What many clients share, made once: clinicians by row id, payors by code."""

    clinicians: dict[int, Clinician] = field(default_factory=dict)
    payors: dict[str, Payor] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Belongings:
    """What clients have beside their case managers, by the row ids of the clients."""

    lines: Mapping[int, Sequence[ClientServiceLine]]
    sources: Mapping[int, Sequence[FundingSource]]
    sessions: Mapping[int, Sequence[Appointment]]


def made_belongings(rows: Iterable[Any], known: Known) -> Belongings:
    """From rows (client id, start, end, code, name, type, requires, priority, start of a session).

    A funding source is told by its priority, a session by its start: its clinician's number, status and
    whether it is billable stand where a payor has name, type and whether it requires an enrollment.
    """
    lines: dict[int, list[ClientServiceLine]] = defaultdict(list)
    sources: dict[int, list[FundingSource]] = defaultdict(list)
    sessions: dict[int, list[Appointment]] = defaultdict(list)
    payors = known.payors
    for client_id, start, end, code, name, kind, requires, priority, starts_at in rows:
        if starts_at is not None:
            sessions[client_id].append(
                Appointment(
                    service_line=code,
                    starts_at=starts_at,
                    status=kind,
                    billable=bool(requires),
                    clinician=name,
                )
            )
            continue
        if priority is None:
            lines[client_id].append(ClientServiceLine(service_line=code, start=start, end=end))
            continue
        payor = payors.get(code)
        if payor is None:
            payor = payors[code] = Payor(code, name, kind, bool(requires))
        sources[client_id].append(FundingSource(payor=payor, priority=priority, start=start, end=end))
    return Belongings(lines, sources, sessions)


def made_case_managers(rows: Iterable[Any], known: Known) -> dict[int, list[CaseManager]]:
    """From rows that begin with `facts.STANDING_COLUMNS`; their clinicians are known."""
    found: dict[int, list[CaseManager]] = defaultdict(list)
    clinicians = known.clinicians
    for client_id, public_id, code, clinician, for_clinician, start, end, left_at, *_ in rows:
        found[client_id].append(
            CaseManager(
                id=public_id,
                service_line=code,
                clinician=clinicians[clinician],
                for_clinician=clinicians[for_clinician] if for_clinician else None,
                start=start,
                end=end,
                uncovered_left_at=left_at,
            )
        )
    return found


def made_sessions(rows: Iterable[Any]) -> dict[int, list[Appointment]]:
    """Counted ones, of which no more is asked than when they are.

    From rows (client id, service line, start, which is empty where there is no session).
    """
    found: dict[int, list[Appointment]] = defaultdict(list)
    for client_id, code, starts_at in rows:
        if starts_at is not None:
            found[client_id].append(Appointment(service_line=code, starts_at=starts_at))
    return found


def made_appointments(rows: Iterable[Any]) -> dict[int, list[Appointment]]:
    """From rows (client id, service line, start, status, billable, clinician's number)."""
    found: dict[int, list[Appointment]] = defaultdict(list)
    for client_id, code, starts_at, status, billable, number in rows:
        found[client_id].append(
            Appointment(
                service_line=code, starts_at=starts_at, status=status, billable=billable, clinician=number
            )
        )
    return found
