from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, func, select, update
from sqlalchemy.orm import Session

from caseapp.domain.actor import LOCAL_USER
from caseapp.domain.clinician_entry import ClinicianEntry
from caseapp.domain.practice import Practice
from caseapp.models import AuditEvent, Clinician, CoverageFinding, begin_write
from caseapp.usecases.clinician_record import SaveRequest, save_clinician
from caseapp.usecases.clinician_record_facts import Asked, ask, free_number, open_clinician
from caseapp.usecases.coverage_gap import refresh
from caseapp.usecases.done import done_by
from caseapp.usecases.outcome import Refused, Saved, UnknownRecord
from tests import builders
from tests.builders import Row, npi
from tests.client_lists import TODAY
from tests.conftest import NOW, ZONE
from tests.statements import counted

PRACTICE = Practice(ZONE)
ADA = ClinicianEntry(
    number="K-101",
    last_name="Okafor",
    first_name="Ada",
    credential="BCBA",
    npi=npi(77_000_000),
    taxonomy_code="103K00000X",
    service_lines=("ABA",),
    may_be_case_manager=True,
    active_from="2024-01-01",
    caseload_limit="12",
    email="ada@example.org",
)


def save(session: Session, entry: ClinicianEntry, **more: Any) -> Saved | Refused:
    return save_clinician(session, LOCAL_USER, NOW, PRACTICE, SaveRequest(entry=entry, **more))


def saved(session: Session, entry: ClinicianEntry, **more: Any) -> Saved:
    outcome = save(session, entry, **more)
    assert isinstance(outcome, Saved), outcome
    return outcome


def refused(session: Session, entry: ClinicianEntry, **more: Any) -> list[tuple[str, str | None]]:
    before = events(session)
    outcome = save(session, entry, **more)
    assert isinstance(outcome, Refused), outcome
    assert events(session) == before
    return [(finding.code, finding.field) for finding in outcome.errors]


def events(session: Session) -> int:
    session.rollback()
    return session.execute(select(func.count()).select_from(AuditEvent)).scalar_one()


def entry_of(session: Session, clinician: str) -> ClinicianEntry:
    entry = open_clinician(session, clinician).values.entry
    session.rollback()
    return entry


def codes(session: Session, client: Row) -> list[str]:
    session.rollback()
    return list(
        session.scalars(
            select(CoverageFinding.code)
            .where(CoverageFinding.client_id == client.id)
            .order_by(CoverageFinding.code)
        )
    )


@pytest.fixture(autouse=True)
def _lines(session: Session) -> None:
    builders.a_service_line(session, "ABA")
    builders.a_service_line(session, "ST")
    builders.a_taxonomy_code(session)


def test_a_new_clinician_stands_as_typed_with_the_whole_in_the_history(session: Session) -> None:
    outcome = saved(session, ADA)

    assert outcome.message == "Saved: Ada Okafor (K-101)."
    assert entry_of(session, outcome.public_id) == ADA
    event = session.execute(select(AuditEvent)).scalar_one()
    assert (event.action, event.entity, event.entity_id) == ("add", "clinician", outcome.public_id)
    assert event.subject_id == outcome.public_id
    assert event.after is not None
    assert event.after["service_lines"] == ["ABA"]
    assert event.after["active_from"] == "2024-01-01"


def test_an_edit_keeps_whole_values_before_and_after(session: Session) -> None:
    ada = saved(session, ADA).public_id

    saved(session, replace(ADA, service_lines=("ST", "ABA"), credential="BCBA-D"), clinician=ada, version=1)

    event = session.scalars(select(AuditEvent).order_by(AuditEvent.id.desc())).first()
    assert event is not None
    assert event.before is not None
    assert event.after is not None
    assert (event.before["service_lines"], event.before["version"]) == (["ABA"], 1)
    assert (event.after["service_lines"], event.after["version"]) == (["ABA", "ST"], 2)
    assert event.after["email"] == "ada@example.org"


def test_all_that_is_wrong_is_told_at_once(session: Session) -> None:
    entry = ClinicianEntry(
        npi="1234567890",
        last_name="x" * 10_000,
        taxonomy_code="000000000X",
        service_lines=("ABA", "XX"),
        active_from="2026-11-22",
        active_to="2026-11-21",
        caseload_limit="1000",
        email="ada at example",
    )

    assert sorted(refused(session, entry), key=str) == [
        ("end_before_start", "active_to"),
        ("invalid_email", "email"),
        ("invalid_npi", "npi"),
        ("invalid_number", "caseload_limit"),
        ("required", "first_name"),
        ("required", "number"),
        ("too_long", "last_name"),
        ("unknown_choice", "service_lines"),
        ("unknown_choice", "taxonomy_code"),
    ]


@pytest.mark.parametrize("day", ["1899-12-31", "2101-01-01", "2026-02-30", "22.11.2026", "20261122"])
def test_a_day_that_is_none_is_refused(session: Session, day: str) -> None:
    assert refused(session, replace(ADA, active_to=day)) == [("invalid_date", "active_to")]


def test_the_npi_of_another_is_refused_with_whose_it_is(session: Session) -> None:
    saved(session, ADA)

    outcome = save(session, replace(ADA, number="K-102", first_name="Ben"))

    assert isinstance(outcome, Refused)
    assert [(e.code, e.field) for e in outcome.errors] == [("taken", "npi")]
    assert "recorded for Ada Okafor (K-101)" in outcome.errors[0].message


def test_the_number_of_another_is_refused_and_a_free_one_told(session: Session) -> None:
    saved(session, ADA)

    outcome = save(session, replace(ADA, npi="", first_name="Ben"))

    assert isinstance(outcome, Refused)
    assert [(e.code, e.field) for e in outcome.errors] == [("taken", "number")]
    assert outcome.errors[0].message == "K-101 is the number of Ada Okafor. Choose another. K-102 is free."


def test_the_database_holds_the_npi_where_the_rule_was_asked_too_early(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    saved(session, ADA)
    answers = [True]

    def blind(*given: Any) -> Asked:
        asked = ask(*given)
        if answers and answers.pop():
            return replace(asked, known=replace(asked.known, holders=()))
        return asked

    monkeypatch.setattr("caseapp.usecases.clinician_record.ask", blind)

    assert refused(session, replace(ADA, number="K-9")) == [("taken", "npi")]


def test_two_presses_at_the_same_moment_save_once(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    first = saved(session, ADA, form_token="once")
    answers = [True]

    def blind(*given: Any) -> Asked:
        asked = ask(*given)
        return replace(asked, known=replace(asked.known, holders=())) if answers else asked

    monkeypatch.setattr("caseapp.usecases.clinician_record.ask", blind)
    monkeypatch.setattr(
        "caseapp.usecases.clinician_record.done_by",
        lambda *given: None if answers and answers.pop() else done_by(*given),
    )

    assert saved(session, ADA, form_token="once") == first
    assert events(session) == 1


def test_what_an_import_brought_stays_until_somebody_touches_it(session: Session) -> None:
    row = builders.a_clinician(
        session, npi="1234567890", taxonomy_code="odd", caseload_limit=0, email="none", number="K-7"
    )
    entry = replace(entry_of(session, row.public_id), first_name="Adaeze")

    outcome = saved(session, entry, clinician=row.public_id, version=1)

    assert sorted(f.code for f in outcome.warnings) == [
        "invalid_email",
        "invalid_npi",
        "invalid_number",
        "unknown_choice",
    ]
    after = open_clinician(session, row.public_id).values
    assert (after.npi, after.taxonomy_code, after.caseload_limit) == ("1234567890", "odd", 0)
    again = replace(entry, npi="1234567891")
    assert refused(session, again, clinician=row.public_id, version=2) == [("invalid_npi", "npi")]


def test_an_assistant_who_may_be_case_manager_is_remarked_on_and_saved(session: Session) -> None:
    outcome = saved(session, replace(ADA, credential="RBT"))

    assert [f.code for f in outcome.warnings] == ["cannot_be_responsible"]
    assert not saved(
        session, replace(ADA, credential="rbt", number="K-2", npi="", may_be_case_manager=False)
    ).warnings


def test_a_form_sent_twice_saves_once(session: Session) -> None:
    first = saved(session, ADA, form_token="once")

    assert saved(session, ADA, form_token="once").public_id == first.public_id
    assert events(session) == 1
    assert refused(session, replace(ADA, last_name="Other"), form_token="once") == [("conflict", None)]


def test_the_second_of_two_editors_is_told_what_the_first_changed(session: Session) -> None:
    ada = saved(session, ADA).public_id
    saved(session, replace(ADA, caseload_limit="8"), clinician=ada, version=1)

    outcome = save(session, replace(ADA, email=""), clinician=ada, version=1)

    assert isinstance(outcome, Refused)
    assert (outcome.errors[0].code, outcome.version) == ("conflict", 2)
    assert "caseload limit from 12 to 8" in outcome.errors[0].message
    same = saved(session, replace(ADA, caseload_limit="8"), clinician=ada, version=1)
    assert same.public_id == ada
    assert events(session) == 2


def test_an_edit_without_a_version_says_so(session: Session) -> None:
    ada = saved(session, ADA).public_id

    assert refused(session, replace(ADA, email=""), clinician=ada) == [("conflict", None)]


def test_who_is_not_there_cannot_be_edited(session: Session) -> None:
    with pytest.raises(UnknownRecord):
        save(session, ADA, clinician="a" * 20, version=1)


def client_of(session: Session, clinician: Row, **values: Any) -> Row:
    payor = builders.a_payor(session)
    builders.an_enrollment(session, clinician, payor)
    client = builders.a_client(session, ["ABA"])
    builders.a_funding_source(session, client, payor)
    builders.a_case_manager(session, client, "ABA", clinician, **values)
    begin_write(session)
    refresh(session, [client.id], TODAY, PRACTICE)
    session.commit()
    return client


def test_the_findings_of_the_clients_are_judged_anew(session: Session) -> None:
    ada = builders.a_clinician(session)
    client = client_of(session, ada)
    assert codes(session, client) == []
    entry = entry_of(session, ada.public_id)

    saved(session, replace(entry, npi=""), clinician=ada.public_id, version=1)
    assert codes(session, client) == ["npi_missing"]

    saved(session, replace(entry, active_to="2026-12-01"), clinician=ada.public_id, version=2)
    assert codes(session, client) == ["clinician_leaves"]


def test_a_name_is_told_anew_where_somebody_stands_in(session: Session) -> None:
    ada, ben = builders.a_clinician(session), builders.a_clinician(session)
    client = client_of(session, ben, for_clinician_id=ada.id)
    begin_write(session)
    session.execute(update(CoverageFinding).values(message="old"))
    session.commit()
    entry = entry_of(session, ada.public_id)

    saved(session, replace(entry, last_name="New"), clinician=ada.public_id, version=1)

    session.rollback()
    told = session.scalars(
        select(CoverageFinding.message).where(CoverageFinding.client_id == client.id)
    ).all()
    assert all("New" in words for words in told)
    assert "old" not in told


def test_a_last_day_stands_and_says_what_comes_next(session: Session) -> None:
    ada = builders.a_clinician(session)
    client = client_of(session, ada)
    builders.an_appointment(session, client, datetime(2026, 12, 3, 9, tzinfo=ZONE))
    entry = replace(entry_of(session, ada.public_id), active_to="2026-11-30")

    outcome = saved(session, entry, clinician=ada.public_id, version=1)

    (told,) = outcome.warnings
    assert told.code == "clinician_leaves"
    assert told.message == (
        "The last day stands. Hand-over comes next: 1 service line needs a successor from 1 Dec 2026, "
        "listed below. Nobody was taken off a client."
    )
    session.rollback()
    assert session.scalars(select(Clinician.active_to).where(Clinician.id == ada.id)).one() == date(
        2026, 11, 30
    )


def test_a_save_sends_as_many_statements_however_many_clients(session: Session, engine: Engine) -> None:
    ada = builders.a_clinician(session)
    client_of(session, ada)
    entry = entry_of(session, ada.public_id)
    with counted(engine) as few:
        saved(session, replace(entry, last_name="A"), clinician=ada.public_id, version=1, form_token="a")
    for _ in range(4):
        client_of(session, ada)
    with counted(engine) as many:
        saved(session, replace(entry, last_name="B"), clinician=ada.public_id, version=2, form_token="b")

    assert len(few) == len(many) <= 14


def test_the_next_free_number_follows_the_practice(session: Session) -> None:
    assert free_number(session) == "K-101"
    for number in ("K-099", "K-007", "X9", "Mary"):
        builders.a_clinician(session, number=number)

    assert free_number(session) == "K-100"


def test_a_case_manager_who_ended_long_ago_is_left_alone(session: Session) -> None:
    ada = builders.a_clinician(session)
    client = client_of(session, ada, end_date=TODAY - timedelta(days=91))
    begin_write(session)
    session.execute(update(CoverageFinding).values(message="as it was"))
    session.commit()
    entry = entry_of(session, ada.public_id)

    saved(session, replace(entry, npi=""), clinician=ada.public_id, version=1)

    session.rollback()
    told = session.scalars(select(CoverageFinding.message).where(CoverageFinding.client_id == client.id))
    assert set(told) == {"as it was"}
