"""Taking in a client: all parts or nothing, once, with terms, events and findings."""

from typing import Any

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from caseapp.domain.actor import LOCAL_USER
from caseapp.domain.client_entry import ClientEntry
from caseapp.domain.client_service_line_entry import ServiceLineEntry
from caseapp.domain.funding_source_entry import FundingEntry
from caseapp.models import AuditEvent, Client, CoverageTurn
from caseapp.usecases.client_intake import IntakeRequest, intake_choices, take_in
from caseapp.usecases.client_search import terms_of
from caseapp.usecases.outcome import Refused, Saved
from tests.builders import Row
from tests.client_lists import found
from tests.conftest import NOW
from tests.statements import counted
from tests.usecases.client_desk import errors, events, everything, refused, rows, saved, terms
from tests.usecases.save_desk import PRACTICE, Desk, a_desk


@pytest.fixture
def desk(session: Session) -> Desk:
    return a_desk(session)


def request(desk: Desk, form_token: str | None = None, **more: Any) -> IntakeRequest:
    values: dict[str, Any] = {
        "person": ClientEntry(number="C-900", last_name="O'Hara", first_name="Bee"),
        "service_lines": (
            ServiceLineEntry(service_line="ST", start_date="2026-11-01"),
            ServiceLineEntry(),
            ServiceLineEntry(service_line="ABA", start_date="2026-11-20", end_date="2027-05-01"),
        ),
        "funding_sources": (
            FundingEntry(payor=desk.aetna.key, priority="primary", start_date="2026-11-01", member_id="W1"),
            FundingEntry(priority="secondary"),
        ),
    }
    return IntakeRequest(**values | more, form_token=form_token)


def take(desk: Desk, *args: Any, **more: Any) -> Saved | Refused:
    return take_in(desk.session, LOCAL_USER, NOW, PRACTICE, request(desk, *args, **more))


def taken(desk: Desk, outcome: Saved) -> Row:
    (row,) = rows(desk, Client, public_id=outcome.public_id)
    return Row(row.id, row.public_id, row.number)


def test_person_lines_and_payor_are_stored_at_once_with_an_event_each(desk: Desk) -> None:
    outcome = saved(take(desk))

    client = taken(desk, outcome)
    assert outcome.message == "Saved: Bee O'Hara (C-900). Next: ABA and ST need a case manager."
    assert events(desk, client.id) == [
        ("add", "client"),
        ("add", "client_service_line"),
        ("add", "client_service_line"),
        ("add", "funding_source"),
    ]
    first = rows(desk, AuditEvent, client_id=client.id)[0]
    assert first.after["number"] == "C-900"
    assert (first.after["status"], first.after["version"]) == ("active", 1)


def test_who_was_taken_in_is_found_by_each_part_of_the_name(desk: Desk) -> None:
    client = taken(desk, saved(take(desk)))

    assert terms(desk, client.id) == terms_of("Bee", "O'Hara", None, "C-900") | {"#ABA", "#ST"}
    assert found(desk.session, "ohara be") == ["O'Hara, Bee"]


def test_the_findings_are_those_of_a_recomputation(desk: Desk) -> None:
    client = taken(desk, saved(take(desk)))

    assert desk.kept(client) == desk.recomputed(client)
    assert [finding[1] for finding in desk.kept(client)] == ["no_case_manager", "no_case_manager"]
    assert len(rows_of_turns(desk, client)) == 2


def rows_of_turns(desk: Desk, client: Row) -> list[Any]:
    desk.session.rollback()
    table = CoverageTurn.__table__
    return list(desk.session.execute(table.select().where(table.c.client_id == client.id)).all())


def test_one_wrong_part_keeps_everything_out_and_all_is_told(desk: Desk) -> None:
    before = everything(desk)

    outcome = take(
        desk,
        person=ClientEntry(
            number=desk.lea.key, last_name="x" * 10_000, first_name="", date_of_birth="2027-01-01"
        ),
        service_lines=(
            ServiceLineEntry(service_line="ST", start_date="2026-11-01"),
            ServiceLineEntry(service_line="ST", start_date="2026-11-05"),
            ServiceLineEntry(service_line="YOGA"),
        ),
        funding_sources=(
            FundingEntry(payor=desk.aetna.key, priority="primary", start_date="2026-11-01"),
            FundingEntry(payor=desk.aetna.key, priority="primary", start_date="2026-12-01"),
        ),
    )

    assert refused(outcome) == [
        ("last_name", "too_long"),
        ("first_name", "required"),
        ("date_of_birth", "in_future"),
        ("number", "taken"),
        ("line_start_date_2", "overlap"),
        ("service_line_3", "unknown_choice"),
        ("line_start_date_3", "required"),
        ("start_date_2", "overlap"),
    ]
    assert everything(desk) == before


def test_two_primaries_of_one_day_are_refused_though_the_first_could_end(desk: Desk) -> None:
    both = tuple(
        FundingEntry(payor=desk.aetna.key, priority="primary", start_date=start, end_current=True)
        for start in ("2026-11-01", "2026-12-01")
    )

    assert refused(take(desk, funding_sources=both)) == [("start_date_2", "overlap")]


def test_a_doubled_number_names_its_holder_and_a_free_one(desk: Desk) -> None:
    outcome = take(desk, person=ClientEntry(number=desk.lea.key, last_name="Doe", first_name="Bee"))

    (finding,) = errors(outcome)
    assert finding.message.startswith(f"{desk.lea.key} is the number of Lea Hartmann. Choose another. ")
    free = intake_choices(desk.session).free_number
    assert finding.message.endswith(f"{free} is free.")
    assert rows(desk, Client, number=free) == []


def test_the_same_form_again_answers_the_same_and_writes_nothing(desk: Desk) -> None:
    first = saved(take(desk, "token-1"))
    before = everything(desk)

    assert take(desk, "token-1") == first
    assert everything(desk) == before
    other = ClientEntry(number="C-901", last_name="Doe", first_name="Bee")
    assert refused(take(desk, "token-1", person=other)) == [(None, "conflict")]


def test_a_person_alone_can_be_taken_in(desk: Desk) -> None:
    outcome = saved(take(desk, service_lines=(), funding_sources=()))

    assert "Add the service lines under Profile" in outcome.message


def test_an_intake_takes_twelve_statements_however_many_rows(desk: Desk, engine: Engine) -> None:
    with counted(engine) as sent:
        saved(take(desk, "token-2"))

    assert len(sent) <= 12, sent
