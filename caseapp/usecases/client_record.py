"""Edit who a client is: load, ask the domain, write with search terms and findings, commit."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Integer, String, exists, null, or_, select, union_all
from sqlalchemy import cast as sql_cast
from sqlalchemy.orm import Session

from caseapp.domain.actor import Actor
from caseapp.domain.client_entry import ClientEntry, ClientValues, Holder, judge_client
from caseapp.domain.clinician_hints import next_number
from caseapp.domain.dates import day_of
from caseapp.domain.entry_reader import askable
from caseapp.domain.practice import Practice
from caseapp.models import Client, ClientServiceLine, ServiceLine, begin_write
from caseapp.usecases.client_record_facts import Head, open_client
from caseapp.usecases.client_search import rewrite_terms, sort_key, terms_of
from caseapp.usecases.conflict import changed_meanwhile, saved_before
from caseapp.usecases.coverage_gap import keep
from caseapp.usecases.facts import load_with
from caseapp.usecases.outcome import Refused, Saved
from caseapp.usecases.record import Change, asked_again

FIRST_NUMBER = "C-10001"
_LATEST = 200
_TRIED = 20
_FOUND_BY = ("last_name", "first_name", "preferred_name", "number")
_TOLD_IN_FINDINGS = ("first_name", "number")


@dataclass(frozen=True, slots=True, kw_only=True)
class SaveRequest:
    """One press of Save; `client` is a public ID, `version` what the form was opened on."""

    client: str
    entry: ClientEntry
    version: int | None = None
    form_token: str | None = None


def save_client(
    session: Session, actor: Actor, now: datetime, practice: Practice, request: SaveRequest
) -> Saved | Refused:
    """Save under every rule, or store nothing. Raises UnknownRecord.

    The same request again answers like the first and writes nothing.
    """
    return asked_again(session, lambda: _save(session, actor, now, practice, request))


def _save(
    session: Session, actor: Actor, now: datetime, practice: Practice, request: SaveRequest
) -> Saved | Refused:
    begin_write(session)
    client = open_client(session, actor, request.client, form_token=request.form_token, lock=True)
    stored, today = client.stored, day_of(now, practice.zone)
    asked = _ask(session, request.entry, stored.id)
    others = asked.holders
    taken = any(other.number == request.entry.number.strip() for other in others)
    judged = judge_client(
        request.entry,
        others,
        today,
        free_number=free_number(session) if taken else "",
        stored=client.values,
    )
    message = f"Saved: {judged.values.name} ({judged.values.number})."
    if client.done:
        session.rollback()
        if client.done.is_of(stored.id, "client", stored.public_id, judged.values.told):
            return Saved(stored.public_id, message)
        return Refused((saved_before(),), stored.version)
    if request.version != stored.version:
        told = changed_meanwhile(session, "client", stored.public_id, request.version, practice, {})
        session.rollback()
        if not judged.errors and judged.values == client.values:
            return Saved(stored.public_id, message)
        return Refused((told,), stored.version)
    if judged.errors:
        session.rollback()
        return Refused(judged.errors, stored.version)
    change = Change(session, actor, now, "client", Client, client_id=stored.id, form_token=request.form_token)
    after = judged.values
    columns = {name: getattr(after, name) for name in ClientValues.__dataclass_fields__}
    key = sort_key(after.last_name, after.first_name)
    change.change(stored, {**columns, "sort_key": key}, after.told)
    if _differ(client.values, after, _FOUND_BY):
        terms = terms_of(after.first_name, after.last_name, after.preferred_name, after.number)
        rewrite_terms(session, stored.id, key, terms | {f"#{code}" for code in asked.received})
    if _differ(client.values, after, _TOLD_IN_FINDINGS):
        head = Head(stored.id, after.number, after.first_name, client.status)
        facts = load_with(session, [head]).facts[stored.id]
        keep(session, stored.id, facts, asked.line_ids, today, practice)
    session.commit()
    return Saved(stored.public_id, message, judged.warnings)


def _differ(before: ClientValues, after: ClientValues, names: Sequence[str]) -> bool:
    return any(getattr(before, name) != getattr(after, name) for name in names)


@dataclass(frozen=True, slots=True)
class _Asked:
    """Others who have what was typed, row ids of service lines by code, those that are received."""

    holders: list[Holder]
    line_ids: dict[str, int]
    received: set[str]


def _ask(session: Session, entry: ClientEntry, client_id: int) -> _Asked:
    """What an edit of this client asks besides, in one statement."""
    received = exists().where(
        ClientServiceLine.client_id == client_id, ClientServiceLine.service_line_id == ServiceLine.id
    )
    none = sql_cast(null(), String)
    nobody = sql_cast(null(), Integer)
    others = select(
        Client.number, Client.external_id, Client.first_name, Client.last_name, nobody, nobody
    ).where(holds_same(entry), Client.id != client_id)
    known = select(ServiceLine.code, none, none, none, ServiceLine.id, sql_cast(received, Integer))
    rows: Any = session.execute(union_all(others, known)).all()
    lines = [row for row in rows if row[4] is not None]
    return _Asked(
        [
            Holder(number=row[0], external_id=row[1], name=f"{row[2]} {row[3]}".strip() or row[0])
            for row in rows
            if row[4] is None
        ],
        {row[0]: row[4] for row in lines},
        {row[0] for row in lines if row[5]},
    )


def holds_same(entry: ClientEntry) -> ColumnElement[bool]:
    """The condition over Client that somebody has this number or this external ID."""
    number, external_id = (askable(text.strip()) for text in (entry.number, entry.external_id))
    same_number = Client.number == number
    return or_(same_number, Client.external_id == external_id) if external_id else same_number


def free_number(session: Session) -> str:
    """A number that the next client could have, in the way of the latest ones. Two statements."""
    latest = session.scalars(select(Client.number).order_by(Client.id.desc()).limit(_LATEST)).all()
    numbered = any(number[-1:].isdigit() for number in latest)
    tried = [next_number(latest) if numbered else FIRST_NUMBER]
    while len(tried) < _TRIED:
        tried.append(next_number([tried[-1]]))
    taken = set(session.scalars(select(Client.number).where(Client.number.in_(tried))))
    return next((number for number in tried if number not in taken), "")
