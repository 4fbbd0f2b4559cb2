"""Coverage gaps as a table for elsewhere and as a calendar."""

import csv
import io
from datetime import date, datetime

from flask.testing import FlaskClient
from icalendar import Calendar
from sqlalchemy.orm import Session

from tests import builders
from tests.conftest import ZONE
from tests.web.desk import Scene, judged


def test_the_table_for_elsewhere_has_all_rows_and_no_formula(
    client: FlaskClient, scene: Scene, session: Session
) -> None:
    formula = builders.a_client(session, ["OT"], number="=1+1")
    judged(session, formula)
    answer = client.get("/coverage.csv?severity=error")
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    found = list(csv.DictReader(io.StringIO(answer.text)))
    assert found[0] == {
        "client_number": scene.milo.key,
        "service_line": "ST",
        "code": "no_case_manager",
        "severity": "error",
        "mend_by": "2026-11-23",
        "at_risk": "1",
        "first_session": "2026-11-24T09:00:00-05:00",
        "clinician_number": "",
        "payor_id": scene.aetna.key,
    }
    assert {row["client_number"] for row in found[1:]} == {"'=1+1"}
    other = client.get("/coverage.csv?severity=error&on=2026-11-23").text
    assert scene.milo.key in other


def test_the_calendar_names_clients_by_number_and_keeps_its_ids(
    client: FlaskClient, scene: Scene, session: Session
) -> None:
    answer = client.get("/coverage.ics")
    assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert client.get("/coverage.ics").data == answer.data
    (event,) = Calendar.from_ical(answer.data).walk("VEVENT")
    assert str(event["summary"]) == f"{scene.milo.key} ST: no case manager"
    assert str(event["description"]) == "Mend by this day. 1 session at risk."
    assert event.decoded("dtstart") == date(2026, 11, 23)
    assert "Harper" not in answer.text
    assert "Milo" not in answer.text
    moved = datetime(2026, 11, 23, 9, tzinfo=ZONE)
    builders.an_appointment(session, scene.milo, moved, "ST")
    judged(session, scene.milo)
    (later,) = Calendar.from_ical(client.get("/coverage.ics").data).walk("VEVENT")
    assert later["uid"] == event["uid"]
    assert later.decoded("dtstart") == date(2026, 11, 22)
