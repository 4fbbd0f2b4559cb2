"""Judging a discharge and a readmission."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from caseapp.domain.appointment import Appointment
from caseapp.domain.client import ClientServiceLine
from caseapp.domain.client_status_entry import (
    DischargeEntry,
    DischargeJudgement,
    ReadmissionEntry,
    judge_discharge,
    judge_readmission,
    proposed_lines,
)

ZONE = ZoneInfo("America/New_York")
TODAY = date(2026, 11, 22)
ABA = ClientServiceLine(service_line="ABA", start=date(2026, 1, 1))
ST = ClientServiceLine(service_line="ST", start=date(2026, 12, 1))
OVER = ClientServiceLine(service_line="OT", start=date(2025, 1, 1), end=date(2025, 12, 31))
SESSION = Appointment(service_line="ABA", starts_at=datetime(2026, 11, 24, 14, tzinfo=UTC))


def discharged(entry: DischargeEntry, *sessions: Appointment) -> DischargeJudgement:
    return judge_discharge(entry, [ABA, ST, OVER], sessions, ZONE, TODAY)


def told(judgement: DischargeJudgement) -> list[tuple[str | None, str]]:
    return [(finding.field, finding.code) for finding in judgement.errors]


def test_the_chosen_lines_end_on_the_last_day() -> None:
    judgement = discharged(DischargeEntry(last_day="2026-11-20", service_lines=("ABA",)))

    assert judgement.errors == ()
    assert judgement.ended == (ABA,)


def test_a_last_day_before_the_last_session_is_refused_unless_it_may_stay() -> None:
    entry = DischargeEntry(last_day="2026-11-22", service_lines=("ABA",))

    assert told(discharged(entry, SESSION)) == [("last_day", "sessions_after")]
    left = discharged(
        DischargeEntry(last_day="2026-11-22", service_lines=("ABA",), leave_sessions=True), SESSION
    )
    assert left.errors == ()
    assert left.left == (SESSION,)
    assert told(discharged(DischargeEntry(last_day="2026-11-24", service_lines=("ABA",)), SESSION)) == []


def test_all_that_is_wrong_is_told_at_once() -> None:
    entry = DischargeEntry(last_day="2026-11-22", service_lines=("ST", "YOGA"))

    assert told(discharged(entry, SESSION)) == [
        ("service_lines", "unknown_choice"),
        ("last_day", "end_before_start"),
        ("last_day", "sessions_after"),
    ]
    assert told(discharged(DischargeEntry())) == [("last_day", "required")]


def test_a_day_to_come_is_refused_where_nothing_ends_on_it() -> None:
    assert told(discharged(DischargeEntry(last_day="2026-12-24"))) == [("last_day", "in_future")]


def test_a_readmission_opens_lines_anew() -> None:
    entry = ReadmissionEntry(start_date="2026-11-22", service_lines=("OT", "ABA", "YOGA"))

    judgement = judge_readmission(entry, {"ABA": "ABA", "OT": "OT"}, [ABA, OVER])

    assert [line.service_line for line in judgement.opened] == ["OT"]
    assert [(f.field, f.code) for f in judgement.errors] == [
        ("start_date", "overlap"),
        ("service_lines", "unknown_choice"),
    ]


def test_a_date_that_two_lines_lack_is_asked_for_once() -> None:
    entry = ReadmissionEntry(service_lines=("OT", "ABA"))

    judgement = judge_readmission(entry, {"ABA": "ABA", "OT": "OT"}, [OVER])

    assert [(f.field, f.code) for f in judgement.errors] == [("start_date", "required")]


def test_without_lines_no_date_is_needed() -> None:
    assert judge_readmission(ReadmissionEntry(), {}, []).errors == ()


def test_the_lines_that_ended_last_are_proposed() -> None:
    assert proposed_lines([ABA, OVER], TODAY) == ["OT"]
    assert proposed_lines([ABA], TODAY) == []
