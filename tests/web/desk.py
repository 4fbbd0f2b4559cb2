"""A small practice around one client, and a desk at which tests work with it as a page and as fragments.

Milo Harper receives ABA and ST; on the tests' day, Sun 22 Nov 2026, Priya Natarajan is ABA case manager,
Tomás Vidal was before her, and nobody is for ST, whose first session is on Tue 24 Nov.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from caseapp.domain.practice import Practice
from caseapp.models import AuditEvent, Base, CaseManager
from caseapp.usecases.coverage_gap import refresh
from tests import builders
from tests.builders import Row, together
from tests.client_lists import TODAY, listed
from tests.conftest import ZONE
from tests.web.accounts import form_token
from tests.web.audit import audit
from tests.web.page import Page

HTMX = {"HX-Request": "true"}


@dataclass(frozen=True)
class Scene:
    milo: Row
    aetna: Row
    medicaid: Row
    priya: Row
    tomas: Row
    mei: Row
    ana: Row
    present: Row
    past: Row

    @property
    def tab(self) -> str:
        return f"/clients/{self.milo.public_id}/clinical"

    @property
    def post(self) -> str:
        return f"/clients/{self.milo.public_id}/case-managers"

    def of(self, case_manager: Row, *, verb: str = "") -> str:
        return f"{self.post}/{case_manager.public_id}{'/' if verb else ''}{verb}"

    def mei_for_st(self, **fields: str) -> dict[str, str]:
        """An addition under which every rule is kept, but for the fields given."""
        values = {"service_line": "ST", "clinician": self.mei.key, "start_date": "2026-11-23", "end_date": ""}
        return values | fields


def a_scene(session: Session) -> Scene:
    with together(session):
        return _a_scene(session)


def _a_scene(session: Session) -> Scene:
    aetna = builders.a_payor(session, name="Aetna")
    medicaid = builders.a_payor(session, name="Medicaid", type="insurance")

    def clinician(first: str, last: str, line: str, credential: str, payors: list[Row]) -> Row:
        return builders.a_clinician(
            session, [line], payors, first_name=first, last_name=last, credential=credential
        )

    priya = clinician("Priya", "Natarajan", "ABA", "BCBA", [aetna])
    tomas = clinician("Tomás", "Vidal", "ABA", "BCBA", [aetna])
    mei = clinician("Mei", "Lindqvist", "ST", "CCC-SLP", [aetna])
    ana = clinician("Ana", "Beltrán", "ST", "CF-SLP", [])
    milo = builders.a_client(session, ["ABA", "ST"], last_name="Harper", first_name="Milo")
    listed(session, milo)
    builders.a_funding_source(session, milo, aetna)
    builders.a_funding_source(session, milo, medicaid, priority="secondary")
    past = builders.a_case_manager(
        session, milo, "ABA", tomas, start_date=date(2025, 6, 10), end_date=date(2026, 2, 2)
    )
    present = builders.a_case_manager(session, milo, "ABA", priya, start_date=date(2026, 2, 3))
    builders.an_appointment(session, milo, datetime(2026, 11, 24, 9, tzinfo=ZONE), "ST")
    builders.an_appointment(session, milo, datetime(2026, 2, 4, 9, tzinfo=ZONE), "ABA", status="completed")
    builders.an_appointment(session, milo, datetime(2026, 11, 27, 9, tzinfo=ZONE), "ABA")
    judged(session, milo)
    return Scene(milo, aetna, medicaid, priya, tomas, mei, ana, present, past)


def judged(session: Session, *clients: Row) -> None:
    """Let the coverage findings of these clients stand as they are on the tests' day."""
    with together(session):
        refresh(session, [client.id for client in clients], TODAY, Practice(ZONE))


@dataclass
class Desk:
    """Asks and posts; every answer that is HTML is looked over by the audit."""

    client: FlaskClient
    session: Session
    fragments: bool

    @property
    def headers(self) -> dict[str, str]:
        return HTMX if self.fragments else {}

    def get(self, address: str, status: int = 200) -> Page:
        return self._read(self.client.get(address, headers=self.headers), status)

    def whole(self, address: str) -> Page:
        """The whole page at an address, however this desk asks elsewhere."""
        html = self.client.get(address).text
        audit(html)
        return Page(html)

    def send(self, address: str, fields: Mapping[str, str], status: int | None = None) -> TestResponse:
        """Post the fields with a good token. `status`: what is expected, else that of a save."""
        answer = self.client.post(address, data={"csrf_token": self.token(), **fields}, headers=self.headers)
        self._read(answer, status or (200 if self.fragments else 303))
        return answer

    def refused(self, address: str, fields: Mapping[str, str]) -> Page:
        """Post what will be refused, and read the form that comes back; nothing may be stored by it."""
        before = stored(self.session)
        page = Page(self.send(address, fields, 422).text)
        assert stored(self.session) == before
        return page

    def told(self, answer: TestResponse) -> Page:
        """What the page shows after a save: the fragment itself, or the page that the browser goes to."""
        return Page(answer.text) if self.fragments else self.whole(answer.headers["Location"])

    def token(self) -> str:
        return form_token(self.client)

    def _read(self, answer: TestResponse, status: int) -> Page:
        assert answer.status_code == status, answer.text
        if answer.status_code != 303:
            assert answer.headers["Vary"].startswith("HX-Request, HX-History-Restore-Request")
            audit(answer.text, page=not self.fragments)
        return Page(answer.text)


def stored(session: Session) -> tuple[Any, ...]:
    """Everything of case managers and the number of audit events, to see whether anything changed."""
    session.rollback()
    rows = session.execute(select(CaseManager.__table__).order_by(CaseManager.id)).all()
    return (*map(tuple, rows), count(session, AuditEvent))


def count(session: Session, model: type[Base]) -> int:
    session.rollback()
    return session.execute(select(func.count()).select_from(model)).scalar_one()


def last_event(session: Session) -> AuditEvent:
    session.rollback()
    return session.execute(select(AuditEvent).order_by(AuditEvent.id.desc()).limit(1)).scalar_one()


def message(page: Page) -> str:
    """The words in role=status, on a page or sent beside a fragment."""
    return " ".join(part.text for part in _messages(page))


def message_codes(page: Page) -> list[str]:
    return [
        e.attributes["data-code"]
        for part in _messages(page)
        for e in part.all()
        if "data-code" in e.attributes
    ]


def _messages(page: Page) -> list[Any]:
    return [
        e
        for e in page.elements
        if e.attributes.get("id") == "messages" or e.attributes.get("hx-swap-oob") == "innerHTML:#messages"
    ]
