"""The 24-hour rule: a case manager starts at least 24 hours before the first appointment.

Source: docs/domain.md, *The 24-hour rule*.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime

from caseapp.domain.appointment import Appointment
from caseapp.domain.client import CaseManager, ClientFacts
from caseapp.domain.dates import FIRST_DATE, ONE_DAY, day_of, first_instant
from caseapp.domain.period import Period
from caseapp.domain.practice import Practice


@dataclass(frozen=True, slots=True)
class Notice:
    """How a start date stands to the first appointment.

    `first` is the appointment that decides (None: none does), `breaking` those from which the start is
    less than the notice away, earliest first, and `latest_start` the latest date that would do.
    """

    first: Appointment | None = None
    breaking: tuple[Appointment, ...] = ()
    latest_start: date | None = None

    @property
    def met(self) -> bool:
        return not self.breaking


def previous_case_manager(
    facts: ClientFacts, service_line: str, start: date, itself: str | None
) -> CaseManager | None:
    """P of the rule: the line's case manager whose last day is the latest before the start date."""
    earlier = [
        cm
        for cm in facts.case_managers
        if cm.service_line == service_line and cm.id != itself and cm.end is not None and cm.end < start
    ]
    return max(earlier, key=lambda cm: cm.last, default=None)


def judge_notice(
    facts: ClientFacts,
    service_line: str,
    period: Period,
    practice: Practice,
    *,
    itself: str | None = None,
    counted_from: datetime | None = None,
) -> Notice:
    """Judge one start date; `itself` is the public ID that an edit replaces.

    `counted_from` is set where past sessions were knowingly left: earlier appointments do not count.
    """
    notice = _judge(facts, service_line, period, practice, itself, counted_from)
    if notice.first is None:
        return notice
    latest = _latest_start(facts, service_line, period, practice, itself, counted_from, notice.first)
    return replace(notice, latest_start=latest)


def breaks_notice(
    facts: ClientFacts,
    service_line: str,
    period: Period,
    practice: Practice,
    *,
    itself: str | None = None,
    counted_from: datetime | None = None,
) -> tuple[Appointment, ...]:
    """The appointments that break the rule, without looking for a better date: for the coverage gaps."""
    return _judge(facts, service_line, period, practice, itself, counted_from).breaking


def _judge(
    facts: ClientFacts,
    service_line: str,
    period: Period,
    practice: Practice,
    itself: str | None,
    counted_from: datetime | None,
) -> Notice:
    previous = previous_case_manager(facts, service_line, period.start, itself)
    if previous is not None and previous.last + ONE_DAY == period.start:
        return Notice()
    episode = facts.period_for(service_line, period.start)
    if episode is None:
        return Notice()
    first_day = episode.start if previous is None else max(episode.start, previous.last + ONE_DAY)
    last_day = min(episode.last, period.last)
    counted = sorted(
        (
            appointment
            for appointment in facts.appointments
            if appointment.service_line == service_line
            and appointment.counted
            and (counted_from is None or appointment.starts_at >= counted_from)
            and first_day <= day_of(appointment.starts_at, practice.zone) <= last_day
        ),
        key=lambda appointment: appointment.starts_at,
    )
    if not counted:
        return Notice()
    in_time_from = first_instant(period.start, practice.zone) + practice.notice
    return Notice(counted[0], tuple(a for a in counted if a.starts_at < in_time_from))


def _latest_start(
    facts: ClientFacts,
    service_line: str,
    period: Period,
    practice: Practice,
    itself: str | None,
    counted_from: datetime | None,
    first: Appointment,
) -> date | None:
    """The latest start date that the form would accept as far as dates go, None where no date would do."""
    deciding, asked = first, period.start
    # Each turn is decided by an earlier appointment than the last, so there is a last turn.
    while True:
        candidate = day_of(deciding.starts_at - practice.notice, practice.zone)
        previous = previous_case_manager(facts, service_line, asked, itself)
        if previous is not None and candidate <= previous.last:
            candidate = previous.last + ONE_DAY
        if candidate < FIRST_DATE or facts.period_for(service_line, candidate) is None:
            return None
        tried = Period(start=candidate, end=period.end)
        if any(
            cm.service_line == service_line and cm.id != itself and cm.start < asked and cm.overlaps(tried)
            for cm in facts.case_managers
        ):
            return None
        found = _judge(facts, service_line, tried, practice, itself, counted_from)
        if found.first is None or found.met:
            return candidate
        deciding, asked = found.first, candidate
