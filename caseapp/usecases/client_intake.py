"""Take in a new client: the person, service lines and funding sources, all of it or nothing."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Integer, String, cast, literal, null, select, union_all
from sqlalchemy.orm import Session

from caseapp.domain.actor import Actor
from caseapp.domain.client import ClientFacts, ClientServiceLine
from caseapp.domain.client_entry import ClientEntry, ClientValues, Holder, judge_client
from caseapp.domain.client_service_line_entry import ServiceLineEntry, judge_service_line, told_of
from caseapp.domain.dates import day_of
from caseapp.domain.finding import Finding
from caseapp.domain.funding_source_entry import FundingEntry, FundingValues, judge_funding_source
from caseapp.domain.payor import Payor as PaidTo
from caseapp.domain.practice import Practice
from caseapp.models import Client, FundingSource, Payor, ServiceLine, begin_write
from caseapp.models import ClientServiceLine as Received
from caseapp.usecases.client_record import free_number, holds_same
from caseapp.usecases.client_record_facts import paid_by
from caseapp.usecases.client_search import sort_key, terms_of, write_first_terms
from caseapp.usecases.conflict import saved_before
from caseapp.usecases.coverage_gap import keep
from caseapp.usecases.done import done_by
from caseapp.usecases.outcome import Refused, Saved
from caseapp.usecases.record import Change, asked_again


@dataclass(frozen=True, slots=True, kw_only=True)
class IntakeRequest:
    """One press of Save on the intake. A row that nobody typed into is left out.

    Findings of a row name its field with the row's number, counted from 1: `service_line_2`,
    `line_start_date_2`, `payor_1`, `start_date_1`.
    """

    person: ClientEntry
    service_lines: tuple[ServiceLineEntry, ...] = ()
    funding_sources: tuple[FundingEntry, ...] = ()
    form_token: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class IntakeChoices:
    """What the practice knows to choose from: names by code, and a client number that is free."""

    lines: dict[str, str]
    payors: dict[str, str]
    free_number: str


@dataclass(frozen=True, slots=True)
class _Known:
    lines: dict[str, tuple[int, str]]
    payors: dict[str, tuple[int, PaidTo]]
    holders: list[Holder]


@dataclass(frozen=True, slots=True)
class _Judged:
    """`told` is what the audit keeps of the person, `errors` those of all parts."""

    person: ClientValues
    lines: list[ClientServiceLine]
    sources: list[FundingValues]
    errors: tuple[Finding, ...]

    @property
    def told(self) -> dict[str, Any]:
        return {**self.person.told, "status": "active"}


def intake_choices(session: Session) -> IntakeChoices:
    """What the empty form offers, in three statements."""
    known = _known(session)
    return IntakeChoices(
        lines={code: name for code, (_, name) in known.lines.items()},
        payors={code: payor.name for code, (_, payor) in known.payors.items()},
        free_number=free_number(session),
    )


def take_in(
    session: Session, actor: Actor, now: datetime, practice: Practice, request: IntakeRequest
) -> Saved | Refused:
    """Store all parts under every rule, or nothing. The same request again writes nothing."""
    return asked_again(session, lambda: _take_in(session, actor, now, practice, request))


def _take_in(
    session: Session, actor: Actor, now: datetime, practice: Practice, request: IntakeRequest
) -> Saved | Refused:
    begin_write(session)
    known = _known(session, request.person)
    judged = _judge(session, now, practice, request, known)
    if done := done_by(session, request.form_token):
        session.rollback()
        if done.is_of("client", None, judged.told):
            return Saved(done.public_id, _message(judged))
        return Refused((saved_before(),))
    if judged.errors:
        session.rollback()
        return Refused(judged.errors)
    public_id = _write(session, actor, now, practice, request, known, judged)
    session.commit()
    return Saved(public_id, _message(judged))


def _known(session: Session, person: ClientEntry | None = None) -> _Known:
    """The service lines and payors, and who has the person's number or external ID, in one statement."""
    nothing, none, zero = literal(""), cast(null(), String), literal(0)
    lines = select(literal("line"), ServiceLine.id, ServiceLine.code, ServiceLine.name, nothing, zero, none)
    payors = select(
        literal("payor"),
        Payor.id,
        Payor.code,
        Payor.name,
        Payor.type,
        cast(Payor.requires_enrollment, Integer),
        none,
    )
    same = select(
        literal("client"),
        Client.id,
        Client.number,
        Client.first_name,
        Client.last_name,
        zero,
        Client.external_id,
    )
    parts = [lines, payors] + ([same.where(holds_same(person))] if person else [])
    rows: Any = session.execute(union_all(*parts)).all()
    by_name = sorted(rows, key=lambda row: (row[3].casefold(), row[2]))
    return _Known(
        {row[2]: (row[1], row[3]) for row in sorted(rows, key=lambda row: row[2]) if row[0] == "line"},
        {
            row[2]: (row[1], PaidTo(row[2], row[3], row[4], bool(row[5])))
            for row in by_name
            if row[0] == "payor"
        },
        [
            Holder(number=row[2], external_id=row[6], name=f"{row[3]} {row[4]}".strip() or row[2])
            for row in by_name
            if row[0] == "client"
        ],
    )


def _judge(
    session: Session, now: datetime, practice: Practice, request: IntakeRequest, known: _Known
) -> _Judged:
    taken = any(other.number == request.person.number.strip() for other in known.holders)
    person = judge_client(
        request.person,
        known.holders,
        day_of(now, practice.zone),
        free_number=free_number(session) if taken else "",
    )
    errors = list(person.errors)
    lines: list[ClientServiceLine] = []
    line_names = {code: name for code, (_, name) in known.lines.items()}
    for number, line in enumerate(request.service_lines, 1):
        if not line.empty:
            judged = judge_service_line(line, line_names, lines)
            errors += _of_row(judged.errors, number, "line_")
            lines += [judged.period] if judged.period else []
    sources: list[FundingValues] = []
    payor_names = {code: payor.name for code, (_, payor) in known.payors.items()}
    for number, source in enumerate(request.funding_sources, 1):
        if not source.empty:
            # There is no present primary to end: two that share a day are both new.
            judged_source = judge_funding_source(replace(source, end_current=False), payor_names, sources)
            errors += _of_row(judged_source.errors, number)
            sources += [judged_source.values] if judged_source.values else []
    return _Judged(person.values, lines, sources, tuple(errors))


def _of_row(findings: Iterable[Finding], number: int, prefix: str = "") -> list[Finding]:
    """Findings at the fields of a row; the dates of a service line are told from those of a payor."""
    return [
        replace(
            finding,
            field=f"{prefix if str(finding.field).endswith('_date') else ''}{finding.field}_{number}",
        )
        for finding in findings
    ]


def _write(
    session: Session,
    actor: Actor,
    now: datetime,
    practice: Practice,
    request: IntakeRequest,
    known: _Known,
    judged: _Judged,
) -> str:
    """The rows with their events, the search terms and the findings; the client's public ID."""
    person = judged.person
    key = sort_key(person.last_name, person.first_name)
    columns = {name: getattr(person, name) for name in ClientValues.__dataclass_fields__}
    client = Change(session, actor, now, "client", Client, form_token=request.form_token)
    client_id, public_id = client.add({**columns, "status": "active", "sort_key": key}, judged.told)
    line_ids = {code: row_id for code, (row_id, _) in known.lines.items()}
    if judged.lines:
        Change(session, actor, now, "client_service_line", Received, client_id=client_id).add_all(
            [(_line_columns(client_id, line_ids, line), told_of(line)) for line in judged.lines]
        )
    if judged.sources:
        Change(session, actor, now, "funding_source", FundingSource, client_id=client_id).add_all(
            [(_source_columns(client_id, known, source), source.told) for source in judged.sources]
        )
    terms = terms_of(person.first_name, person.last_name, person.preferred_name, person.number)
    write_first_terms(session, client_id, key, terms, {line.service_line for line in judged.lines})
    before = ClientFacts(number=person.number, first_name=person.first_name)
    payors = {code: payor for code, (_, payor) in known.payors.items()}
    after = replace(
        before,
        service_lines=tuple(judged.lines),
        funding_sources=tuple(paid_by(payors, source) for source in judged.sources),
    )
    keep(session, client_id, after, line_ids, day_of(now, practice.zone), practice, before=before)
    return public_id


def _line_columns(client_id: int, line_ids: Mapping[str, int], line: ClientServiceLine) -> dict[str, Any]:
    return {
        "client_id": client_id,
        "service_line_id": line_ids[line.service_line],
        "start_date": line.start,
        "end_date": line.end,
    }


def _source_columns(client_id: int, known: _Known, source: FundingValues) -> dict[str, Any]:
    return {
        "client_id": client_id,
        "payor_id": known.payors[source.payor][0],
        "priority": source.priority,
        "start_date": source.start,
        "end_date": source.end,
        "member_id": source.member_id,
    }


def _message(judged: _Judged) -> str:
    """Saved: Bee Doe (C-10017). Next: ABA and ST need a case manager."""
    person = judged.person
    saved = f"Saved: {person.name} ({person.number})."
    codes = sorted({line.service_line for line in judged.lines})
    if not codes:
        return f"{saved} Add the service lines under Profile, then their case managers here."
    needs = "needs" if len(codes) == 1 else "need"
    return f"{saved} Next: {' and '.join(codes)} {needs} a case manager."
