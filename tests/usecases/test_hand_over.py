"""A hand-over is applied as a whole or not at all."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy.orm import Session

from caseapp.domain.finding import Finding
from tests import builders
from tests.usecases.hand_over_desk import HandOverDesk, a_hand_over_desk, changed
from tests.usecases.save_desk import ANN


@pytest.fixture
def hand(session: Session) -> HandOverDesk:
    return a_hand_over_desk(session)


def test_old_ones_end_new_ones_start_and_no_day_is_left(hand: HandOverDesk) -> None:
    saved = hand.applied()
    mei, jo, kim = hand.desk.mei.key, hand.desk.jo.key, hand.kim.key

    assert saved.message == "Handed over: 2 service lines from Mei Lindqvist to Jo Park and Kim Zed."
    assert hand.periods() == sorted([(mei, "2020-01-01", "2026-11-30"), (kim, "2026-12-01", None)])
    assert hand.periods(hand.milo) == sorted([(mei, "2020-01-01", "2026-11-30"), (jo, "2026-12-01", None)])


def test_all_of_it_is_one_batch_in_the_history(hand: HandOverDesk) -> None:
    saved = hand.applied(actor=ANN)
    (event,) = hand.events()
    rows = [e for e in hand.desk.events() if e.batch_id == event.id]

    assert (event.action, event.entity_id, event.actor) == ("apply", saved.public_id, "Ann Berg")
    assert event.subject_id == hand.desk.mei.public_id
    assert event.after["clients"] == 2
    assert event.after["successors"] == sorted([hand.desk.jo.key, hand.kim.key])
    assert sorted(row.action for row in rows) == ["add", "add", "end", "end"]
    assert {row.client_id for row in rows} == {hand.desk.lea.id, hand.milo.id}
    ended = next(row for row in rows if row.action == "end")
    assert (ended.before["end_date"], ended.after["end_date"]) == (None, "2026-11-30")
    assert (ended.before["version"], ended.after["version"]) == (1, 2)


def test_an_absence_comes_back(hand: HandOverDesk) -> None:
    hand.applied(entry=hand.away())
    mei, kim = hand.desk.mei.key, hand.kim.key

    assert hand.periods() == sorted(
        [
            (mei, "2020-01-01", "2026-11-30"),
            (kim, "2026-12-01", "2027-02-28"),
            (mei, "2027-03-01", None),
        ]
    )


def test_one_that_begins_later_passes_as_it_stands(hand: HandOverDesk) -> None:
    later = builders.a_client(hand.session, ["ST"], last_name="Zuniga")
    cm = builders.a_case_manager(hand.session, later, "ST", hand.desk.mei, start_date=date(2027, 1, 10))

    saved = hand.applied(hand.to((cm, hand.kim), start="2027-01-10"))

    assert hand.periods(later) == [(hand.kim.key, "2027-01-10", None)]
    assert [e.action for e in hand.desk.events() if e.entity == "case_manager"] == ["edit"]
    hand.undone(saved.public_id)
    assert hand.periods(later) == [(hand.desk.mei.key, "2027-01-10", None)]


def test_an_interim_stays_one(hand: HandOverDesk) -> None:
    client = builders.a_client(hand.session, ["ST"])
    cm = builders.a_case_manager(hand.session, client, "ST", hand.desk.mei, for_clinician_id=hand.kim.id)

    hand.applied(hand.to((cm, hand.desk.jo)))

    added = hand.desk.rows()[-1]
    assert (added.clinician_id, added.for_clinician_id) == (hand.desk.jo.id, hand.kim.id)


def test_a_line_left_out_stays_as_it_is_and_the_reason_is_kept(hand: HandOverDesk) -> None:
    milo, lea = hand.lines()

    hand.applied([milo, changed(lea, leave_out=True, reason=" is discharged soon ")])

    assert hand.periods() == [(hand.desk.mei.key, "2020-01-01", None)]
    assert hand.events()[0].after["left_out"] == [[lea.case_manager, "is discharged soon"]]


def test_one_wrong_line_keeps_all_from_being_applied(hand: HandOverDesk) -> None:
    milo, lea = hand.lines()

    for wrong in (
        {"successor": ""},
        {"successor": hand.desk.mei.key},
        {"start_date": "2026-11-01"},
        {"version": 7},
        {"leave_out": True},
    ):
        assert hand.refused([milo, changed(lea, **wrong)]) == []


def test_a_successor_who_leaves_next_week_is_refused(hand: HandOverDesk) -> None:
    soon = builders.a_clinician(hand.session, ["ST"], [hand.desk.aetna], active_to=date(2026, 12, 4))
    lines = hand.to((hand.of_lea, soon))

    assert hand.refused(lines) == []
    assert [f.code for f in hand.plan(lines=lines).lines[1].errors] == ["successor_leaves"]


def test_nothing_at_all_is_no_hand_over(hand: HandOverDesk) -> None:
    milo, lea = hand.lines()

    assert hand.refused([]) == ["nothing_to_hand_over"]
    out = [changed(line, leave_out=True, reason="x") for line in (milo, lea)]
    assert hand.refused(out) == ["nothing_to_hand_over"]


def test_days_that_cannot_be_meant_are_refused(hand: HandOverDesk) -> None:
    assert hand.refused(hand.lines(), hand.entry(last_day="2026-11-01")) == ["last_day_past"]
    assert hand.refused(hand.lines(), hand.entry(clinician="")) == ["required"]


def test_an_unknown_line_is_refused(hand: HandOverDesk) -> None:
    milo, _ = hand.lines()

    assert hand.refused([changed(milo, case_manager="z" * 20)]) == ["unknown_line"]


def test_pressed_twice_it_is_applied_once(hand: HandOverDesk) -> None:
    lines = hand.lines()
    first = hand.applied(lines, form_token="t1")
    before = hand.everything()

    again = hand.applied(lines, form_token="t1")

    assert again.public_id == first.public_id
    assert hand.everything() == before


def test_the_same_form_with_other_values_is_told_that_it_was_applied(hand: HandOverDesk) -> None:
    milo, lea = hand.lines()
    hand.applied([milo, lea], form_token="t1")

    assert hand.refused([milo, changed(lea, start_date="2026-12-09")], form_token="t1") == ["conflict"]


def test_what_somebody_else_changed_meanwhile_hinders_until_it_was_seen(hand: HandOverDesk) -> None:
    lines = hand.lines()
    hand.applied(hand.to((hand.of_milo, hand.kim)))

    assert hand.refused(lines) == []
    plan = hand.plan(lines=lines)
    assert [line.client_name for line in plan.gone] == ["Harper, Milo"]
    hand.applied([line.entry for line in plan.lines])


def test_the_last_day_is_set_with_it_where_none_is_known(hand: HandOverDesk) -> None:
    hand.applied(hand.to((hand.of_milo, hand.kim)), set_last_day=True)

    assert hand.last_day_of_mei() == date(2026, 11, 30)
    event = next(e for e in hand.desk.events() if e.entity == "clinician")
    assert (event.before["active_to"], event.after["active_to"]) == (None, "2026-11-30")
    assert event.subject_id == hand.desk.mei.public_id
    # Lea is not handed over: her findings know of the last day all the same.
    assert "clinician_leaves" in [finding[1] for finding in hand.desk.kept()]


def test_an_absence_sets_no_last_day(hand: HandOverDesk) -> None:
    hand.applied(hand.to((hand.of_milo, hand.kim)), hand.away(), set_last_day=True)
    assert hand.last_day_of_mei() is None


def test_a_caseload_that_becomes_too_large_is_said_once(hand: HandOverDesk) -> None:
    full = builders.a_clinician(hand.session, ["ST"], [hand.desk.aetna], first_name="Al", caseload_limit=1)

    saved = hand.applied(hand.to((hand.of_lea, full), (hand.of_milo, full)))

    assert [(w.code, w.message.split(":")[0]) for w in saved.warnings] == [
        ("caseload_full", "Harper, Milo, ST and 1 other")
    ]


def test_a_leave_of_the_successor_is_no_warning(hand: HandOverDesk) -> None:
    builders.a_leave(hand.session, hand.kim, start_date=date(2026, 12, 1), end_date=date(2026, 12, 9))

    assert hand.applied(hand.to((hand.of_lea, hand.kim))).warnings == ()


def test_of_many_warnings_the_first_are_told(hand: HandOverDesk) -> None:
    lines: list[Any] = []
    for number in range(4):
        who = builders.a_clinician(
            hand.session, ["ST"], [hand.desk.aetna], first_name=f"N{number}", active_to=date(2027, 6, 1)
        )
        client = builders.a_client(hand.session, ["ST"])
        builders.a_funding_source(hand.session, client, hand.desk.aetna)
        lines += hand.to((builders.a_case_manager(hand.session, client, "ST", hand.desk.mei), who))

    saved = hand.applied(lines)

    assert [w.code for w in saved.warnings] == ["clinician_leaves"] * 3 + ["more_warnings"]
    assert isinstance(saved.warnings[3], Finding)
    assert saved.warnings[3].message.startswith("1 more warning:")
