"""Load what the saves of a client's own records need: who the client is, and all that belongs to it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast

from sqlalchemy import select
from sqlalchemy.orm import Session

from caseapp.domain import client as clients
from caseapp.domain.actor import Actor
from caseapp.domain.client_entry import ClientValues
from caseapp.domain.client_service_line_entry import told_of
from caseapp.domain.funding_source_entry import FundingValues
from caseapp.domain.payor import FundingSource as PaidBy
from caseapp.domain.payor import Payor, Priority
from caseapp.models import AuditEvent, Client
from caseapp.usecases.case_manager_facts import StoredRow, stored_rows
from caseapp.usecases.client_record_rows import RECORDS
from caseapp.usecases.facts import load_with
from caseapp.usecases.facts_made import Belongings, made_appointments
from caseapp.usecases.outcome import UnknownRecord
from caseapp.usecases.record import Stored
from caseapp.usecases.visibility import visible_alone


@dataclass(frozen=True, slots=True)
class Done:
    """What the form with this token has saved before: whose, which record, and its values then."""

    client_id: int | None
    entity: str
    public_id: str
    values: Mapping[str, Any]

    def is_of(self, client_id: int, entity: str, public_id: str | None, asked: Mapping[str, Any]) -> bool:
        """The same press of Save once more, and not the form with other values or for another record."""
        same_record = (client_id, entity) == (self.client_id, self.entity)
        return same_record and public_id in (None, self.public_id) and asked.items() <= self.values.items()


@dataclass(frozen=True, slots=True)
class OpenClient:
    """A client as an edit finds it. `done` is what the form with this token has saved already."""

    stored: Stored
    values: ClientValues
    status: str
    sort_key: str
    done: Done | None


@dataclass(frozen=True, slots=True)
class OpenServiceLine:
    stored: Stored
    period: clients.ClientServiceLine


@dataclass(frozen=True, slots=True)
class OpenFunding:
    stored: Stored
    values: FundingValues


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientRecord:
    """A client with the facts that rules ask for, and the stored rows by public ID behind them.

    `lines` are names by code, `known_payors` payors by code, all that the practice knows.
    """

    client: OpenClient
    facts: clients.ClientFacts
    service_lines: dict[str, OpenServiceLine]
    funding_sources: dict[str, OpenFunding]
    case_managers: dict[str, StoredRow]
    lines: dict[str, str]
    line_ids: dict[str, int]
    known_payors: dict[str, Payor]
    payor_ids: dict[str, int]

    @property
    def id(self) -> int:
        return self.client.stored.id

    @property
    def payors(self) -> dict[str, str]:
        """The names of the payors by code."""
        return {code: payor.name for code, payor in self.known_payors.items()}

    @property
    def done(self) -> Done | None:
        return self.client.done

    def other_lines(self, public_id: str | None) -> list[clients.ClientServiceLine]:
        return [line.period for key, line in self.service_lines.items() if key != public_id]

    def other_sources(self, public_id: str | None) -> list[FundingValues]:
        return [source.values for key, source in self.funding_sources.items() if key != public_id]


def open_client(
    session: Session, actor: Actor, public_id: str, *, form_token: str | None = None, lock: bool = False
) -> OpenClient:
    """The stored client, in one statement. Raises UnknownRecord."""
    client, event = Client.__table__, AuditEvent.__table__
    statement = (
        select(
            *client.c,
            event.c.client_id.label("done_for"),
            event.c.entity.label("done_what"),
            event.c.entity_id.label("done_id"),
            event.c.after.label("done_values"),
        )
        .select_from(client)
        .outerjoin(event, event.c.form_token == (form_token or ""))
        .where(client.c.public_id == public_id, visible_alone(actor))
    )
    row = session.execute(statement.with_for_update(of=client) if lock else statement).one_or_none()
    if row is None:
        raise UnknownRecord
    values = ClientValues(
        number=row.number,
        last_name=row.last_name,
        first_name=row.first_name,
        preferred_name=row.preferred_name,
        date_of_birth=row.date_of_birth,
        external_id=row.external_id,
    )
    told = {**values.told, "status": row.status}
    stored = Stored(row.id, row.public_id, row.version, told)
    done = (
        Done(row.done_for, row.done_what, row.done_id or "", row.done_values or {}) if row.done_what else None
    )
    return OpenClient(stored, values, row.status, row.sort_key, done)


def load_record(
    session: Session, actor: Actor, public_id: str, *, form_token: str | None = None, lock: bool = False
) -> ClientRecord:
    """Everything that a save of a client's record asks for, in four statements. Raises UnknownRecord.

    With `lock` the client's row is locked on PostgreSQL, so that two saves of one client follow each other.
    """
    client = open_client(session, actor, public_id, form_token=form_token, lock=lock)
    head = Head(client.stored.id, client.values.number, client.values.first_name, client.status)
    service_lines: dict[str, OpenServiceLine] = {}
    funding_sources: dict[str, OpenFunding] = {}
    lines: dict[str, tuple[int, str]] = {}
    payors: dict[str, Payor] = {}
    payor_ids: dict[str, int] = {}
    sessions = []
    rows: Any = session.connection().execute(RECORDS, {"of_client": client.stored.id}).all()
    for row in rows:
        if row.kind == "line":
            lines[row.code] = (row.id, row.name)
        elif row.kind == "payor":
            payors[row.code] = Payor(row.code, row.name, row.priority, bool(row.requires))
            payor_ids[row.code] = row.id
        elif row.kind == "received":
            period = clients.ClientServiceLine(service_line=row.code, start=row.start_date, end=row.end_date)
            stored = Stored(row.id, row.public_id, row.version, told_of(period))
            service_lines[row.public_id] = OpenServiceLine(stored, period)
        elif row.kind == "session":
            sessions.append((head.id, row.code, row.starts_at, row.priority, row.requires, row.name))
        else:
            values = FundingValues(
                payor=row.code,
                priority=row.priority,
                start=row.start_date,
                end=row.end_date,
                member_id=row.name,
            )
            stored = Stored(row.id, row.public_id, row.version, values.told)
            funding_sources[row.public_id] = OpenFunding(stored, values)
    belongings = Belongings(
        lines={head.id: [line.period for line in service_lines.values()]},
        sources={head.id: [paid_by(payors, source.values) for source in funding_sources.values()]},
        sessions=made_appointments(sessions),
    )
    loaded = load_with(session, [head], belongings=belongings)
    return ClientRecord(
        client=client,
        facts=loaded.facts[head.id],
        service_lines=service_lines,
        funding_sources=funding_sources,
        case_managers=stored_rows(loaded.case_managers, loaded.clinicians)[0],
        lines={code: name for code, (_, name) in lines.items()},
        line_ids={code: row_id for code, (row_id, _) in lines.items()},
        known_payors=payors,
        payor_ids=payor_ids,
    )


def paid_by(payors: Mapping[str, Payor], values: FundingValues) -> PaidBy:
    """A funding source as the rules ask for it."""
    priority = cast(Priority, values.priority)
    return PaidBy(payor=payors[values.payor], priority=priority, start=values.start, end=values.end)


@dataclass(frozen=True, slots=True)
class Head:
    """A client's row, as facts are loaded by it."""

    id: int
    number: str
    first_name: str
    status: str
