"""The page of all that is on record: for administrators, with filters, as a table, and who saw a client."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import insert
from sqlalchemy.orm import Session

from caseapp.domain.actor import ROLES
from caseapp.models import AccessEvent
from tests.conftest import NOW
from tests.databases import ONE_DATABASE
from tests.web.accounts import User, form_token, signed_in
from tests.web.audit import audit
from tests.web.desk import Desk, Scene


def sent(desk: Desk, **fields: str) -> tuple[int, str]:
    """What the form answers."""
    token = form_token(desk.client)
    answer = desk.client.post("/audit", data={"csrf_token": token} | fields, headers=desk.headers)
    audit(answer.text, page=not desk.headers)
    return answer.status_code, answer.text


def test_what_was_just_done_stands_first(desk: Desk, scene: Scene) -> None:
    desk.client.get(f"/clients/{scene.milo.public_id}")
    answer = desk.client.get("/audit", headers=desk.headers)
    audit(answer.text, page=not desk.headers)
    assert answer.status_code == 200
    assert "Looked at a client&#39;s record" in answer.text
    assert f">{scene.milo.key}</a>" in answer.text
    assert "Harper" not in answer.text


def test_filters_narrow_what_is_shown_and_stay_filled(desk: Desk, scene: Scene) -> None:
    desk.client.get(f"/clients/{scene.milo.public_id}")
    desk.client.get("/coverage.csv").close()
    shown = {
        "viewed": {"kind": "viewed", "client": scene.milo.key, "person": "local user", "since": "2026-11-22"},
        "exported": {"kind": "exported", "until": "2026-11-22"},
    }
    for kind, fields in shown.items():
        status, text = sent(desk, **fields)
        assert status == 200
        assert ("Looked at a client&#39;s record</strong>" in text) == (kind == "viewed")
        assert ("Took a table out</strong>" in text) == (kind == "exported")
        for value in fields.values():
            assert f'value="{value}"' in text
    assert "Nothing on record is of this kind" in sent(desk, kind="denied")[1]
    assert "No client has the number C-none" in sent(desk, client="C-none")[1]


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"kind": "odd"}, "Is no kind of event"),
        ({"since": "22.11.2026"}, "Is not a date"),
        ({"until": "2026-02-30"}, "Is not a date"),
        ({"since": "2026-11-22", "until": "2026-11-21"}, "Lies before the first day"),
        ({"person": "\x00"}, "Holds a character that is no text"),
        ({"client": "\x00"}, "Holds a character that is no text"),
    ],
)
def test_a_wrong_filter_is_told_beside_its_field_and_kept(
    desk: Desk, fields: dict[str, str], words: str
) -> None:
    status, text = sent(desk, **fields)
    assert status == 422
    assert text.count(words) == 2
    if "\x00" not in "".join(fields.values()):
        assert all(f'value="{value}"' in text for value in fields.values())


@pytest.mark.parametrize(
    "before", ["", "x", "1.1", "9" * 17 + ".1.1", "1.2.3", "1.1." + "9" * 10, "\x00", "1" * 9999]
)
def test_a_place_that_is_none_begins_anew(desk: Desk, before: str) -> None:
    assert sent(desk, before=before)[0] == 200


def test_a_page_goes_on_with_what_is_older(desk: Desk) -> None:
    for number in range(60):
        event = {"at": NOW, "actor": f"Person {number:02}", "kind": "exported"}
        desk.session.execute(insert(AccessEvent).values(event))
    desk.session.commit()
    text = desk.client.get("/audit", headers=desk.headers).text
    place = text.split('name="before" value="')[1].partition('"')[0]
    assert "Person 59" in text
    assert "Person 09" not in text
    older = sent(desk, before=place)[1]
    assert "Person 09" in older
    assert "Person 10" not in older
    assert 'name="before" value="" disabled' in older


@pytest.mark.parametrize("path", ["/audit", "/audit.csv"])
def test_a_stale_token_is_told_and_nothing_shown(desk: Desk, path: str) -> None:
    answer = desk.client.post(path, data={"csrf_token": "stale"}, headers=desk.headers)
    assert answer.status_code == 422
    assert 'data-code="csrf"' in answer.text
    assert "<table>" not in answer.text


def test_the_table_holds_all_that_the_filters_ask_for(
    client: FlaskClient, session: Session, scene: Scene
) -> None:
    event = {"at": NOW, "actor": "+49 Ann", "kind": "exported"}
    session.execute(insert(AccessEvent).values(event | {"detail": "GET /coverage.csv"}))
    session.commit()
    data = {"csrf_token": form_token(client), "kind": "exported"}
    answer = client.post("/audit.csv", data=data)
    with answer:
        assert answer.headers["Content-Disposition"] == 'attachment; filename="audit.csv"'
        assert answer.text.splitlines() == [
            "at,who,what,client_number,details,reason",
            "2026-11-22T12:00:00-05:00,local user,Took a table out,,POST /audit.csv,",
            "2026-11-22T12:00:00-05:00,'+49 Ann,Took a table out,,GET /coverage.csv,",
        ]
    wrong = client.post("/audit.csv", data=data | {"since": "soon"})
    assert (wrong.status_code, wrong.mimetype) == (422, "text/html")


def test_who_saw_a_client_is_told_and_linked_from_the_history(client: FlaskClient, scene: Scene) -> None:
    report = f"/audit/clients/{scene.milo.public_id}"
    assert "Nobody has looked" in client.get(report).text
    assert f'href="{report}"' in client.get(f"/clients/{scene.milo.public_id}/history").text
    shown = client.get(report)
    audit(shown.text)
    assert "local user" in shown.text
    assert client.get(f"/audit/clients/{'0' * 20}").status_code == 404


@pytest.mark.settings(auth="local")
@ONE_DATABASE
def test_only_administrators_see_the_record_and_its_links(
    app: Flask, session: Session, scene: Scene, users: dict[str, User]
) -> None:
    shown = {}
    for role in ROLES:
        client = signed_in(app.test_client(), users[role])
        page = client.get(f"/clients/{scene.milo.public_id}/history").text
        shown[role] = ("/audit/clients/" in page, ">Audit</a>" in page, client.get("/audit").status_code)
    assert shown.pop("administrator") == (True, True, 200)
    assert set(shown.values()) == {(False, False, 403)}
