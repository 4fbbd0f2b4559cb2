from datetime import date, timedelta

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from caseapp.domain.actor import LOCAL_USER
from caseapp.usecases.client_page import (
    ClientHead,
    client_head,
    clinician_name,
)
from tests.builders import (
    Row,
    a_client,
    a_funding_source,
    a_payor,
)
from tests.client_lists import TODAY
from tests.statements import counted

YESTERDAY = TODAY - timedelta(days=1)


def head_of(session: Session, client: Row) -> ClientHead:
    head = client_head(session, LOCAL_USER, client.public_id, TODAY)
    assert head is not None
    return head


def test_the_head_says_who_the_client_is_and_who_pays_today(session: Session) -> None:
    client = a_client(
        session, number="C-10231", first_name="Milo", last_name="Harper", date_of_birth=date(2019, 3, 14)
    )
    a_funding_source(session, client, a_payor(session, name="Medicaid"), priority="secondary")
    a_funding_source(session, client, a_payor(session, name="Aetna"), start_date=TODAY)
    a_funding_source(session, client, a_payor(session, name="Old"), end_date=YESTERDAY)
    a_funding_source(session, client, a_payor(session, name="Idle"), priority="inactive")

    head = head_of(session, client)

    assert head.name == "Milo Harper"
    assert head.list_name == "Harper, Milo"
    assert head.line == "C-10231 · born 14 Mar 2019 · Aetna (primary), Medicaid (secondary)"


def test_the_head_says_what_is_not_known_only_where_it_matters(session: Session) -> None:
    head = head_of(session, a_client(session, number="7", preferred_name="Bee"))

    assert head.line == "7 · called Bee · no payor today"


@pytest.mark.parametrize(
    ("status", "words", "kind"),
    [("active", "Active", "ok"), ("on_hold", "On hold", "warning"), ("discharged", "Discharged", "neutral")],
)
def test_the_head_says_the_status(session: Session, status: str, words: str, kind: str) -> None:
    head = head_of(session, a_client(session, status=status))

    assert (head.status_words, head.status_kind) == (words, kind)


def test_nobody_has_an_unknown_id(session: Session) -> None:
    a_client(session)

    assert client_head(session, LOCAL_USER, "0" * 20, TODAY) is None


def test_the_head_takes_one_statement(session: Session, engine: Engine) -> None:
    client = a_client(session)
    with counted(engine) as sent:
        head_of(session, client)

    assert len(sent) == 1


@pytest.mark.parametrize(
    ("names", "said"),
    [
        (("Ada", "Okafor", "BCBA"), "Ada Okafor, BCBA"),
        (("Ada", "Okafor", ""), "Ada Okafor"),
        ((None, None, None), ""),
    ],
)
def test_a_clinician_is_named_with_the_credential(names: tuple[str | None, ...], said: str) -> None:
    assert clinician_name(*names) == said
