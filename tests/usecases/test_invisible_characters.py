"""Codes and numbers may hold characters that are not seen: spreadsheets and chats put them in."""

from dataclasses import replace

import pytest
from sqlalchemy.orm import Session

from caseapp.domain.actor import LOCAL_USER
from caseapp.domain.client_entry import ClientEntry
from caseapp.domain.enrollment_entry import EnrollmentEntry
from caseapp.domain.payor_entry import PayorEntry
from caseapp.domain.practice import Practice
from caseapp.usecases import client_intake, enrollment_record, payor_record
from caseapp.usecases.outcome import Refused, Saved
from tests import builders
from tests.conftest import NOW, ZONE
from tests.usecases.clinician_saves import ADA, refused

WHERE = (LOCAL_USER, NOW, Practice(ZONE))
UNSEEN = ["\ufeffAETNA", "AET\u00adNA", "AET\u200bNA", "AETNA\u2028X"]


@pytest.mark.parametrize("code", UNSEEN)
def test_a_payors_code_that_is_taken_is_told(session: Session, code: str) -> None:
    builders.a_payor(session, code=code, name="Aetna")
    entry = PayorEntry(code=code, name="Aetna of Ohio", type="insurance")

    outcome = payor_record.save_payor(session, *WHERE, payor_record.SaveRequest(entry=entry))

    assert isinstance(outcome, Refused)
    assert [(error.code, error.field) for error in outcome.errors] == [("taken", "code")]


@pytest.mark.parametrize("code", UNSEEN)
def test_a_clinician_can_be_enrolled_with_a_payor_of_such_a_code(session: Session, code: str) -> None:
    builders.a_payor(session, code=code)
    clinician = builders.a_clinician(session)
    entry = EnrollmentEntry(payor=code, status="in_process")

    outcome = enrollment_record.save_enrollment(
        session, *WHERE, enrollment_record.SaveRequest(clinician=clinician.public_id, entry=entry)
    )

    assert isinstance(outcome, Saved), outcome


@pytest.mark.parametrize("number", UNSEEN)
def test_a_clients_number_that_is_taken_is_told(session: Session, number: str) -> None:
    builders.a_client(session, number=number)
    person = ClientEntry(number=number, last_name="Doe", first_name="Bee")

    outcome = client_intake.take_in(session, *WHERE, client_intake.IntakeRequest(person=person))

    assert isinstance(outcome, Refused)
    assert [(error.code, error.field) for error in outcome.errors] == [("taken", "number")]


@pytest.mark.parametrize("number", UNSEEN)
def test_a_clinicians_number_that_is_taken_is_told(session: Session, number: str) -> None:
    builders.a_service_line(session)
    builders.a_taxonomy_code(session)
    builders.a_clinician(session, number=number)

    entry = replace(ADA, number=number)
    assert refused(session, entry) == [("taken", "number")]
