"""The plan of a hand-over as it is shown, in a fixed number of statements."""

from datetime import date, timedelta

import pytest
from sqlalchemy import Engine, update
from sqlalchemy.orm import Session

from caseapp.domain.actor import LOCAL_USER
from caseapp.domain.hand_over import LineEntry
from caseapp.models import CaseManager, begin_write
from caseapp.usecases.hand_over_facts import MOST
from caseapp.usecases.hand_over_plan import open_plan
from tests import builders
from tests.conftest import NOW
from tests.statements import counted
from tests.usecases.hand_over_desk import HandOverDesk, a_hand_over_desk, changed
from tests.usecases.save_desk import ANN, PRACTICE


@pytest.fixture
def hand(session: Session) -> HandOverDesk:
    return a_hand_over_desk(session)


def test_each_line_has_its_successors_ranked_and_the_best_proposed(hand: HandOverDesk) -> None:
    plan = hand.plan()

    assert [line.client_name for line in plan.lines] == ["Harper, Milo", "Hartmann, Lea"]
    assert [line.entry.successor for line in plan.lines] == [hand.desk.jo.key, hand.kim.key]
    assert [line.earliest for line in plan.lines] == ["Tue 1 Dec", "Tue 1 Dec"]
    assert [words for _, words in plan.lines[1].could] == [
        "Kim Zed, BCBA · 0 clients",
        "Jo Park, BCBA · 1 client",
    ]
    assert [(r.name, r.given, r.before, r.over) for r in plan.receivers] == [
        ("Jo Park", 1, 0, False),
        ("Kim Zed", 1, 0, False),
    ]
    assert not plan.refused


def test_a_full_caseload_is_said_and_comes_last(hand: HandOverDesk) -> None:
    session = hand.session
    full = builders.a_clinician(session, ["ST"], [hand.desk.aetna], first_name="Al", caseload_limit=0)
    builders.an_appointment(session, hand.milo, NOW - timedelta(days=3), "OT", full, status="completed")

    milo, lea = hand.plan().lines

    assert milo.could[0] == (full.key, "Al Okafor, BCBA · saw the client · 0 of 0 clients, full")
    assert lea.could[-1][0] == full.key
    assert [w.code for w in milo.warnings] == ["caseload_full"]
    assert hand.plan().receivers[0].over


def test_one_that_begins_after_the_last_day_is_among_them(hand: HandOverDesk) -> None:
    client = builders.a_client(hand.session, ["ST"], last_name="Zuniga")
    builders.a_case_manager(hand.session, client, "ST", hand.desk.mei, start_date=date(2027, 1, 10))

    assert [line.period for line in hand.plan().lines] == [
        "from 1 Dec 2026",
        "from 1 Dec 2026",
        "from 10 Jan 2027",
    ]


def test_an_absence_leaves_out_what_begins_after_it_and_says_who_comes_back(hand: HandOverDesk) -> None:
    client = builders.a_client(hand.session, ["ST"], last_name="Zuniga")
    builders.a_case_manager(hand.session, client, "ST", hand.desk.mei, start_date=date(2027, 3, 1))

    assert [line.period for line in hand.plan(hand.away()).lines] == [
        "1 Dec 2026 to 28 Feb 2027, then Mei Lindqvist again"
    ] * 2


def test_lines_that_need_nobody_any_more_are_not_in_the_plan(hand: HandOverDesk) -> None:
    session, mei = hand.session, hand.desk.mei
    gone = builders.a_client(session, ["ST"], status="discharged")
    builders.a_case_manager(session, gone, "ST", mei)
    builders.a_case_manager(
        session, builders.a_client(session, ["ST"]), "ST", mei, end_date=date(2026, 11, 30)
    )
    builders.a_case_manager(session, builders.a_client(session, ["ST"]), "ST", mei, removed_at=NOW)

    assert len(hand.plan().lines) == 2


def test_where_nobody_could_follow_it_says_why_and_the_earliest_safe_date(hand: HandOverDesk) -> None:
    session = hand.session
    other = builders.a_payor(session, name="Cigna")
    client = builders.a_client(session, ["ST"], last_name="Abbott")
    builders.a_funding_source(session, client, other)
    builders.a_case_manager(session, client, "ST", hand.desk.mei)

    first = hand.plan().lines[0]
    assert first.why == "2 others practise ST: two are not enrolled with Cigna."
    assert (first.take, first.earliest, first.entry.successor) == ("", "", "")

    builders.an_enrollment(session, hand.kim, other, start_date=date(2026, 12, 15))
    first = hand.plan().lines[0]
    assert first.take == f"{first.key} {hand.kim.key} 2026-12-15"
    assert first.take_words == "Kim Zed from Tue 15 Dec"


def test_what_was_typed_stands_and_is_judged(hand: HandOverDesk) -> None:
    milo, lea = hand.lines()
    typed = (changed(milo, successor="nobody"), changed(lea, start_date="2026-12-05"))

    plan = hand.plan(lines=typed)

    assert [line.entry for line in plan.lines] == list(typed)
    assert [f.code for f in plan.lines[0].errors] == ["unknown_choice"]
    assert plan.lines[0].told("successor")
    assert plan.lines[0].other == "nobody (not known)"
    assert plan.refused


def test_a_line_that_came_since_is_marked_as_new(hand: HandOverDesk) -> None:
    plan = hand.plan(lines=hand.lines()[:1])

    assert [line.is_new for line in plan.lines] == [False, True]
    assert not plan.refused


def test_anothers_change_is_told_on_its_line_and_the_rest_stays(hand: HandOverDesk) -> None:
    typed = hand.to((hand.of_milo, hand.kim), (hand.of_lea, hand.kim))
    hand.desk.saved(
        hand.desk.mei,
        case_manager=hand.of_lea.public_id,
        version=1,
        start_date="2020-01-01",
        end_date="2027-01-31",
        actor=ANN,
    )

    milo, lea = hand.plan(lines=typed).lines

    assert milo.errors == ()
    assert [f.code for f in lea.of_the_line] == ["conflict"]
    assert lea.of_the_line[0].message.startswith("Ann Berg changed this case manager on Sun 22 Nov")
    assert "end date from open to 31 Jan 2027" in lea.of_the_line[0].message
    assert (lea.entry.successor, lea.entry.version) == (hand.kim.key, 2)


def test_a_line_without_its_version_is_told(hand: HandOverDesk) -> None:
    (line,) = hand.to((hand.of_milo, hand.kim))

    plan = hand.plan(lines=[changed(line, version=None)])

    assert [f.code for f in plan.lines[0].errors] == ["conflict"]


def test_what_was_removed_ended_or_given_away_since_is_told_with_what_was_typed(hand: HandOverDesk) -> None:
    desk = hand.desk
    third, fourth = (builders.a_client(hand.session, ["ST"], last_name=f"Z{n}") for n in "ab")
    of_third = builders.a_case_manager(hand.session, third, "ST", desk.mei)
    of_fourth = builders.a_case_manager(hand.session, fourth, "ST", desk.mei)
    typed = [
        *hand.to((hand.of_lea, hand.kim), (hand.of_milo, hand.kim)),
        LineEntry(case_manager=of_third.public_id, version=1, leave_out=True, reason="moves away"),
        LineEntry(case_manager=of_fourth.public_id, version=1, leave_out=True),
    ]
    desk.remove(hand.of_lea.public_id, reason="wrong client", actor=ANN)
    begin_write(hand.session)
    for row, values in (
        (hand.of_milo, {"clinician_id": desk.jo.id}),
        (of_third, {"end_date": date(2026, 11, 25)}),
    ):
        hand.session.execute(update(CaseManager).where(CaseManager.id == row.id).values(**values))
    hand.session.commit()

    plan = hand.plan(lines=typed)

    told = {line.key: (line.message, line.typed) for line in plan.gone}
    assert told[hand.of_lea.public_id][0].startswith("Ann Berg removed this case manager on Sun 22 Nov")
    assert told[hand.of_lea.public_id][1] == "You had chosen Kim Zed from 2026-12-01."
    assert told[hand.of_milo.public_id][0].startswith("Jo Park is the case manager by now")
    assert told[of_third.public_id] == (
        "Mei Lindqvist ends here on Wed 25 Nov by now: there is nothing to hand over.",
        "You had left it out: moves away",
    )
    assert of_fourth.public_id not in told
    assert plan.refused


def test_what_begins_only_after_the_absence_by_now_is_told(hand: HandOverDesk) -> None:
    typed = [
        LineEntry(case_manager=hand.of_lea.public_id, version=1, leave_out=True),
        LineEntry(case_manager=hand.of_milo.public_id, version=1),
    ]
    begin_write(hand.session)
    hand.session.execute(update(CaseManager).values(start_date=date(2027, 3, 1)))
    hand.session.commit()

    plan = hand.plan(hand.away(), typed)

    assert [line.message.split(" by now")[0] for line in plan.gone] == [
        "Mei Lindqvist begins here only after the absence"
    ] * 2
    assert [line.typed for line in plan.gone] == ["You had left it out.", ""]


def test_a_line_that_nobody_knows_is_an_error_of_the_form(hand: HandOverDesk) -> None:
    plan = hand.plan(lines=[LineEntry(case_manager="z" * 20, version=1)])

    assert [f.code for f in plan.errors] == ["unknown_line"]


def test_more_lines_than_a_part_holds_are_refused(hand: HandOverDesk) -> None:
    plan = hand.plan(lines=[LineEntry(case_manager=f"{n:020}", version=1) for n in range(MOST + 1)])

    assert [f.code for f in plan.errors] == ["too_many_lines"]


def test_without_any_line_the_plan_is_empty(hand: HandOverDesk) -> None:
    entry = hand.entry(clinician=hand.kim.public_id)

    plan = hand.plan(entry)

    assert plan.lines == ()
    assert plan.next is None


def test_what_cannot_be_meant_is_not_planned(hand: HandOverDesk) -> None:
    assert hand.not_understood(hand.entry(last_day="2026-11-21")) == ["last_day_past"]
    assert hand.not_understood(hand.entry(clinician="q" * 20)) == ["unknown_choice"]


def many(hand: HandOverDesk, number: int) -> None:
    for place in range(number):
        client = builders.a_client(hand.session, ["ST"], last_name=f"Abel{place:03}")
        builders.a_funding_source(hand.session, client, hand.desk.aetna)
        builders.a_case_manager(hand.session, client, "ST", hand.desk.mei)


def test_a_plan_is_parted_and_goes_on_behind_its_last_line(hand: HandOverDesk) -> None:
    many(hand, MOST)

    first = hand.plan()
    second = hand.plan(after=first.next or "")

    assert len(first.lines) == MOST
    assert [line.client_name for line in second.lines] == ["Harper, Milo", "Hartmann, Lea"]
    assert second.next is None
    assert len(hand.plan(after="q" * 20).lines) == MOST


def test_the_number_of_statements_does_not_grow_with_the_lines(hand: HandOverDesk, engine: Engine) -> None:
    def statements() -> int:
        hand.session.rollback()
        with counted(engine) as sent:
            open_plan(hand.session, LOCAL_USER, NOW, PRACTICE, hand.entry())
        return len(sent)

    few = statements()
    many(hand, 12)

    assert statements() == few <= 11
