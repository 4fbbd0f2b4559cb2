"""Editing who a client is."""

from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from caseapp.domain.client_entry import ClientEntry
from caseapp.models import Client
from caseapp.usecases.client_record import SaveRequest, free_number, save_client
from caseapp.usecases.client_record_facts import open_client
from caseapp.usecases.outcome import Refused, Saved, UnknownRecord
from tests import builders
from tests.client_lists import found, listed
from tests.conftest import NOW
from tests.statements import counted
from tests.usecases.client_desk import errors, events, everything, refused, rows, saved
from tests.usecases.save_desk import ANN, PRACTICE, Desk, a_desk


@pytest.fixture
def desk(session: Session) -> Desk:
    desk = a_desk(session)
    listed(session, desk.lea)
    return desk


def stands(desk: Desk) -> ClientEntry:
    entry = open_client(desk.session, ANN, desk.lea.public_id).values.entry
    desk.session.rollback()
    return entry


def send(desk: Desk, version: int | None = 1, form_token: str | None = None, **typed: Any) -> Saved | Refused:
    request = SaveRequest(
        client=desk.lea.public_id,
        entry=replace(stands(desk), **typed),
        version=version,
        form_token=form_token,
    )
    return save_client(desk.session, ANN, NOW, PRACTICE, request)


def test_a_new_name_is_found_and_told_in_the_history(desk: Desk) -> None:
    outcome = saved(send(desk, last_name="Zed", preferred_name="Bumble", date_of_birth="2019-03-14"))

    assert outcome.message == f"Saved: Lea Zed ({desk.lea.key})."
    assert found(desk.session, "bumb") == ["Zed, Lea"]
    assert found(desk.session, "hartmann") == []
    assert events(desk, desk.lea.id) == [("edit", "client")]
    assert rows(desk, Client, id=desk.lea.id)[0].version == 2


def test_findings_that_say_the_name_follow_it(desk: Desk) -> None:
    desk.session_on("2026-11-24T09:00", "OT")

    saved(send(desk, first_name="Lía"))

    assert desk.kept() == desk.recomputed()


def test_a_doubled_number_tells_whose_it_is(desk: Desk) -> None:
    other = builders.a_client(desk.session, first_name="Milo", last_name="Harper", external_id="E1")
    before = everything(desk)

    told = errors(send(desk, number=other.key, external_id="E1"))

    assert [(finding.field, finding.code) for finding in told] == [
        ("number", "taken"),
        ("external_id", "taken"),
    ]
    assert told[0].message.startswith(f"{other.key} is the number of Milo Harper.")
    assert everything(desk) == before


def test_the_second_of_two_editors_is_told_what_the_first_changed(desk: Desk) -> None:
    saved(send(desk, preferred_name="Bumble"))

    (finding,) = errors(send(desk, preferred_name="Bee"))

    assert finding.code == "conflict"
    assert "preferred name from empty to Bumble" in finding.message
    assert refused(send(desk, None, preferred_name="Bee")) == [(None, "conflict")]


def test_two_editors_who_want_the_same_are_both_told_that_it_is_saved(desk: Desk) -> None:
    first = saved(send(desk, preferred_name="Bumble"))
    before = everything(desk)

    assert saved(send(desk, preferred_name="Bumble")).message == first.message
    assert everything(desk) == before


def test_a_form_sent_twice_saves_once(desk: Desk) -> None:
    first = saved(send(desk, form_token="token-1", preferred_name="Bee"))
    before = everything(desk)

    assert send(desk, form_token="token-1", preferred_name="Bee") == first
    assert everything(desk) == before
    assert refused(send(desk, form_token="token-1", preferred_name="Bo")) == [(None, "conflict")]


def test_an_unknown_client_is_unknown(desk: Desk) -> None:
    with pytest.raises(UnknownRecord):
        save_client(
            desk.session, ANN, NOW, PRACTICE, SaveRequest(client="x" * 20, entry=ClientEntry(), version=1)
        )


def test_the_free_number_follows_the_latest_and_is_free(session: Session) -> None:
    assert free_number(session) == "C-10001"
    for number in ("C-0107", "C-0109", "old", "C-0108"):
        builders.a_client(session, number=number)

    assert free_number(session) == "C-0110"


def test_an_edit_takes_at_most_twelve_statements(desk: Desk, engine: Engine) -> None:
    entry = replace(stands(desk), external_id="E9", preferred_name="Bee")
    request = SaveRequest(client=desk.lea.public_id, entry=entry, version=1)
    with counted(engine) as sent:
        saved(save_client(desk.session, ANN, NOW, PRACTICE, request))

    assert len(sent) <= 12, sent
