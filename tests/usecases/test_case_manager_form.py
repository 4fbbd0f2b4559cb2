from datetime import date, datetime
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from caseapp.domain.actor import LOCAL_USER
from caseapp.domain.case_manager_entry import CaseManagerEntry
from caseapp.usecases.case_manager_form import OpenForm, open_form
from caseapp.usecases.outcome import UnknownRecord
from tests import builders
from tests.conftest import NOW, ZONE
from tests.statements import counted
from tests.usecases.save_desk import PRACTICE, Desk, a_desk


@pytest.fixture
def desk(session: Session) -> Desk:
    return a_desk(session)


def opened(desk: Desk, case_manager: str | None = None, client: str | None = None, **typed: Any) -> OpenForm:
    """The form as it opens, or around what is typed."""
    return open_form(
        desk.session,
        LOCAL_USER,
        NOW,
        PRACTICE,
        client or desk.lea.public_id,
        case_manager=case_manager,
        entry=CaseManagerEntry(**typed) if typed else None,
    )


def test_a_new_form_is_empty_and_says_what_to_do_first(desk: Desk) -> None:
    form = opened(desk)
    assert form.entry == CaseManagerEntry()
    assert form.version is None
    offers = form.offers
    assert offers.first_appointment == "Choose the service line to see the first appointment."
    assert (offers.end_current, offers.leave_uncovered, offers.change) == (None, None, None)


def test_the_form_of_an_edit_holds_the_stored_values_and_their_version(desk: Desk) -> None:
    stored = builders.a_case_manager(
        desk.session,
        desk.lea,
        "ST",
        desk.mei,
        start_date=date(2026, 1, 5),
        end_date=date(2026, 12, 31),
        for_clinician_id=desk.jo.id,
        version=4,
    )
    form = opened(desk, stored.public_id)
    assert form.version == 4
    assert form.entry == CaseManagerEntry(
        service_line="ST",
        clinician=desk.mei.key,
        start_date="2026-01-05",
        end_date="2026-12-31",
        for_clinician=desk.jo.key,
    )
    bare = builders.a_case_manager(desk.session, desk.lea, "ABA", desk.mei)
    entry = opened(desk, bare.public_id).entry
    assert (entry.end_date, entry.for_clinician) == ("", "")


def test_what_was_typed_stays_whatever_is_stored(desk: Desk) -> None:
    stored = builders.a_case_manager(desk.session, desk.lea, "ST", desk.mei)
    form = opened(desk, stored.public_id, service_line="XX", clinician="nobody", start_date="soon")
    assert form.entry == CaseManagerEntry(service_line="XX", clinician="nobody", start_date="soon")
    assert form.version == 1


def test_lines_that_the_client_receives_come_first(desk: Desk) -> None:
    builders.a_service_line(desk.session, "OT", name="Occupational therapy")
    soon = builders.a_service_line(desk.session, "PT", name="Physical therapy")
    builders.a_client_service_line(desk.session, desk.lea, soon.key, start_date=date(2026, 12, 22))
    lines = opened(desk).offers.service_lines
    assert [(choice.value, choice.could_be_saved) for choice in lines] == [
        ("ABA", True),
        ("PT", True),
        ("ST", True),
        ("OT", False),
    ]
    assert lines[1].label == "PT · Physical therapy"
    assert lines[3].label == "OT · Occupational therapy (not received)"
    far = opened(desk, start_date="2020-06-01").offers.service_lines
    assert [choice.value for choice in far] == ["ABA", "ST", "OT", "PT"]


def test_clinicians_who_could_be_saved_come_first_and_the_others_with_the_reason(desk: Desk) -> None:
    ana = builders.a_clinician(
        desk.session, ["ST"], credential="CF-SLP", first_name="Ana", last_name="Beltrán"
    )
    helper = builders.a_clinician(
        desk.session, ["ST"], [desk.aetna], may_be_case_manager=False, last_name="Abt", first_name="Cy"
    )
    priya = builders.a_clinician(desk.session, ["ABA"], [desk.aetna], last_name="Zi", credential="")
    clinicians = opened(desk, service_line="ST", start_date="2026-11-23").offers.clinicians
    assert [(choice.value, choice.label) for choice in clinicians] == [
        (desk.mei.key, "Mei Lindqvist, BCBA"),
        (desk.jo.key, "Jo Park, BCBA"),
        (helper.key, "Cy Abt, BCBA – may not take clinical responsibility"),
        (ana.key, "Ana Beltrán, CF-SLP – not enrolled with Aetna"),
        (priya.key, "Ada Zi – does not practise ST"),
    ]
    assert [choice.could_be_saved for choice in clinicians] == [True, True, False, False, False]
    assert clinicians[3].name == "Ana Beltrán, CF-SLP"
    # Without a line nobody is of the wrong discipline.
    anybody = opened(desk).offers.clinicians
    assert [choice.value for choice in anybody][:3] == [desk.mei.key, desk.jo.key, priya.key]


def test_the_start_date_decides_who_could_be_saved(desk: Desk) -> None:
    builders.an_enrollment(
        desk.session,
        builders.a_clinician(desk.session, ["ST"], number="late"),
        desk.aetna,
        start_date=date(2026, 12, 1),
    )
    for start, could in (("2026-11-30", False), ("2026-12-01", True), ("", False)):
        choices = opened(desk, service_line="ST", start_date=start).offers.clinicians
        assert {choice.value: choice.could_be_saved for choice in choices}["late"] == could


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"start_date": "2026-11-23"}, "First appointment Tue 24 Nov, 9:00 am: start by Mon 23 Nov."),
        ({"start_date": "2026-11-24"}, "First appointment Tue 24 Nov, 9:00 am: start by Mon 23 Nov."),
        ({}, "First appointment Tue 24 Nov, 9:00 am: start by Mon 23 Nov."),
        ({"start_date": "soon"}, "First appointment Tue 24 Nov, 9:00 am: start by Mon 23 Nov."),
        (
            {"start_date": "2026-11-01", "end_date": "2026-11-23"},
            "No appointment asks for an earlier start.",
        ),
    ],
)
def test_beneath_the_start_date_stands_by_when_to_start(
    desk: Desk, typed: dict[str, str], words: str
) -> None:
    desk.session_on("2026-11-24T09:00")
    assert opened(desk, service_line="ST", **typed).offers.first_appointment == words


def test_where_no_start_would_do_the_hint_says_so(desk: Desk) -> None:
    lea = builders.a_client(desk.session)
    builders.a_client_service_line(desk.session, lea, "ST", start_date=date(1900, 1, 1))
    builders.an_appointment(desk.session, lea, datetime(1900, 1, 1, 12, tzinfo=ZONE), "ST")
    hint = opened(desk, client=lea.public_id, service_line="ST", start_date="1900-01-01")
    assert hint.offers.first_appointment.endswith(": no start date would do.")


def test_where_somebody_is_already_the_hint_speaks_of_a_successor(desk: Desk) -> None:
    stored = builders.a_case_manager(desk.session, desk.lea, "ST", desk.jo)
    desk.session_on("2026-11-24T09:00")
    assert opened(desk, service_line="ST").offers.first_appointment == (
        "Jo Park is ST case manager today: a successor may start on any day."
    )
    own = opened(desk, stored.public_id, service_line="ST").offers.first_appointment
    assert own == "First appointment Tue 24 Nov, 9:00 am: start by Mon 23 Nov."


def test_ending_the_current_one_is_offered_with_the_name_and_the_day(desk: Desk) -> None:
    builders.a_case_manager(desk.session, desk.lea, "ST", desk.jo)
    offers = opened(desk, service_line="ST", clinician=desk.mei.key, start_date="2026-11-23").offers
    assert offers.end_current == "End Jo Park on Sun 22 Nov and start this one"
    assert opened(desk, service_line="ABA", start_date="2026-11-23").offers.end_current is None


def test_leaving_past_sessions_is_offered_with_their_number(desk: Desk) -> None:
    desk.session_on("2026-11-10T09:00")
    offers = opened(desk, service_line="ST", start_date="2026-11-23").offers
    assert offers.leave_uncovered == "Leave this past session without a case manager"
    desk.session_on("2026-11-11T09:00")
    offers = opened(desk, service_line="ST", start_date="2026-11-23").offers
    assert offers.leave_uncovered == "Leave these 2 past sessions without a case manager"


def test_another_clinician_over_covered_sessions_asks_which_change_is_meant(desk: Desk) -> None:
    stored = builders.a_case_manager(desk.session, desk.lea, "ST", desk.jo)
    typed = {"service_line": "ST", "clinician": desk.mei.key, "start_date": "2020-01-01"}
    assert opened(desk, stored.public_id, **typed).offers.change is None
    desk.session_on("2026-11-10T09:00")
    offers = opened(desk, stored.public_id, **typed).offers
    assert offers.change == "Jo Park has covered 1 session. Which is meant?"
    assert opened(desk, stored.public_id).offers.change is None


def test_somebody_enrolled_is_suggested_meanwhile(desk: Desk) -> None:
    session = desk.session
    ana = builders.a_clinician(session, ["ST"], first_name="Ana", last_name="Beltrán")
    builders.an_appointment(session, desk.lea, NOW.replace(day=10), "ABA", desk.jo, status="completed")
    builders.a_case_manager(session, builders.a_client(session), "ST", desk.jo)
    offers = opened(desk, service_line="ST", clinician=ana.key, start_date="2026-11-23").offers
    assert offers.interims_lead == "Enrolled with Aetna, until Ana Beltrán is"
    assert [(i.number, i.label, i.caseload, i.button) for i in offers.interims] == [
        (
            desk.jo.key,
            "Jo Park, BCBA",
            "1 client, saw the client last month",
            "Choose Jo Park, for Ana Beltrán",
        ),
        (desk.mei.key, "Mei Lindqvist, BCBA", "0 clients", "Choose Mei Lindqvist, for Ana Beltrán"),
    ]
    for typed in (
        {"for_clinician": desk.mei.key},
        {"start_date": ""},
        {"service_line": ""},
        {"clinician": desk.mei.key},
        {"clinician": "nobody"},
    ):
        asked = {"service_line": "ST", "clinician": ana.key, "start_date": "2026-11-23"} | typed
        assert opened(desk, **asked).offers.interims == ()


def test_the_form_of_what_is_not_there_or_anothers_does_not_open(desk: Desk) -> None:
    other = builders.a_client(desk.session, ["ST"])
    theirs = builders.a_case_manager(desk.session, other, "ST", desk.jo)
    for request in ({"client": "x" * 20}, {"case_manager": "x" * 20}, {"case_manager": theirs.public_id}):
        with pytest.raises(UnknownRecord):
            opened(desk, **request)
        with pytest.raises(UnknownRecord):
            opened(desk, **request, start_date="2026-11-23")


def test_what_was_typed_into_the_form_of_one_removed_meanwhile_is_kept(desk: Desk) -> None:
    removed = builders.a_case_manager(
        desk.session, desk.lea, "ST", desk.jo, removed_at=NOW, removed_by="local user"
    )
    with pytest.raises(UnknownRecord):
        opened(desk, removed.public_id)
    assert opened(desk, removed.public_id, start_date="2026-11-23").entry.start_date == "2026-11-23"


def test_the_form_takes_seven_statements_for_any_number_of_clinicians(desk: Desk, engine: Engine) -> None:
    with counted(engine) as few:
        opened(desk)
    for _ in range(5):
        builders.a_clinician(desk.session, ["ST"], [desk.aetna])
    builders.a_case_manager(desk.session, desk.lea, "ST", desk.jo)
    with counted(engine) as many:
        opened(desk)
    assert len(few) == 6
    assert len(many) == 7
