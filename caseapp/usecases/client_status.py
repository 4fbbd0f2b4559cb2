"""Put a client on hold, discharge and readmit: say first what it means, then write it with its findings."""

from dataclasses import replace
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from caseapp.domain import client as clients
from caseapp.domain import words
from caseapp.domain.actor import Actor
from caseapp.domain.client_service_line_entry import ended_with, told_of
from caseapp.domain.client_status_entry import (
    DischargeEntry,
    ReadmissionEntry,
    judge_discharge,
    judge_readmission,
)
from caseapp.domain.finding import Finding
from caseapp.domain.practice import Practice
from caseapp.models import CaseManager, ClientServiceLine
from caseapp.usecases.client_record_facts import ClientRecord
from caseapp.usecases.client_search import write_first_terms
from caseapp.usecases.client_service_line import end_case_managers, ended_words
from caseapp.usecases.client_status_act import Act, StatusRequest, run
from caseapp.usecases.outcome import Refused, Saved


def hold(
    session: Session, actor: Actor, now: datetime, practice: Practice, request: StatusRequest
) -> Saved | Refused:
    """Put an active client on hold; what is scheduled stays scheduled. Raises UnknownRecord."""

    def body(act: Act) -> Saved | Refused:
        public_id, message = act.record.client.stored.public_id, f"{act.name} is on hold."
        told = {"status": "on_hold"}
        if stopped := act.stopped(told, message):
            return stopped
        if act.record.client.status == "on_hold":
            act.session.rollback()
            return Saved(public_id, message)
        if act.record.client.status == "discharged":
            return act.refused(_of_form(f"{act.name} is discharged. Readmit first, then put on hold."))
        act.set_status("on_hold", "hold", told)
        act.keep(replace(act.record.facts, status="on_hold"))
        act.session.commit()
        return Saved(public_id, message)

    return run(session, actor, now, practice, request, body)


def discharge(
    session: Session,
    actor: Actor,
    now: datetime,
    practice: Practice,
    request: StatusRequest,
    entry: DischargeEntry,
) -> Saved | Refused:
    """End the chosen service lines on the last day, with their case managers. Raises UnknownRecord.

    The status is *discharged* once the last day has come; before it, the client stays what it is.
    """

    def body(act: Act) -> Saved | Refused:
        public_id, record = act.record.client.stored.public_id, act.record
        judged = judge_discharge(
            entry, record.facts.service_lines, record.facts.appointments, practice.zone, act.today
        )
        planned = judged.last_day is not None and judged.last_day > act.today
        status = record.client.status if planned else "discharged"
        told: dict[str, Any] = {
            "status": status,
            "last_day": judged.last_day.isoformat() if judged.last_day else None,
        }
        message = _discharged(act.name, judged.last_day, planned, act.today)
        if stopped := act.stopped(told, message):
            return stopped
        if judged.errors or judged.last_day is None:
            return act.refused(*judged.errors)
        if record.client.status == "discharged" and not judged.ended:
            return act.refused(_of_form(f"{act.name} is discharged already, and no service line is open."))
        act.set_status(status, "plan_discharge" if planned else "discharge", told)
        facts, warnings = _end_lines(act, judged.ended, judged.last_day)
        act.keep(replace(facts, status=status))  # type: ignore[arg-type]  # one of the three by its table
        act.session.commit()
        return Saved(public_id, message, warnings)

    return run(session, actor, now, practice, request, body)


def _end_lines(
    act: Act, ended: tuple[clients.ClientServiceLine, ...], last_day: date
) -> tuple[clients.ClientFacts, tuple[Finding, ...]]:
    """End service lines, and whoever is their case manager on the last day and would go on after it."""
    record, facts = act.record, act.record.facts
    change = act.change("client_service_line", ClientServiceLine)
    managers: list[clients.CaseManager] = []
    changes = []
    for line in record.service_lines.values():
        if line.period not in ended:
            continue
        period = replace(line.period, end=last_day)
        changes.append((line.stored, {"end_date": last_day}, told_of(period)))
        managers += ended_with(period, facts.case_managers, last_day)
    change.change_all(changes, "end")
    lines = tuple(replace(line, end=last_day) if line in ended else line for line in facts.service_lines)
    facts = replace(facts, service_lines=lines)
    if not managers:
        return facts, ()
    facts = end_case_managers(act.change("case_manager", CaseManager), record, facts, managers, last_day)
    return facts, (ended_words(managers, last_day),)


def _discharged(name: str, last_day: date | None, planned: bool, today: date) -> str:
    if last_day is None:
        return ""
    if planned:
        return (
            f"Saved: the last day of {name} is {words.short_day(last_day, today)}. Until then the "
            "status stays; press Discharge once more on that day or later."
        )
    return f"{name} is discharged. The last day was {words.day(last_day)}."


def readmit(
    session: Session,
    actor: Actor,
    now: datetime,
    practice: Practice,
    request: StatusRequest,
    entry: ReadmissionEntry,
) -> Saved | Refused:
    """Make a client active again, and open service lines anew from a date. Raises UnknownRecord."""

    def body(act: Act) -> Saved | Refused:
        record = act.record
        public_id, told = record.client.stored.public_id, {"status": "active"}
        codes = ", ".join(dict.fromkeys(entry.service_lines))
        message = f"{act.name} is active again."
        if codes:
            message = f"{message} Open anew: {codes}. Their case managers are named under Clinical."
        if stopped := act.stopped(told, message):
            return stopped
        judged = judge_readmission(entry, record.lines, record.facts.service_lines)
        if judged.errors:
            return act.refused(*judged.errors)
        if record.client.status == "active":
            return act.refused(_of_form(f"{act.name} is active already. Add service lines under Profile."))
        act.set_status("active", "readmit", told)
        if judged.opened:
            act.change("client_service_line", ClientServiceLine).add_all(
                [(_columns(record, line), told_of(line)) for line in judged.opened]
            )
        known = {line.service_line for line in record.facts.service_lines}
        new = {line.service_line for line in judged.opened} - known
        if new:
            write_first_terms(session, record.id, record.client.sort_key, (), new)
        lines = (*record.facts.service_lines, *judged.opened)
        act.keep(replace(record.facts, status="active", service_lines=lines))
        act.session.commit()
        return Saved(public_id, message)

    return run(session, actor, now, practice, request, body)


def _columns(record: ClientRecord, line: clients.ClientServiceLine) -> dict[str, Any]:
    return {
        "client_id": record.id,
        "service_line_id": record.line_ids[line.service_line],
        "start_date": line.start,
        "end_date": line.end,
    }


def _of_form(message: str) -> Finding:
    return Finding("wrong_status", None, "error", message)
