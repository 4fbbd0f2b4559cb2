"""What the tests of a client's appointments share: addresses, a filled form, the rows that are stored."""

from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from caseapp.models import Appointment
from tests import builders
from tests.builders import Row
from tests.conftest import ZONE
from tests.web.desk import Scene, judged

FORM = "appointment-form"


def tab_of(scene: Scene) -> str:
    return f"/clients/{scene.milo.public_id}/appointments"


def one(scene: Scene, appointment: Row, verb: str = "") -> str:
    return f"{tab_of(scene)}/{appointment.public_id}{'/' if verb else ''}{verb}"


def session_of(**fields: str) -> dict[str, str]:
    values = {
        "service_line": "ABA",
        "clinician": "",
        "start_date": "2026-12-01",
        "start_time": "09:00",
        "minutes": "60",
        "status": "scheduled",
        "until": "",
        "billable": "y",
    }
    return values | fields


def a_visit(session: Session, scene: Scene) -> Row:
    """An ABA session of Milo's on Tue 1 Dec, 9:00 am."""
    made = builders.an_appointment(session, scene.milo, datetime(2026, 12, 1, 9, tzinfo=ZONE), "ABA")
    judged(session, scene.milo)
    return made


def rows(session: Session) -> list[Any]:
    session.rollback()
    return list(session.execute(select(Appointment.__table__).order_by(Appointment.id)))


def row_of(session: Session, appointment: Row) -> Any:
    return next(row for row in rows(session) if row.id == appointment.id)
