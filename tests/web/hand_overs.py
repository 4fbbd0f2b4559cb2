"""Opens and presses a hand-over's plan, from Priya to whoever could follow."""

from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from caseapp.models import CaseManager
from tests.builders import Row
from tests.web.desk import Desk, Scene
from tests.web.page import Element, Page

FORM = "hand-over-form"

LAST_DAY = "2026-11-30"


def plan_of(clinician: Row, **more: str) -> str:
    asked = {"kind": "leaving", "last_day": LAST_DAY} | more
    return f"/hand-over?clinician={clinician.public_id}&" + "&".join(f"{k}={v}" for k, v in asked.items())


def opened(desk: Desk, scene: Scene, **more: str) -> tuple[Page, dict[str, str]]:
    page = desk.get(plan_of(scene.priya, **more))
    return page, page.values(FORM)


def pressed(
    desk: Desk, form: dict[str, str], button: str = "apply", status: int | None = None
) -> TestResponse:
    return desk.send("/hand-over", form | {button: "y"}, status)


def goes_to(answer: TestResponse) -> str:
    return answer.headers.get("HX-Redirect") or answer.headers["Location"]


def line(scene: Scene, name: str) -> str:
    return f"{name}-{scene.present.public_id}"


def the(page: Page, name: str) -> Element:
    found = page.by_id(name)
    assert found is not None, name
    return found


def followers(session: Session, scene: Scene) -> list[tuple[int, date, Any]]:
    session.rollback()
    rows = session.execute(
        select(CaseManager.clinician_id, CaseManager.start_date, CaseManager.end_date)
        .where(CaseManager.client_id == scene.milo.id, CaseManager.removed_at.is_(None))
        .order_by(CaseManager.start_date)
    )
    return [(row.clinician_id, row.start_date, row.end_date) for row in rows][1:]
