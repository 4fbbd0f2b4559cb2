"""Two people who save at the same instant: the database refuses the second, and the rules say why."""

from dataclasses import replace
from datetime import UTC

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from caseapp.domain.actor import LOCAL_USER
from caseapp.domain.enrollment_entry import EnrollmentEntry
from caseapp.domain.payor_entry import PayorEntry
from caseapp.domain.practice import Practice
from caseapp.models import Enrollment, Payor
from caseapp.usecases import enrollment_record, payor_record
from caseapp.usecases.outcome import Refused, Saved, UnknownRecord
from tests import builders
from tests.conftest import NOW, ZONE

WHERE = (LOCAL_USER, NOW.astimezone(UTC), Practice(ZONE))
AETNA = PayorEntry(code="AETNA", name="Aetna", type="insurance")


def rows(session: Session, model: type[Payor] | type[Enrollment]) -> int:
    session.rollback()
    return session.execute(select(func.count()).select_from(model)).scalar_one()


def blind_once(monkeypatch: pytest.MonkeyPatch, module: object, judge: str, place: int) -> None:
    """At its first question a judge is not told what another has just saved."""
    real = getattr(module, judge)
    asked: list[None] = []

    def judge_blindly(*given: object) -> object:
        if not asked:
            asked.append(None)
            given = (*given[:place], (), *given[place + 1 :])
        return real(*given)

    monkeypatch.setattr(module, judge, judge_blindly)


def test_a_code_that_another_took_meanwhile_is_told(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    builders.a_payor(session, code="AETNA", name="Aetna of Ohio")
    blind_once(monkeypatch, payor_record, "judge_payor", 1)

    outcome = payor_record.save_payor(session, *WHERE, payor_record.SaveRequest(entry=AETNA))

    assert isinstance(outcome, Refused)
    assert [finding.code for finding in outcome.errors] == ["taken"]
    assert rows(session, Payor) == 1


def test_an_edit_of_a_payor_that_is_not_there_is_unknown(session: Session) -> None:
    request = payor_record.SaveRequest(entry=AETNA, payor="z" * 20, version=1)

    with pytest.raises(UnknownRecord):
        payor_record.save_payor(session, *WHERE, request)


def test_saving_what_stands_judges_nobody_anew(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    row = builders.a_payor(session, code="AETNA", name="Aetna")
    monkeypatch.setattr(payor_record, "refresh_touched", None)
    entry = replace(AETNA, requires_enrollment=True)
    request = payor_record.SaveRequest(entry=entry, payor=row.public_id, version=1)

    assert isinstance(payor_record.save_payor(session, *WHERE, request), Saved)


def test_a_form_sent_twice_at_one_instant_saves_one_payor(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    request = payor_record.SaveRequest(entry=AETNA, form_token="the same")
    first = payor_record.save_payor(session, *WHERE, request)
    blind_once(monkeypatch, payor_record, "judge_payor", 1)

    assert payor_record.save_payor(session, *WHERE, request) == first
    assert rows(session, Payor) == 1


def test_a_form_sent_twice_at_one_instant_saves_one_enrollment(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    clinician, payor = builders.a_clinician(session), builders.a_payor(session)
    request = enrollment_record.SaveRequest(
        clinician=clinician.public_id,
        entry=EnrollmentEntry(payor=payor.key, status="approved", start_date="2026-02-03"),
        form_token="the same",
    )
    first = enrollment_record.save_enrollment(session, *WHERE, request)
    blind_once(monkeypatch, enrollment_record, "judge_enrollment", 3)

    again = enrollment_record.save_enrollment(session, *WHERE, request)

    assert not isinstance(first, Refused)
    assert not isinstance(again, Refused)
    assert (again.public_id, again.message) == (first.public_id, first.message)
    assert rows(session, Enrollment) == 1
