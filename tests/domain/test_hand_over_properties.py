"""Whoever is offered as successor can be saved, and whoever can be saved is offered."""

from datetime import date, datetime, time, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from caseapp.domain.client import CaseManager, ClientFacts
from caseapp.domain.clinician import Clinician
from caseapp.domain.dates import ONE_DAY
from caseapp.domain.hand_over import LineEntry, judge_line
from caseapp.domain.hand_over_entry import HandOver
from caseapp.domain.hand_over_prospects import prospects
from caseapp.domain.hand_over_steps import facts_after, starts_on, steps_of
from tests.domain.examples import PRACTICE
from tests.domain.strategies import WORLD, days, facts, staffs

NOW = datetime.combine(WORLD, time(12), PRACTICE.zone)
SPAN = [WORLD + timedelta(days=n) for n in range(-130, 400)]


def hand_overs(cm: CaseManager, first: date, away: int | None) -> HandOver:
    back_on = None if away is None else first + timedelta(days=away)
    return HandOver(clinician=cm.clinician, first=first, back_on=back_on, leaving=away is None)


def still_there(client: ClientFacts, hand_over_first: date) -> list[CaseManager]:
    return [cm for cm in client.case_managers if cm.last >= hand_over_first]


first_days = days(90).map(lambda day: max(day, WORLD))
absences = st.none() | st.integers(1, 90)


@settings(max_examples=150, deadline=None)
@given(client=facts(), staff=staffs(), first=first_days, away=absences)
def test_the_offered_are_just_those_who_can_be_saved(
    client: ClientFacts, staff: tuple[Clinician, ...], first: date, away: int | None
) -> None:
    for cm in still_there(client, first):
        hand_over = hand_overs(cm, first, away)
        start = starts_on(hand_over, cm)
        if hand_over.back_on is not None and start >= hand_over.back_on:
            continue
        practising = [c for c in staff if cm.service_line in c.service_lines]
        found = prospects(hand_over, cm, client, start, practising, {}, now=NOW, practice=PRACTICE)

        def saved(who: Clinician, day: date, cm: CaseManager = cm, over: HandOver = hand_over) -> bool:
            entry = LineEntry(case_manager=cm.id, successor=who.number, start_date=day.isoformat())
            judged = judge_line(over, cm, client, entry, who, now=NOW, practice=PRACTICE)
            return not judged.errors

        offered = {candidate.clinician.number for candidate in found.candidates}
        assert offered == {c.number for c in staff if saved(c, start)}
        if found.earliest is not None and found.then is not None:
            assert saved(found.then, found.earliest)


@settings(max_examples=150, deadline=None)
@given(client=facts(), staff=staffs(), first=first_days, away=absences, later=st.integers(0, 30))
def test_each_day_is_covered_as_before(
    client: ClientFacts, staff: tuple[Clinician, ...], first: date, away: int | None, later: int
) -> None:
    def cover(of: ClientFacts, line: str) -> list[int]:
        own = [cm for cm in of.case_managers if cm.service_line == line]
        return [sum(cm.holds(day) for cm in own) for day in SPAN]

    for cm in still_there(client, first):
        hand_over = hand_overs(cm, first, away)
        end = min(cm.last, hand_over.back_on - ONE_DAY if hand_over.back_on else date.max)
        start = starts_on(hand_over, cm)
        if start > end:
            continue
        start = min(start + timedelta(days=later), end)
        after = facts_after(client, steps_of(hand_over, cm, staff[0], start))

        assert cover(after, cm.service_line) == cover(client, cm.service_line)
