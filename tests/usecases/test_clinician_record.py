from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from caseapp.domain.clinician_entry import ClinicianEntry
from caseapp.models import AuditEvent
from caseapp.usecases.clinician_record_facts import Asked, ask, free_number, open_clinician
from caseapp.usecases.outcome import Refused, UnknownRecord
from tests import builders
from tests.usecases.clinician_saves import (
    ADA,
    entry_of,
    events,
    refused,
    save,
    saved,
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
    blind = [False, True]

    def asked_too_soon(*given: Any) -> Asked:
        asked = ask(*given)
        return replace(asked, known=replace(asked.known, holders=())) if blind.pop() else asked

    monkeypatch.setattr("caseapp.usecases.clinician_record.ask", asked_too_soon)

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


def test_the_next_free_number_follows_the_practice(session: Session) -> None:
    assert free_number(session) == "K-101"
    for number in ("K-099", "K-007", "X9", "Mary"):
        builders.a_clinician(session, number=number)

    assert free_number(session) == "K-100"
