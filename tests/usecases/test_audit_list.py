from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, insert, select
from sqlalchemy.orm import Session

from caseapp.domain.actor import LOCAL_USER
from caseapp.domain.history import ACTIONS
from caseapp.models import AccessEvent, ApiToken, AuditEvent, UserAccount
from caseapp.usecases.audit_list import Question, audit_page, audit_pages, people, who_saw
from caseapp.usecases.audit_told import line_of, told_events
from tests import builders
from tests.builders import Row
from tests.conftest import NOW, ZONE
from tests.statements import counted

MINUTE = timedelta(minutes=1)


def change(session: Session, at: datetime = NOW, **values: Any) -> None:
    event = {"actor": "Ann Berg", "action": "edit", "entity": "client", "at": at} | values
    session.execute(insert(AuditEvent).values(event))


def look(session: Session, at: datetime = NOW, **values: Any) -> None:
    event = {"actor": "Bo Lund", "kind": "viewed", "at": at} | values
    session.execute(insert(AccessEvent).values(event))


@pytest.fixture
def milo(session: Session) -> Row:
    """Client C-9, with events of two people in four minutes."""
    milo = builders.a_client(session, number="C-9")
    change(session, NOW, client_id=milo.id)
    look(session, NOW, client_id=milo.id)
    look(session, NOW + MINUTE, kind="exported", detail="GET /coverage.csv")
    change(session, NOW + 2 * MINUTE, actor="Bo Lund", entity="payor", after={"name": "Aetna"})
    look(session, NOW + 3 * MINUTE, client_id=milo.id, actor="Cy", detail="emergency access")
    session.commit()
    return milo


def told(session: Session, **asked: Any) -> list[tuple[str, str, int]]:
    events = audit_page(session, LOCAL_USER, Question(**asked)).events
    return [(e.what, e.actor, int((e.at - NOW) / MINUTE)) for e in events]


ALL = [
    ("viewed", "Cy", 3),
    ("edit", "Bo Lund", 2),
    ("exported", "Bo Lund", 1),
    ("edit", "Ann Berg", 0),
    ("viewed", "Bo Lund", 0),
]


@pytest.mark.usefixtures("milo")
@pytest.mark.parametrize(
    ("asked", "places"),
    [
        ({}, [0, 1, 2, 3, 4]),
        ({"kind": "changes"}, [1, 3]),
        ({"kind": "viewed"}, [0, 4]),
        ({"kind": "denied"}, []),
        ({"person": "Bo Lund"}, [1, 2, 4]),
        ({"client": "C-9"}, [0, 3, 4]),
        ({"client": "C-9", "kind": "viewed", "person": "Cy"}, [0]),
        ({"since": NOW + MINUTE}, [0, 1, 2]),
        ({"until": NOW + MINUTE}, [3, 4]),
        ({"since": NOW + MINUTE, "until": NOW + 2 * MINUTE}, [2]),
    ],
)
def test_filters_narrow_changes_and_access_alike(
    session: Session, asked: dict[str, Any], places: list[int]
) -> None:
    assert told(session, **asked) == [ALL[place] for place in places]


def test_a_client_number_that_nobody_has_is_said(session: Session) -> None:
    change(session)
    page = audit_page(session, LOCAL_USER, Question(client="C-1"))
    assert (page.events, page.knows_client) == ((), False)


@pytest.mark.usefixtures("milo")
@pytest.mark.parametrize("size", [1, 2, 3, 4, 5])
def test_pages_go_on_where_the_last_one_ended_also_within_one_instant(session: Session, size: int) -> None:
    asked, seen = Question(), []
    while True:
        page = audit_page(session, LOCAL_USER, asked, size)
        seen += [(e.what, e.actor, int((e.at - NOW) / MINUTE)) for e in page.events]
        if page.older is None:
            break
        asked = replace(asked, before=page.older)
    assert seen == ALL


def test_many_events_of_one_instant_are_each_told_once(session: Session) -> None:
    for number in range(7):
        change(session, actor=f"A{number}")
        look(session, actor=f"L{number}")
    asked, seen = Question(), []
    for _ in range(5):
        page = audit_page(session, LOCAL_USER, asked, 3)
        seen += [e.actor for e in page.events]
        asked = replace(asked, before=page.older)
    assert seen == [f"A{n}" for n in range(6, -1, -1)] + [f"L{n}" for n in range(6, -1, -1)]


@pytest.mark.usefixtures("milo")
def test_all_pages_together_are_everything(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("caseapp.usecases.audit_list.BLOCK", 2)
    pages = list(audit_pages(session, LOCAL_USER, Question()))
    assert [len(page.events) for page in pages] == [2, 2, 1]


@pytest.mark.usefixtures("milo")
def test_an_event_is_told_in_words_with_its_client(session: Session) -> None:
    ada = builders.a_clinician(session, number="K-7", first_name="Ada", last_name="Okafor")
    after = {"service_line": "ABA", "clinician": ada.key}
    change(session, NOW + 4 * MINUTE, entity="case_manager", action="add", after=after, reason="Because.")
    shown = list(told_events(audit_page(session, LOCAL_USER, Question()), ZONE))
    assert (shown[0].what, shown[0].reason) == ("Added case manager: ABA · Ada Okafor", "Because.")
    assert (shown[1].what, shown[1].details) == ("Looked at a client's record", ("emergency access",))
    assert (shown[1].client_number, len(shown[1].client)) == ("C-9", 20)
    assert (shown[3].client_number, shown[3].client) == ("", "")
    assert line_of(shown[1], ZONE) == (
        NOW + 3 * MINUTE,
        "Cy",
        "Looked at a client's record",
        "C-9",
        "emergency access",
        "",
    )
    assert "archive" in ACTIONS


def test_what_is_done_to_a_user_or_token_says_to_which(session: Session) -> None:
    recorded = {"recorded_at": NOW}
    session.add(UserAccount(username="dana", username_key="dana", name="Dana", role="office", **recorded))
    session.add(ApiToken(name="Portal", digest="0" * 64, scopes=[], expires_at=NOW, **recorded))
    session.flush()
    ids = [session.execute(select(model.public_id)).scalar_one() for model in (UserAccount, ApiToken)]
    change(session, NOW, entity="user_account", entity_id=ids[0], action="second_factor_reset")
    change(session, NOW, entity="api_token", entity_id=ids[1], action="revoked")
    change(session, NOW, entity="user_account", entity_id="0" * 20, action="password_set")
    session.commit()

    page = audit_page(session, LOCAL_USER, Question())

    assert [event.what for event in told_events(page, ZONE)] == [
        "Set the password of user",
        "Revoked token: Portal",
        "Reset the second factor of user: dana",
    ]


def test_a_page_asks_a_fixed_number_of_statements(session: Session, engine: Engine, milo: Row) -> None:
    for number in range(120):
        change(session, client_id=milo.id, actor=f"A{number}")
    session.commit()
    with counted(engine) as sent:
        page = audit_page(session, LOCAL_USER, Question(client="C-9"))
    assert (len(page.events), len(sent)) == (50, 3)


def test_who_saw_a_client_is_told_with_hours_and_emergencies(session: Session, milo: Row) -> None:
    other = builders.a_client(session)
    look(session, NOW + 61 * MINUTE, client_id=milo.id)
    look(session, NOW, client_id=other.id, actor="Dee")
    seen = [(v.name, v.hours, v.first, v.last, v.emergencies) for v in who_saw(session, milo.id)]
    assert seen == [
        ("Bo Lund", 2, NOW, NOW + 61 * MINUTE, 0),
        ("Cy", 1, NOW + 3 * MINUTE, NOW + 3 * MINUTE, 1),
    ]
    assert people(session) == []
