from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from tests.conftest import NOW
from tests.usecases.save_desk import ANN, Desk, a_desk


@pytest.fixture
def desk(session: Session) -> Desk:
    return a_desk(session)


def words(desk: Desk, **request: object) -> str:
    refusal = desk.refusal(**request)
    (finding,) = refusal.errors
    assert (finding.code, finding.field) == ("conflict", None)
    return finding.message


def test_the_second_to_save_is_told_who_changed_what_and_when(desk: Desk) -> None:
    saved = desk.saved().case_manager
    desk.saved(
        desk.jo,
        case_manager=saved,
        version=1,
        end_date="2027-01-31",
        actor=ANN,
        now=NOW + timedelta(minutes=5),
    )
    assert words(desk, case_manager=saved, version=1, start_date="2026-11-24") == (
        "Ann Berg changed this case manager on Sun 22 Nov, 12:05 pm: "
        "case manager from Mei Lindqvist to Jo Park, end date from open to 31 Jan 2027. "
        "What you typed is still here: save again to put it in place of that, or cancel."
    )


def test_all_changes_since_the_form_was_opened_are_told_together(desk: Desk) -> None:
    saved = desk.saved().case_manager
    desk.saved(case_manager=saved, version=1, end_date="2027-01-31")
    desk.saved(case_manager=saved, version=2, end_date="2027-02-28", for_clinician=desk.jo.key)
    message = words(desk, case_manager=saved, version=1, start_date="2026-11-24")
    assert message.startswith("Local user changed this case manager")
    assert "end date from open to 28 Feb 2027" in message
    assert "Jo Park" in message
    message = words(desk, case_manager=saved, version=2, start_date="2026-11-24")
    assert "end date from 31 Jan 2027 to 28 Feb 2027" in message


def test_the_refusal_carries_the_version_so_that_saving_again_goes_through(desk: Desk) -> None:
    saved = desk.saved().case_manager
    desk.saved(case_manager=saved, version=1, end_date="2027-01-31")
    edit = {"case_manager": saved, "start_date": "2026-11-24"}
    refusal = desk.refusal(**edit, version=1)
    desk.saved(**edit, version=refusal.version)
    assert desk.row(saved).end_date is None


@pytest.mark.parametrize("version", [None, 7])
def test_a_form_that_says_no_version_that_was_changed_is_asked_to_save_again(
    desk: Desk, version: int | None
) -> None:
    saved = desk.saved().case_manager
    assert words(desk, case_manager=saved, version=version, start_date="2026-11-24") == (
        "This form does not say on which version it was opened. What you typed is still here: save again."
    )


def test_who_edits_what_was_removed_is_told_by_whom_and_why(desk: Desk) -> None:
    saved = desk.saved().case_manager
    desk.remove(saved, reason="Entered for the wrong child.", actor=ANN)
    assert words(desk, case_manager=saved, version=1) == (
        "Ann Berg removed this case manager on Sun 22 Nov, 12:00 pm. "
        "The reason given: Entered for the wrong child. "
        "What you typed is still here; add a new one if it is still needed."
    )


def test_a_removal_without_a_reason_is_told_without_one(desk: Desk) -> None:
    saved = desk.saved().case_manager
    desk.remove(saved)
    assert "The reason given" not in words(desk, case_manager=saved, version=1)
