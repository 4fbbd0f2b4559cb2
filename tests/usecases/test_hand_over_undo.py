"""A hand-over is undone as one, while nothing later depends on it."""

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from caseapp.domain.actor import LOCAL_USER
from caseapp.models import CaseManager, Clinician, begin_write
from caseapp.usecases.hand_over_applied import applied, open_applied
from caseapp.usecases.outcome import UnknownRecord
from tests import builders
from tests.conftest import NOW
from tests.usecases.hand_over_desk import HandOverDesk, a_hand_over_desk, changed
from tests.usecases.save_desk import ANN, PRACTICE
from tests.usecases.test_visibility import clinician

LATER = NOW + timedelta(days=20)


@pytest.fixture
def hand(session: Session) -> HandOverDesk:
    return a_hand_over_desk(session)


def standing(hand: HandOverDesk) -> list[Any]:
    """What is exported of the case managers that stand."""
    return [
        (
            row.client_id,
            row.service_line_id,
            row.clinician_id,
            row.start_date,
            row.end_date,
            row.for_clinician_id,
        )
        for row in hand.desk.rows()
        if row.removed_at is None
    ]


def test_everything_stands_again_as_it_was(hand: HandOverDesk) -> None:
    later = builders.a_client(hand.session, ["ST"], last_name="Zuniga")
    builders.a_case_manager(hand.session, later, "ST", hand.desk.mei, start_date=date(2027, 1, 10))
    before = standing(hand)
    saved = hand.applied(set_last_day=True)
    assert standing(hand) != before

    undone = hand.undone(saved.public_id, actor=ANN)

    assert undone.message.startswith("Undone: hand-over from Mei Lindqvist to ")
    assert undone.message.endswith(", 3 clients. All is as it was before.")
    assert standing(hand) == before
    assert hand.last_day_of_mei() is None


def test_the_undoing_is_a_batch_of_its_own(hand: HandOverDesk) -> None:
    saved = hand.applied()
    hand.undone(saved.public_id, actor=ANN)
    event = hand.events()[-1]
    rows = [e for e in hand.desk.events() if e.batch_id == event.id]

    assert (event.action, event.entity_id, event.actor) == ("undo", saved.public_id, "Ann Berg")
    assert sorted(row.action for row in rows) == ["end", "end", "remove", "remove"]
    removed = [row for row in hand.desk.rows() if row.removed_at is not None]
    assert {row.removed_reason for row in removed} == {"The hand-over was undone."}


def test_undoing_again_answers_the_same_and_writes_nothing(hand: HandOverDesk) -> None:
    saved = hand.applied()
    first = hand.undone(saved.public_id)
    before = hand.everything()

    assert hand.undone(saved.public_id) == first
    assert hand.everything() == before


def test_an_absence_is_undone_like_any_other(hand: HandOverDesk) -> None:
    before = standing(hand)
    saved = hand.applied(entry=hand.away())

    hand.undone(saved.public_id)

    assert standing(hand) == before


def test_a_case_manager_that_was_changed_since_hinders(hand: HandOverDesk) -> None:
    saved = hand.applied(hand.to((hand.of_lea, hand.kim), (hand.of_milo, hand.kim)))
    added = hand.desk.rows()[-1]
    owner = hand.desk.lea if added.client_id == hand.desk.lea.id else hand.milo
    hand.desk.saved(
        hand.kim,
        client=owner,
        case_manager=added.public_id,
        version=1,
        start_date="2026-12-01",
        end_date="2027-05-31",
        actor=ANN,
    )

    (told,) = hand.hindered(saved.public_id)

    assert "Ann Berg changed the case managers of this line since on Sun 22 Nov" in told


def test_a_later_case_manager_hinders(hand: HandOverDesk) -> None:
    hand.desk.saved(
        hand.desk.mei,
        case_manager=hand.of_lea.public_id,
        version=1,
        start_date="2020-01-01",
        end_date="2027-01-31",
    )
    lines = [changed(line, version=2) for line in hand.to((hand.of_lea, hand.kim))]
    saved = hand.applied(lines)
    hand.desk.saved(hand.desk.jo, start_date="2027-02-01")

    (told,) = hand.hindered(saved.public_id)

    assert told.startswith("Hartmann, Lea, ST: Local user changed the case managers of this line since")


def test_one_that_was_removed_since_hinders(hand: HandOverDesk) -> None:
    saved = hand.applied(hand.to((hand.of_lea, hand.kim)))
    added = hand.desk.rows()[-1]
    hand.desk.remove(added.public_id)

    assert len(hand.hindered(saved.public_id)) == 1


def test_a_row_that_changed_without_an_event_hinders(hand: HandOverDesk) -> None:
    saved = hand.applied(hand.to((hand.of_lea, hand.kim)))
    begin_write(hand.session)
    hand.session.execute(update(CaseManager).where(CaseManager.id == hand.of_lea.id).values(version=9))
    hand.session.commit()

    assert hand.hindered(saved.public_id) == [
        "Hartmann, Lea, ST: Somebody changed the case managers of this line since."
    ]


def test_an_imported_case_manager_hinders(hand: HandOverDesk) -> None:
    saved = hand.applied(hand.to((hand.of_lea, hand.kim)), hand.away())
    begin_write(hand.session)
    hand.session.execute(
        update(CaseManager)
        .where(CaseManager.client_id == hand.desk.lea.id, CaseManager.start_date == date(2027, 3, 1))
        .values(recorded_at=LATER)
    )
    hand.session.commit()

    assert hand.hindered(saved.public_id) == [
        "Hartmann, Lea, ST: Somebody changed the case managers of this line since."
    ]


def test_sessions_to_come_do_not_hinder(hand: HandOverDesk) -> None:
    saved = hand.applied()
    hand.desk.session_on("2026-12-03T09:00", "ST")

    hand.undone(saved.public_id)


def test_a_session_covered_by_the_successor_hinders_with_their_name(hand: HandOverDesk) -> None:
    saved = hand.applied()
    for text in ("2026-11-29T09:00", "2026-12-03T09:00"):
        hand.desk.session_on(text, "ST")

    before = hand.everything()
    case = open_applied(hand.session, LOCAL_USER, LATER, PRACTICE, saved.public_id)
    (told,) = [finding.message for finding in case.hindered]

    assert (
        told
        == "Hartmann, Lea, ST: Kim Zed has covered 1 session since. End or change the case manager instead."
    )
    assert hand.everything() == before


def test_a_changed_number_hinders(hand: HandOverDesk) -> None:
    saved = hand.applied()
    begin_write(hand.session)
    hand.session.execute(update(Clinician).where(Clinician.id == hand.desk.mei.id).values(number="NEW"))
    hand.session.commit()

    assert hand.hindered(saved.public_id) == [
        "A clinician of this hand-over has another number since. Put the number back first, then undo."
    ]


def test_another_last_day_that_was_set_since_stays(hand: HandOverDesk) -> None:
    saved = hand.applied(set_last_day=True)
    begin_write(hand.session)
    hand.session.execute(
        update(Clinician).where(Clinician.id == hand.desk.mei.id).values(active_to=date(2026, 12, 18))
    )
    hand.session.commit()
    hand.desk.refresh(hand.desk.lea, hand.milo)

    hand.undone(saved.public_id)

    assert hand.last_day_of_mei() == date(2026, 12, 18)


def test_an_unknown_hand_over_is_not_undone(hand: HandOverDesk) -> None:
    with pytest.raises(UnknownRecord):
        hand.undo("z" * 20)


def test_one_that_touches_somebody_elses_client_is_not_there_for_a_clinician(hand: HandOverDesk) -> None:
    saved = hand.applied()
    hand.session.rollback()

    with pytest.raises(UnknownRecord):
        open_applied(hand.session, clinician(hand.kim), NOW, PRACTICE, saved.public_id)


def test_the_list_tells_each_in_words_and_what_was_undone(hand: HandOverDesk) -> None:
    assert applied(hand.session) == []
    first = hand.applied(hand.to((hand.of_lea, hand.kim)))
    hand.undone(first.public_id)
    second = hand.applied(hand.to((hand.of_milo, hand.kim)), actor=ANN)

    rows = applied(hand.session)

    assert [(row.public_id, row.undone, row.by) for row in rows] == [
        (second.public_id, False, "Ann Berg"),
        (first.public_id, True, "local user"),
    ]
    assert rows[0].text == "Hand-over from Mei Lindqvist to Kim Zed, 1 client"


def test_one_hand_over_is_told_line_by_line(hand: HandOverDesk) -> None:
    milo, lea = hand.lines(hand.away())
    saved = hand.applied([milo, changed(lea, leave_out=True, reason="moves")], hand.away())
    hand.session.rollback()

    case = open_applied(hand.session, LOCAL_USER, NOW, PRACTICE, saved.public_id)

    assert [line.text for line in case.lines] == [
        "Mei Lindqvist ends on 30 Nov 2026",
        "Jo Park from 1 Dec 2026 to 28 Feb 2027",
        "Mei Lindqvist from 1 Mar 2027",
    ]
    assert [(line.client_name, line.text) for line in case.left_out] == [("Hartmann, Lea", "moves")]
    assert case.hindered == ()
    assert case.clinician == hand.desk.mei.public_id
