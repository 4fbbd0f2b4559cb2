"""Reading and judging what is typed of a client's service line."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from caseapp.domain.appointment import Appointment
from caseapp.domain.client import CaseManager, ClientServiceLine
from caseapp.domain.client_service_line_entry import (
    ServiceLineEntry,
    ServiceLineJudgement,
    ended_with,
    entry_of,
    judge_service_line,
    left_behind,
    removal_finding,
    sessions_after,
    told_of,
)
from caseapp.domain.clinician import Clinician

ZONE = ZoneInfo("America/New_York")
TODAY = date(2026, 11, 22)
KNOWN = {"ABA": "Applied Behavior Analysis", "ST": "Speech Therapy"}
PRIYA = Clinician(number="K-1", first_name="Priya", last_name="Natarajan")


def line(start: str, end: str = "", code: str = "ABA") -> ClientServiceLine:
    last = date.fromisoformat(end) if end else None
    return ClientServiceLine(service_line=code, start=date.fromisoformat(start), end=last)


def judged(
    *others: ClientServiceLine, code: str = "ABA", start: str = "", end: str = ""
) -> ServiceLineJudgement:
    return judge_service_line(
        ServiceLineEntry(service_line=code, start_date=start, end_date=end), KNOWN, others
    )


def session(day: int, code: str = "ABA", status: str = "scheduled") -> Appointment:
    starts_at = datetime(2026, 11, day, 9, tzinfo=ZONE).astimezone(UTC)
    return Appointment(service_line=code, starts_at=starts_at, status=status)  # type: ignore[arg-type]  # as given


def manager(start: str, end: str = "", code: str = "ABA") -> CaseManager:
    period = line(start, end)
    return CaseManager(id="x", service_line=code, clinician=PRIYA, start=period.start, end=period.end)


def test_a_service_line_and_a_start_date_are_enough() -> None:
    judgement = judged(start="2026-11-01")

    assert judgement.errors == ()
    assert judgement.period == line("2026-11-01")
    assert entry_of(line("2026-11-01")) == ServiceLineEntry(service_line="ABA", start_date="2026-11-01")
    assert told_of(line("2026-11-01"))["end_date"] is None


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ({"code": ""}, [("service_line", "required"), ("start_date", "required")]),
        ({"code": "YOGA", "start": "2026-11-01"}, [("service_line", "unknown_choice")]),
        (
            {"start": "tomorrow", "end": "2026-99-01"},
            [("start_date", "invalid_date"), ("end_date", "invalid_date")],
        ),
        ({"start": "2026-11-02", "end": "2026-11-01"}, [("end_date", "end_before_start")]),
    ],
)
def test_all_that_is_wrong_is_told_at_once(typed: dict[str, str], told: list[tuple[str, str]]) -> None:
    assert [(f.field, f.code) for f in judged(**typed).errors] == told


@pytest.mark.parametrize(
    ("other", "words"),
    [
        (line("2026-01-01"), "Edit that one, or end it first."),
        (line("2026-01-01", "2026-11-01"), "Start after 1 Nov 2026, or edit that one."),
        (line("2026-12-01"), "End this one before 1 Dec 2026, or edit that one."),
    ],
)
def test_two_periods_of_one_line_share_no_day(other: ClientServiceLine, words: str) -> None:
    (finding,) = judged(other, start="2026-11-01").errors

    assert (finding.field, finding.code) == ("start_date", "overlap")
    assert finding.message.endswith(words)


def test_adjoining_periods_and_those_of_other_lines_may_stand() -> None:
    assert (
        judged(line("2026-01-01", "2026-10-31"), line("2026-01-01", code="ST"), start="2026-11-01").errors
        == ()
    )


def test_only_counted_sessions_of_the_line_after_the_last_day_are_left_behind() -> None:
    sessions = [session(24), session(22), session(25, "ST"), session(26, status="cancelled")]

    left = sessions_after(sessions, ["ABA"], TODAY, ZONE)

    assert left == [session(24)]
    assert [s.service_line for s in sessions_after(sessions, None, TODAY, ZONE)] == ["ABA", "ST"]


def test_a_last_day_before_the_last_session_names_that_session() -> None:
    one = left_behind("end_date", [session(24)], ZONE, TODAY)
    two = left_behind("last_day", [session(23), session(24)], ZONE, TODAY)

    assert one.message.startswith(
        "A session lies after this day: ABA on Tue 24 Nov, 9:00 am. Enter 24 Nov 2026"
    )
    assert two.message.endswith("cancel them first, or tick that they may stay.")
    assert two.message.startswith("2 sessions lie after this day, the last one ABA on Tue 24 Nov, 9:00 am.")
    assert (two.field, two.code) == ("last_day", "sessions_after")


def test_who_stands_on_the_last_day_and_would_go_on_ends_with_the_line() -> None:
    stands, over, later = manager("2026-01-01"), manager("2025-01-01", "2025-12-31"), manager("2026-12-01")
    other = manager("2026-01-01", code="ST")

    assert ended_with(line("2026-01-01"), [stands, over, later, other], TODAY) == [stands]


def test_a_line_with_a_case_manager_or_a_session_was_no_error() -> None:
    period = line("2026-01-01")
    held = removal_finding(period, [manager("2026-02-01")], [], ZONE, TODAY)
    met = removal_finding(period, [], [session(23), session(24)], ZONE, TODAY)

    assert held is not None
    assert held.message.startswith("Priya Natarajan is ABA case manager from 1 Feb 2026, within these days.")
    assert met is not None
    assert met.message.startswith("2 ABA sessions lie within these days, the last on Tue 24 Nov, 9:00 am.")
    assert (
        removal_finding(period, [manager("2025-02-01", "2025-12-31")], [session(23, "ST")], ZONE, TODAY)
        is None
    )
