"""When what is kept of a client's coverage is to be judged again.

Source: docs/domain.md, *Coverage gaps*.
"""

from datetime import date, timedelta

from caseapp.domain.client import ClientFacts
from caseapp.domain.coverage_day import HORIZON, LOOK_BACK, NEVER, CoverageDay
from caseapp.domain.coverage_judging import late_case_managers
from caseapp.domain.coverage_well import lines_asked
from caseapp.domain.dates import ONE_DAY, day_of


def next_turn(facts: ClientFacts, asked: CoverageDay) -> date | None:
    """The next day after the day asked on which the gaps of a client can differ, None where they never will.

    The rules compare the day asked with the first and last days of the facts' periods (`CoverageDay.turn`);
    with counted sessions 14 days before and on the day after; with the session for which a case manager
    starts too late, until 90 days are over; and interim cases are judged anew on the first of each month,
    and a day earlier than others, since their hand-over is asked of the day after.
    """
    turn, interim, unsettled = NEVER, False, False
    for period in (*facts.service_lines, *facts.funding_sources):
        turn = min(turn, asked.turn(period.start, period.end))
    for cm in facts.case_managers:
        turn = min(turn, asked.turn(cm.start, cm.end), asked.turn_of(cm.clinician))
        interim = interim or cm.for_clinician is not None
        unsettled = unsettled or (cm.start > asked.settled and cm.last >= asked.on)
    turn = min(turn, _turn_of_sessions(facts, asked))
    if unsettled:
        turn = min(turn, _turn_of_late_starts(facts, asked))
    if interim:
        turn = min(turn, (asked.on.replace(day=1) + timedelta(days=32)).replace(day=1))
        turn = min(turn, _turn_of_hand_overs(facts, asked))
    return None if turn == NEVER else turn


def _turn_of_hand_overs(facts: ClientFacts, asked: CoverageDay) -> date:
    """When a hand-over to a responsible clinician can differ: it is asked of the day after the one asked."""
    clinicians = [
        clinician for cm in facts.case_managers for clinician in (cm.clinician, cm.for_clinician) if clinician
    ]
    spans: list[tuple[date | None, date | None]] = [
        (p.start, p.end) for p in (*facts.service_lines, *facts.funding_sources, *facts.case_managers)
    ]
    for clinician in clinicians:
        spans.append((clinician.active_from, clinician.active_to))
        spans += [(enrollment.start, enrollment.end) for enrollment in clinician.enrollments]
    earlier = [tuple(day - ONE_DAY if day else None for day in span) for span in spans]
    return min((asked.turn(start, end) for start, end in (*spans, *earlier)), default=NEVER)


def lines_that_turn(facts: ClientFacts, asked: CoverageDay) -> set[str]:
    """The lines that are ever received or have a session within the horizon.

    Where there are none, the line of the first session behind it: none that a later day will ask is left out.
    """
    begin, end = asked.begin, asked.end
    lines = {line.service_line for line in facts.service_lines}
    lines |= {a.service_line for a in facts.appointments if begin <= a.starts_at < end and a.counted}
    if not lines:
        behind = [a for a in facts.appointments if a.starts_at >= end and a.counted]
        if behind:
            lines.add(min(behind, key=lambda a: a.starts_at).service_line)
    return lines


def _turn_of_sessions(facts: ClientFacts, asked: CoverageDay) -> date:
    """When the next one enters the horizon, or the first one leaves it."""
    begin, end = asked.begin, asked.end
    within = beyond = None
    for session in facts.appointments:
        starts_at = session.starts_at
        if starts_at < begin or not session.counted:
            continue
        if starts_at >= end:
            if beyond is None or starts_at < beyond:
                beyond = starts_at
        elif within is None or starts_at < within:
            within = starts_at
    zone, turn = asked.practice.zone, NEVER
    if within is not None:
        turn = day_of(within, zone) + ONE_DAY
    if beyond is not None:
        turn = min(turn, day_of(beyond, zone) - HORIZON)
    return max(turn, asked.on + ONE_DAY)


def _turn_of_late_starts(facts: ClientFacts, asked: CoverageDay) -> date:
    """When the session that decides is 90 days over; that it enters the horizon is a turn of sessions."""
    practice = asked.practice
    return min(
        (
            day_of(deciding.starts_at, practice.zone) + LOOK_BACK + ONE_DAY
            for line in lines_asked(facts, asked)
            for _, deciding in late_case_managers(facts, line, asked.on, practice)
        ),
        default=NEVER,
    )
