"""Pressing Save twice saves once, with and without the form's token, one after another and at once."""

from threading import Barrier, Thread

import pytest
from sqlalchemy import Engine, update
from sqlalchemy.orm import Session

from caseapp.domain.actor import LOCAL_USER
from caseapp.models import Clinician, begin_write
from caseapp.usecases.case_manager import Saved, SaveRequest, save_case_manager
from caseapp.usecases.outcome import Refused
from tests import builders
from tests.conftest import NOW
from tests.usecases.save_desk import PRACTICE, Desk, a_desk


@pytest.fixture
def desk(session: Session) -> Desk:
    return a_desk(session)


@pytest.mark.parametrize("token", ["a-token", None])
def test_the_same_addition_again_answers_the_same_and_writes_nothing(desk: Desk, token: str | None) -> None:
    first = desk.saved(form_token=token)
    before = desk.stored()
    again = desk.saved(form_token=token)
    assert (again.case_manager, again.message) == (first.case_manager, first.message)
    assert again.again
    assert not first.again
    assert desk.stored() == before


@pytest.mark.parametrize("token", ["a-token", None])
def test_the_same_addition_that_ended_the_current_one_ends_nobody_again(
    desk: Desk, token: str | None
) -> None:
    builders.a_case_manager(desk.session, desk.lea, "ST", desk.jo)
    first = desk.saved(end_current=True, form_token=token)
    before = desk.stored()
    assert desk.saved(end_current=True, form_token=token).case_manager == first.case_manager
    assert desk.stored() == before


@pytest.mark.parametrize("token", ["a-token", None])
def test_the_same_edit_again_answers_the_same_and_writes_nothing(desk: Desk, token: str | None) -> None:
    saved = desk.saved().case_manager
    edit = {"case_manager": saved, "version": 1, "form_token": token, "end_date": "2027-01-31"}
    first = desk.saved(**edit)
    before = desk.stored()
    assert desk.saved(**edit).message == first.message
    assert desk.stored() == before
    assert desk.row(saved).version == 2


def test_it_answers_the_same_though_the_clinician_has_another_number_by_now(desk: Desk) -> None:
    first = desk.saved(form_token="a-token")
    begin_write(desk.session)
    desk.session.execute(update(Clinician).where(Clinician.id == desk.mei.id).values(number="K-77"))
    desk.session.commit()
    before = desk.stored()

    again = desk.saved(form_token="a-token")

    assert (again.case_manager, again.message) == (first.case_manager, "Saved.")
    assert desk.stored() == before


def test_a_form_that_was_saved_does_not_save_other_values_silently(desk: Desk) -> None:
    desk.saved(form_token="a-token")
    refusal = desk.refusal(desk.jo, form_token="a-token")
    assert [finding.code for finding in refusal.errors] == ["conflict"]
    assert refusal.errors[0].message == (
        "This form was saved already, with other values, and these were not saved. "
        "What you typed is still here: save again if it is wanted besides, or cancel to see what stands."
    )
    edited = desk.refusal(desk.jo, form_token="a-token", case_manager=desk.rows()[0].public_id, version=1)
    assert edited.version == 1


def test_the_token_of_another_clients_form_saves_nothing(desk: Desk) -> None:
    other = builders.a_client(desk.session, ["ST"])
    desk.saved(form_token="a-token")
    assert desk.refused(form_token="a-token", client=other) == ["conflict"]


def test_the_same_addition_of_what_was_removed_since_says_so(desk: Desk) -> None:
    saved = desk.saved(form_token="a-token").case_manager
    desk.remove(saved)
    before = desk.stored()
    again = desk.saved(form_token="a-token")
    assert again.message == "This was saved before and has been removed since. It stays in History."
    assert desk.stored() == before
    assert desk.saved().case_manager != saved


def at_once(engine: Engine, *requests: SaveRequest) -> list[Saved | Refused]:
    """Send the requests from threads of their own, as near to the same moment as can be."""
    start, answers = Barrier(len(requests)), dict[int, Saved | Refused]()

    def send(place: int, request: SaveRequest) -> None:
        with Session(engine) as session:
            start.wait(timeout=10)
            answers[place] = save_case_manager(session, LOCAL_USER, NOW, PRACTICE, request)

    threads = [Thread(target=send, args=each) for each in enumerate(requests)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    assert len(answers) == len(requests)
    return [answers[place] for place in sorted(answers)]


@pytest.mark.parametrize("token", ["a-token", None])
def test_the_same_addition_at_once_is_stored_once(desk: Desk, engine: Engine, token: str | None) -> None:
    desk.session.rollback()
    answers = at_once(engine, *[desk.request(form_token=token)] * 4)
    assert len({answer.case_manager for answer in answers if isinstance(answer, Saved)}) == 1
    assert all(isinstance(answer, Saved) for answer in answers)
    assert len(desk.rows()) == len(desk.events()) == 1


@pytest.mark.parametrize("token", ["a-token", None])
def test_the_same_edit_at_once_is_stored_once(desk: Desk, engine: Engine, token: str | None) -> None:
    saved = desk.saved().case_manager
    edit = desk.request(case_manager=saved, version=1, form_token=token, end_date="2027-01-31")
    answers = at_once(engine, edit, edit)
    assert all(isinstance(answer, Saved) for answer in answers)
    assert desk.row(saved).version == 2
    assert len(desk.events()) == 2


def test_of_two_who_want_the_same_days_at_once_one_is_told_of_the_other(desk: Desk, engine: Engine) -> None:
    desk.session.rollback()
    answers = at_once(engine, desk.request(desk.mei), desk.request(desk.jo))
    (refused,) = (answer for answer in answers if isinstance(answer, Refused))
    assert [finding.code for finding in refused.errors] == ["overlap"]
    assert len(desk.rows()) == 1
    assert desk.kept() == desk.recomputed()


def test_of_two_who_edit_at_once_the_second_is_told_what_the_first_did(desk: Desk, engine: Engine) -> None:
    saved = desk.saved().case_manager
    edits = [
        desk.request(case_manager=saved, version=1, end_date=end) for end in ("2027-01-31", "2027-02-28")
    ]
    answers = at_once(engine, *edits)
    (refused,) = (answer for answer in answers if isinstance(answer, Refused))
    assert [finding.code for finding in refused.errors] == ["conflict"]
    assert refused.version == 2
    assert desk.row(saved).version == 2
