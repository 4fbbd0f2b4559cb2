"""The payors: list, page, add and edit, as whole pages and as fragments."""

from dataclasses import dataclass
from datetime import date

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Engine, delete, select
from sqlalchemy.orm import Session

from caseapp.extensions import db
from caseapp.models import CoverageFinding, CoverageTurn, Enrollment, Payor, begin_write
from caseapp.usecases import coverage_touched
from caseapp.usecases.coverage_gap import ALREADY
from tests import builders
from tests.builders import Row
from tests.databases import ONE_DATABASE
from tests.statements import counted
from tests.web.desk import Desk, Scene, count, last_event, message, stored

NEW = {"code": "CIGNA", "name": "Cigna", "type": "insurance", "requires_enrollment": "y"}


@dataclass(frozen=True)
class Address:
    """Where a payor is kept."""

    row: Row

    @property
    def page(self) -> str:
        return f"/payors/{self.row.public_id}"

    @property
    def edit(self) -> str:
        return f"{self.page}/edit"


def opened(desk: Desk, address: str, **fields: str) -> dict[str, str]:
    return desk.get(address).values("payor-form") | fields


def test_the_list_tells_type_requirement_and_how_many_it_pays_for(desk: Desk, scene: Scene) -> None:
    school = builders.a_payor(desk.session, name="Oakvale", type="school_district", requires_enrollment=False)
    builders.a_funding_source(
        desk.session, scene.milo, school, priority="secondary", start_date=date(2026, 1, 1)
    )
    gone = builders.a_client(desk.session)
    builders.a_funding_source(desk.session, gone, scene.aetna, end_date=date(2026, 11, 21))

    page = desk.get("/payors")

    cells = [e.text for e in page.elements if e.tag in ("th", "td") and "scope" not in e.attributes]
    names = [e.text for e in page.elements if e.attributes.get("class") == "name"]
    assert names == ["Aetna", "Medicaid", "Oakvale"]
    assert cells == [
        *(scene.aetna.key, "insurance", "yes, insurance always", "1"),
        *(scene.medicaid.key, "insurance", "yes, insurance always", "0"),
        *(school.key, "school district", "no, by its setting", "0"),
    ]


def test_an_empty_list_says_so(desk: Desk) -> None:
    assert "No payor is recorded yet." in str([e.text for e in desk.get("/payors").elements])


def test_a_long_list_goes_on_page_by_page_in_two_statements(
    desk: Desk, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("caseapp.usecases.payor_list.PAGE", 2)
    for name in ("Cedar", "Aspen", "Birch"):
        builders.a_payor(desk.session, name=name)
    first = desk.get("/payors")
    (forth,) = [e.attributes["href"] for e in first.elements if e.text == "Next" and e.tag == "a"]

    second = desk.get(forth)

    assert [e.text for e in first.elements if e.attributes.get("class") == "name"] == ["Aspen", "Birch"]
    assert [e.text for e in second.elements if e.attributes.get("class") == "name"] == ["Cedar"]
    assert "Aspen" not in forth
    assert [e.text for e in second.elements if e.text == "Next"] == []
    desk.get("/payors?after=nobody")
    desk.get(f"/payors?after={'a' * 20}")


@ONE_DATABASE
def test_the_list_takes_one_statement_and_the_menu_one_however_long(
    client: FlaskClient, session: Session
) -> None:
    for _ in range(3):
        builders.a_funding_source(session, builders.a_client(session))
    with client.application.app_context():
        engine = db.engine
    with counted(engine) as sent:
        client.get("/payors")

    assert len(sent) == 2


def test_a_payor_is_added_and_stands_in_its_history(desk: Desk) -> None:
    answer = desk.send("/payors", opened(desk, "/payors/new", **NEW))

    assert message(desk.told(answer)) == "Saved: Cigna (CIGNA)."
    event = last_event(desk.session)
    assert (event.entity, event.action, event.subject_id) == ("payor", "add", event.entity_id)
    assert event.after == {
        "code": "CIGNA",
        "name": "Cigna",
        "type": "insurance",
        "requires_enrollment": True,
        "version": 1,
    }
    page = desk.get(f"/payors/{event.entity_id}")
    shown = " ".join(e.text for e in page.elements if e.tag in ("h1", "dd", "strong"))
    assert shown == "Cigna CIGNA insurance yes, insurance always Added payor: Cigna"


def test_all_that_is_wrong_is_told_at_once_and_what_was_typed_stays(desk: Desk, scene: Scene) -> None:
    page = desk.refused("/payors", {"code": scene.aetna.key, "name": "n" * 10_000, "type": "charity"})

    assert page.errors() == [["name", "too_long"], ["code", "taken"], ["type", "unknown_choice"]]
    assert page.values("payor-form")["code"] == scene.aetna.key
    assert desk.refused("/payors", {}).errors() == [
        ["name", "required"],
        ["code", "required"],
        ["type", "required"],
    ]


def test_an_edit_changes_the_payor_and_judges_its_clients_anew(desk: Desk, scene: Scene) -> None:
    aetna = Address(scene.aetna)

    answer = desk.send(aetna.edit, opened(desk, aetna.edit, type="private_pay"))

    assert message(desk.told(answer)) == f"Saved: Aetna ({scene.aetna.key})."
    event = last_event(desk.session)
    assert event.before is not None
    assert event.after is not None
    assert (event.before["type"], event.after["type"]) == ("insurance", "private_pay")
    assert (event.before["version"], event.after["version"]) == (1, 2)
    assert "not_enrolled" not in found_codes(desk.session)
    back = opened(desk, aetna.edit, type="insurance")
    desk.session.rollback()
    begin_write(desk.session)
    desk.session.execute(delete(Enrollment))
    desk.session.commit()

    desk.send(aetna.edit, back)

    assert "not_enrolled" in found_codes(desk.session)


def found_codes(session: Session) -> set[str]:
    session.rollback()
    return set(session.scalars(select(CoverageFinding.code)))


def test_beyond_a_batch_the_clients_are_marked_to_be_judged_before_they_are_read(
    desk: Desk, scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(coverage_touched, "BATCH", 0)
    # The menu of a fragment would judge them already.
    monkeypatch.setattr("caseapp.web.menu.errors", lambda *_: 0)
    aetna = Address(scene.aetna)

    desk.send(aetna.edit, opened(desk, aetna.edit, name="Aetna of Ohio"))

    desk.session.rollback()
    assert set(desk.session.scalars(select(CoverageTurn.next_turn))) == {ALREADY}


def test_the_same_form_sent_twice_saves_once(desk: Desk, scene: Scene) -> None:
    form = opened(desk, "/payors/new", **NEW)
    told = message(desk.told(desk.send("/payors", form)))
    before = stored(desk.session)

    again = desk.send("/payors", form)

    assert message(desk.told(again)) == told
    assert stored(desk.session) == before
    assert count(desk.session, Payor) == 3


def test_a_spent_form_with_other_values_is_refused(desk: Desk, scene: Scene) -> None:
    form = opened(desk, "/payors/new", **NEW)
    desk.send("/payors", form)

    page = desk.refused("/payors", form | {"code": "CIGNA2"})

    assert page.errors() == [[None, "conflict"]]


def test_the_second_of_two_editors_is_told_what_the_first_changed(desk: Desk, scene: Scene) -> None:
    aetna = Address(scene.aetna)
    mine, theirs = (opened(desk, aetna.edit, name=name) for name in ("Mine", "Theirs"))
    desk.send(aetna.edit, theirs)

    page = desk.refused(aetna.edit, mine)

    assert page.errors() == [[None, "conflict"]]
    told = page.by_id("form-error")
    assert told is not None
    assert "changed this payor on" in told.text
    assert "name from Aetna to Theirs" in told.text
    assert page.values("payor-form")["name"] == "Mine"
    desk.send(aetna.edit, page.values("payor-form"))
    assert (last_event(desk.session).after or {})["name"] == "Mine"


def test_two_editors_who_want_the_same_are_both_told_that_it_is_saved(desk: Desk, scene: Scene) -> None:
    aetna = Address(scene.aetna)
    mine, theirs = (opened(desk, aetna.edit, name="Aetna of Ohio") for _ in range(2))
    desk.send(aetna.edit, theirs)
    before = stored(desk.session)

    answer = desk.send(aetna.edit, mine)

    assert message(desk.told(answer)) == f"Saved: Aetna of Ohio ({scene.aetna.key})."
    assert stored(desk.session) == before


def test_a_payor_keeps_its_own_code_and_may_not_take_another_ones(desk: Desk, scene: Scene) -> None:
    aetna = Address(scene.aetna)

    page = desk.refused(aetna.edit, opened(desk, aetna.edit, code=scene.medicaid.key))

    assert page.errors() == [["code", "taken"]]


def test_the_page_lists_the_enrollments_by_name(
    desk: Desk, scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("caseapp.usecases.enrollment_list.PAGE", 2)

    first = desk.get(Address(scene.aetna).page)
    (forth,) = [e.attributes["href"] for e in first.elements if e.text == "Next" and e.tag == "a"]
    second = desk.get(forth)

    names = [[e.text for e in p.elements if e.attributes.get("class") == "name"] for p in (first, second)]
    assert names == [["Lindqvist, Mei", "Natarajan, Priya"], ["Vidal, Tomás"]]


@pytest.mark.parametrize(
    ("method", "address", "status"),
    [
        ("GET", f"/payors/{'x' * 20}", 404),
        ("GET", f"/payors/{'x' * 20}/edit", 404),
        ("POST", f"/payors/{'x' * 20}/edit", 404),
        ("GET", "/payors/7", 404),
        ("POST", "/payors/new", 405),
        ("DELETE", "/payors", 405),
        ("POST", "/payors/enrollments", 405),
    ],
)
def test_what_is_not_there_and_what_is_not_used_so(
    desk: Desk, method: str, address: str, status: int
) -> None:
    answer = desk.client.open(
        address, method=method, data={"csrf_token": desk.token(), **NEW}, headers=desk.headers
    )

    assert answer.status_code == status


def test_a_form_without_its_token_is_refused_and_keeps_what_was_typed(desk: Desk) -> None:
    answer = desk.client.post("/payors", data=NEW, headers=desk.headers)

    assert answer.status_code == 422
    assert count(desk.session, Payor) == 0
    assert "CIGNA" in answer.text
