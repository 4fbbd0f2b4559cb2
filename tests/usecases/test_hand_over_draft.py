"""Drafts keep what was typed, right or wrong, until they are applied or discarded."""

from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy.orm import Session

from caseapp.domain.actor import LOCAL_USER
from caseapp.usecases.hand_over_draft import (
    Draft,
    DraftRequest,
    discard_draft,
    drafts,
    open_draft,
    save_draft,
)
from caseapp.usecases.hand_over_facts import MOST
from caseapp.usecases.outcome import Refused, Saved, UnknownRecord
from tests.conftest import NOW
from tests.usecases.hand_over_desk import HandOverDesk, a_hand_over_desk, changed
from tests.usecases.save_desk import ANN


@pytest.fixture
def hand(session: Session) -> HandOverDesk:
    return a_hand_over_desk(session)


def kept(hand: HandOverDesk, lines: Any = None, **more: Any) -> Saved | Refused:
    lines = hand.lines() if lines is None else tuple(lines)
    hand.session.rollback()
    values = {"entry": hand.entry()} | more
    actor = values.pop("actor", LOCAL_USER)
    return save_draft(hand.session, actor, NOW, DraftRequest(lines=lines, **values))


def opened(hand: HandOverDesk, outcome: Saved | Refused) -> Draft:
    assert isinstance(outcome, Saved), outcome
    hand.session.rollback()
    return open_draft(hand.session, LOCAL_USER, outcome.public_id)


def codes(outcome: Saved | Refused) -> list[str]:
    assert isinstance(outcome, Refused), outcome
    return [finding.code for finding in outcome.errors]


def test_a_draft_keeps_everything_as_it_was_typed(hand: HandOverDesk) -> None:
    milo, lea = hand.lines()
    typed = (changed(milo, start_date="soon", successor="?"), changed(lea, leave_out=True, reason=" w "))

    draft = opened(hand, kept(hand, typed, set_last_day=True, after="x" * 20))

    assert draft.lines == typed
    assert draft.entry == hand.entry()
    assert (draft.set_last_day, draft.after, draft.version) == (True, "x" * 20, 1)
    assert hand.periods() == [(hand.desk.mei.key, "2020-01-01", None)]


def test_a_draft_without_lines_is_kept_too(hand: HandOverDesk) -> None:
    assert opened(hand, kept(hand, [])).lines == ()


def test_a_draft_is_replaced_on_its_version_alone(hand: HandOverDesk) -> None:
    first = opened(hand, kept(hand))
    milo, lea = hand.lines()

    second = opened(hand, kept(hand, [milo], draft=first.public_id, version=1, actor=ANN))
    told = kept(hand, [lea], draft=first.public_id, version=1)

    assert second.public_id == first.public_id
    assert (second.version, second.lines) == (2, (milo,))
    assert codes(told) == ["conflict"]
    assert isinstance(told, Refused)
    assert told.version == 2
    assert told.errors[0].message.startswith("Ann Berg changed this draft meanwhile.")


def test_pressed_twice_it_is_kept_once(hand: HandOverDesk) -> None:
    first, again = kept(hand, form_token="t"), kept(hand, form_token="t")

    assert isinstance(first, Saved)
    assert isinstance(again, Saved)
    assert first.public_id == again.public_id
    assert len(drafts(hand.session)) == 1


def test_what_nobody_knows_is_not_kept(hand: HandOverDesk) -> None:
    (milo, _) = hand.lines()
    unknown = changed(milo, case_manager="z" * 20)

    assert codes(kept(hand, [unknown])) == ["unknown_line"]
    assert codes(kept(hand, [changed(milo, case_manager=f"{n:020}") for n in range(MOST + 1)])) == [
        "too_many_lines"
    ]
    with pytest.raises(UnknownRecord):
        kept(hand, entry=replace(hand.entry(), clinician="z" * 20))
    with pytest.raises(UnknownRecord):
        kept(hand, draft="z" * 20)


def test_the_list_names_the_clinician_the_day_and_who_kept_it(hand: HandOverDesk) -> None:
    kept(hand)
    kept(hand, entry=hand.away(), actor=ANN)

    rows = {row.kind: row for row in drafts(hand.session)}

    assert (rows["leaving"].clinician_name, rows["leaving"].first) == ("Mei Lindqvist", "2026-11-30")
    assert (rows["absence"].first, rows["absence"].saved_by) == ("2026-12-01", "Ann Berg")
    assert {row.lines for row in rows.values()} == {2}


def test_a_discarded_draft_is_gone(hand: HandOverDesk) -> None:
    draft = opened(hand, kept(hand))
    hand.session.rollback()

    discard_draft(hand.session, LOCAL_USER, NOW, draft.public_id)

    assert drafts(hand.session) == []
    hand.session.rollback()
    with pytest.raises(UnknownRecord):
        discard_draft(hand.session, LOCAL_USER, NOW, draft.public_id)


def test_applying_takes_the_draft_away(hand: HandOverDesk) -> None:
    draft = opened(hand, kept(hand))

    hand.applied(draft.lines, draft.entry, draft=draft.public_id)

    assert drafts(hand.session) == []


def test_a_draft_that_went_stale_tells_its_lines_and_keeps_what_was_typed(hand: HandOverDesk) -> None:
    draft = opened(hand, kept(hand, hand.to((hand.of_lea, hand.kim), (hand.of_milo, hand.kim))))
    hand.applied(hand.to((hand.of_milo, hand.desk.jo)))

    plan = hand.plan(draft.entry, draft.lines)

    assert [line.message.split(":")[0] for line in plan.gone] == [
        "Mei Lindqvist ends here on Mon 30 Nov by now"
    ]
    assert [line.entry.successor for line in plan.lines] == [hand.kim.key]
