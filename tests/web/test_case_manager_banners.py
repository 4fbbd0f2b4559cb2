"""Banners and badges lead to the form of the very fact that mends the gap, filled as far as it can be."""

from collections.abc import Callable
from datetime import date, datetime

import pytest
from flask.testing import FlaskClient
from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from caseapp.models import Clinician, Enrollment, FundingSource, begin_write
from tests import builders
from tests.conftest import ZONE
from tests.web.audit import audit
from tests.web.desk import Scene, judged
from tests.web.page import Page


def links(client: FlaskClient, scene: Scene, code: str) -> dict[str, str]:
    """Words and addresses of the buttons in the banners of this code; each leads to a page."""
    html = client.get(scene.tab).text
    audit(html)
    found = {
        link.text: link.attributes["href"]
        for banner in Page(html).elements
        if banner.attributes.get("data-code") == code
        for link in banner.all()
        if link.tag == "a"
    }
    for address in found.values():
        assert client.get(address).status_code == 200
    return found


def change(session: Session, scene: Scene, statement: object) -> None:
    begin_write(session)
    session.execute(statement)  # type: ignore[call-overload]  # any statement
    session.commit()
    judged(session, scene.milo)


def test_without_a_primary_payor_the_form_of_one_opens(
    client: FlaskClient, scene: Scene, session: Session
) -> None:
    change(session, scene, delete(FundingSource).where(FundingSource.priority == "primary"))

    found = links(client, scene, "no_primary_payor")

    address = f"/clients/{scene.milo.public_id}/funding-sources/new?priority=primary&start_date=2026-11-22"
    assert found == {"Add primary payor": address}
    values = Page(client.get(address).text).values("record-form")
    assert (values["priority"], values["start_date"]) == ("primary", "2026-11-22")


def test_a_line_that_is_not_open_is_opened_on_the_day_of_its_first_session(
    client: FlaskClient, scene: Scene, session: Session
) -> None:
    builders.an_appointment(session, scene.milo, datetime(2026, 11, 30, 9, tzinfo=ZONE), "OT")
    judged(session, scene.milo)

    found = links(client, scene, "service_line_not_open")

    address = f"/clients/{scene.milo.public_id}/service-lines/new?service_line=OT&start_date=2026-11-30"
    assert found == {"Open OT": address}
    values = Page(client.get(address).text).values("record-form")
    assert (values["service_line"], values["start_date"]) == ("OT", "2026-11-30")


def _not_enrolled(scene: Scene) -> object:
    return delete(Enrollment).where(Enrollment.clinician_id == scene.priya.id)


def _without_npi(scene: Scene) -> object:
    return update(Clinician).where(Clinician.id == scene.priya.id).values(npi=None)


def _gone(scene: Scene) -> object:
    return update(Clinician).where(Clinician.id == scene.priya.id).values(active_to=date(2026, 11, 20))


@pytest.mark.parametrize(
    ("code", "broken", "words", "address"),
    [
        (
            "not_enrolled",
            _not_enrolled,
            "Record enrollment of Priya Natarajan",
            "/clinicians/{priya}/enrollments/new?payor={aetna}",
        ),
        ("npi_missing", _without_npi, "Edit Priya Natarajan", "/clinicians/{priya}/edit"),
        ("clinician_inactive", _gone, "Edit Priya Natarajan", "/clinicians/{priya}/edit"),
    ],
)
def test_what_is_wrong_with_a_clinician_is_mended_there_or_by_another(
    client: FlaskClient,
    scene: Scene,
    session: Session,
    code: str,
    broken: Callable[[Scene], object],
    words: str,
    address: str,
) -> None:
    change(session, scene, broken(scene))

    found = links(client, scene, code)

    assert found == {
        "Change ABA case manager": f"{scene.post}/new?service_line=ABA&start_date=2026-11-22",
        words: address.format(priya=scene.priya.public_id, aetna=scene.aetna.key),
    }


def test_the_badges_of_the_list_lead_to_the_clinical_tab(client: FlaskClient, scene: Scene) -> None:
    page = Page(client.get("/clients").text)

    badges = [e for e in page.elements if e.tag == "a" and "badge" in e.attributes.get("class", "")]
    assert {badge.attributes["href"] for badge in badges} == {scene.tab}
    assert "no case manager" in {badge.text for badge in badges}
