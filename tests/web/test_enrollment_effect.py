"""Entering what a payor's letter says for the past: which sessions are billable now, and which no longer."""

from dataclasses import dataclass
from datetime import date, datetime

import pytest
from sqlalchemy import Engine, update
from sqlalchemy.orm import Session

from caseapp.domain.actor import LOCAL_USER
from caseapp.domain.practice import Practice
from caseapp.models import Clinician, begin_write
from caseapp.usecases.enrollment_effect import Effect, enrollment_effect
from tests import builders
from tests.builders import Row
from tests.conftest import NOW, ZONE
from tests.statements import counted
from tests.web.desk import Desk, last_event, message
from tests.web.page import Page

HEADING = "client_number,service_line,date,appointment_number,minutes,payor,clinician,npi"


@dataclass(frozen=True)
class Past:
    """Mei has been Nour's ST case manager since July, and applied to Aetna in June."""

    aetna: Row
    mei: Row
    nour: Row
    enrollment: Row
    sessions: dict[str, str]

    @property
    def edit(self) -> str:
        return f"/clinicians/{self.mei.public_id}/enrollments/{self.enrollment.public_id}/edit"

    @property
    def effect(self) -> str:
        return f"/enrollments/{self.enrollment.public_id}/effect"


@pytest.fixture
def past(session: Session) -> Past:
    aetna = builders.a_payor(session, name="Aetna")
    school = builders.a_payor(session, name="Oakvale", type="school_district", requires_enrollment=False)
    mei = builders.a_clinician(session, ["ST"], [], first_name="Mei", last_name="Lindqvist", npi="1234567893")
    nour = builders.a_client(session, ["ST", "OT"], first_name="Nour", last_name="Haddad")
    builders.a_funding_source(session, nour, aetna, end_date=d("2026-10-31"))
    builders.a_funding_source(session, nour, school, start_date=d("2026-11-01"))
    builders.a_case_manager(session, nour, "ST", mei, start_date=d("2026-07-01"))
    builders.a_case_manager(session, nour, "OT")
    enrollment = builders.an_enrollment(
        session, mei, aetna, status="in_process", start_date=None, applied_on=d("2026-06-01")
    )
    sessions = {
        name: builders.an_appointment(
            session, nour, datetime.fromisoformat(at).replace(tzinfo=ZONE), line, mei, **more
        ).key
        for name, at, line, more in (
            ("before she was case manager", "2026-06-30T09:00", "ST", {}),
            ("before it takes effect", "2026-07-31T23:30", "ST", {"status": "completed"}),
            ("on its first day", "2026-08-01T00:15", "ST", {"status": "completed"}),
            ("cancelled", "2026-08-02T09:00", "ST", {"status": "cancelled"}),
            ("not billable", "2026-08-03T09:00", "ST", {"billable": False}),
            ("of another line", "2026-08-04T09:00", "OT", {}),
            ("no-show", "2026-09-01T09:00", "ST", {"status": "no_show", "minutes": 45}),
            ("with another payor", "2026-11-03T09:00", "ST", {}),
            ("to come", "2026-11-24T09:00", "ST", {}),
        )
    }
    return Past(aetna, mei, nour, enrollment, sessions)


def d(text: str) -> date:
    return datetime.fromisoformat(text).date()


def save(desk: Desk, past: Past, **fields: str) -> Page:
    form = desk.get(past.edit).values("enrollment-form") | fields
    return desk.told(desk.send(past.edit, form))


def approve(desk: Desk, past: Past) -> Page:
    return save(desk, past, status="approved", start_date="2026-08-01")


def rows(page: Page, table: str) -> list[str]:
    found = page.by_id(table)
    return [e.text for e in found.all() if e.tag == "tr"][1:] if found else []


def links(page: Page, words: str) -> list[str]:
    return [e.attributes["href"] for e in page.elements if e.tag == "a" and e.text == words]


def lines(desk: Desk, address: str) -> list[str]:
    answer = desk.client.get(address)
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert "attachment" in answer.headers["Content-Disposition"]
    text: str = answer.data.decode()
    return text.splitlines()


def test_an_approval_for_the_past_leads_to_the_sessions_that_are_now_billable(desk: Desk, past: Past) -> None:
    told = approve(desk, past)

    assert "2 past sessions are now covered by an enrollment, and billable." in message(told)
    (address,) = links(told, "Show them, for the biller")
    page = desk.get(address)
    assert rows(page, "gained") == [
        f"1 Aug 2026 Haddad, Nour {past.nour.key} ST Aetna 60 {past.sessions['on its first day']}",
        f"1 Sep 2026 Haddad, Nour {past.nour.key} ST Aetna 45 {past.sessions['no-show']}",
    ]
    assert rows(page, "lost") == []
    (csv,) = links(page, "Download CSV")
    first, second = past.sessions["on its first day"], past.sessions["no-show"]
    assert lines(desk, csv) == [
        HEADING,
        f"{past.nour.key},ST,2026-08-01,{first},60,Aetna,Mei Lindqvist,1234567893",
        f"{past.nour.key},ST,2026-09-01,{second},45,Aetna,Mei Lindqvist,1234567893",
    ]


def test_a_termination_for_the_past_leads_to_those_that_no_longer_are(desk: Desk, past: Past) -> None:
    approve(desk, past)

    told = save(desk, past, status="terminated", end_date="2026-08-31")

    assert "1 past session is no longer billable." in message(told)
    (address,) = links(told, "Show them, for the biller")
    page = desk.get(address)
    assert rows(page, "gained") == []
    assert [row.split()[0:3] for row in rows(page, "lost")] == [["1", "Sep", "2026"]]
    (csv,) = links(page, "Download CSV")
    assert [line.split(",")[3] for line in lines(desk, csv)[1:]] == [past.sessions["no-show"]]
    assert lines(desk, csv.replace("&what=lost", "")) == [HEADING]


def test_an_older_change_can_still_be_told(desk: Desk, past: Past) -> None:
    approve(desk, past)
    save(desk, past, status="terminated", end_date="2026-08-31")

    page = desk.get(f"{past.effect}?version=2")

    assert len(rows(page, "gained")) == 2
    assert desk.client.get(f"{past.effect}?version=9", headers=desk.headers).status_code == 404
    assert desk.client.get(f"{past.effect}?version=x", headers=desk.headers).status_code == 404


def test_a_removal_says_first_what_it_would_take(desk: Desk, past: Past) -> None:
    approve(desk, past)
    address = past.edit.replace("/edit", "/remove")
    asked = desk.get(address)
    assert "By this 2 past sessions of the last twelve months" in asked.elements[0].text

    told = desk.told(desk.send(address, asked.values("removal-form")))

    assert "2 past sessions are no longer billable." in message(told)
    (effect,) = links(told, "Show them, for the biller")
    assert len(rows(desk.get(effect), "lost")) == 2


def test_what_else_is_in_the_way_is_said_and_stays_out_of_the_csv(desk: Desk, past: Past) -> None:
    desk.session.rollback()
    begin_write(desk.session)
    left = update(Clinician).where(Clinician.id == past.mei.id).values(active_to=d("2026-08-31"))
    desk.session.execute(left)
    desk.session.commit()

    told = approve(desk, past)

    assert "2 past sessions are now covered by an enrollment, 1 of them billable." in message(told)
    (address,) = links(told, "Show them, for the biller")
    page = desk.get(address)
    assert rows(page, "gained")[1].endswith("left on 31 Aug 2026")
    (csv,) = links(page, "Download CSV")
    assert len(lines(desk, csv)) == 2


def test_what_touches_no_past_session_has_no_link(desk: Desk, past: Past) -> None:
    told = save(desk, past, status="approved", start_date="2026-12-01")

    assert links(told, "Show them, for the biller") == []
    page = desk.get(past.effect)
    assert "No past session of the last twelve months is touched" in str([e.text for e in page.elements])


def test_more_sessions_than_are_drawn_stand_in_the_csv(
    desk: Desk, past: Past, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("caseapp.web.enrollment_answers.SHOWN", 1)
    told = approve(desk, past)
    (address,) = links(told, "Show them, for the biller")

    page = desk.get(address)

    assert len(rows(page, "gained")) == 1
    assert "The first 1 are shown; the CSV has them all." in [e.text for e in page.elements]


def told_effect(session: Session, past: Past) -> Effect:
    session.rollback()
    return enrollment_effect(session, LOCAL_USER, NOW, Practice(ZONE), past.enrollment.public_id)


def test_the_latest_sessions_are_looked_at_where_they_are_too_many(
    desk: Desk, past: Past, monkeypatch: pytest.MonkeyPatch
) -> None:
    approve(desk, past)
    for module in ("enrollment_effect", "enrollment_effect_facts"):
        monkeypatch.setattr(f"caseapp.usecases.{module}.MOST", 2)

    effect = told_effect(desk.session, past)

    assert effect.more
    assert [row.appointment_number for row in effect.gained] == [past.sessions["no-show"]]


def test_sessions_of_clients_whom_another_payor_pays_for_are_not_looked_at(
    desk: Desk, past: Past, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = builders.a_client(desk.session, ["ST"])
    builders.a_funding_source(desk.session, other, builders.a_payor(desk.session, name="Medicaid"))
    builders.a_case_manager(desk.session, other, "ST", past.mei, start_date=d("2026-07-01"))
    for day in range(1, 20):
        builders.an_appointment(desk.session, other, datetime(2026, 10, day, 9, tzinfo=ZONE), "ST", past.mei)
    approve(desk, past)
    for module in ("enrollment_effect", "enrollment_effect_facts"):
        monkeypatch.setattr(f"caseapp.usecases.{module}.MOST", 10)

    effect = told_effect(desk.session, past)

    assert not effect.more
    assert [row.appointment_number for row in effect.gained] == [
        past.sessions["on its first day"],
        past.sessions["no-show"],
    ]


def test_the_statements_do_not_grow_with_the_sessions(desk: Desk, past: Past, engine: Engine) -> None:
    approve(desk, past)
    assert last_event(desk.session).entity == "enrollment"

    with counted(engine) as sent:
        told_effect(desk.session, past)

    assert len(sent) == 6
