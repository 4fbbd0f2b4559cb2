from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from caseapp.domain.appointment_entry import AppointmentEntry, ReadAppointment, read_entry

ZONE = ZoneInfo("America/New_York")
TYPED: dict[str, Any] = {
    "service_line": "ABA",
    "start_date": "2026-11-24",
    "start_time": "09:00",
    "minutes": "60",
    "clinician": "S1",
    "billable": True,
}


def read(stored_start: datetime | None = None, **typed: Any) -> ReadAppointment:
    entry = AppointmentEntry(**(TYPED | typed))
    return read_entry(entry, ZONE, lines={"ABA"}, clinicians={"S1"}, stored_start=stored_start)


def told(**typed: Any) -> list[tuple[str | None, str]]:
    return [(finding.field, finding.code) for finding in read(**typed).findings]


def test_a_session_is_read() -> None:
    found = read()

    assert found.findings == ()
    assert found.starts == (datetime(2026, 11, 24, 14, tzinfo=UTC),)
    assert (found.minutes, found.status, found.billable) == (60, "scheduled", True)
    (session,) = found.sessions()
    assert (session.service_line, session.clinician, session.counted) == ("ABA", "S1", True)


def test_nobody_may_be_named_yet() -> None:
    assert read(clinician="").sessions()[0].clinician is None


def test_everything_that_is_missing_is_told_at_once() -> None:
    nothing = dict.fromkeys(
        ("service_line", "start_date", "start_time", "minutes", "clinician", "status"), ""
    )

    assert told(**nothing) == [
        ("service_line", "required"),
        ("start_date", "required"),
        ("start_time", "required"),
        ("minutes", "required"),
        ("status", "required"),
    ]


@pytest.mark.parametrize(
    ("field", "typed", "code"),
    [
        ("service_line", "OT", "unknown_choice"),
        ("clinician", "S2", "unknown_choice"),
        ("status", "lost", "unknown_choice"),
        ("start_date", "2026-02-30", "invalid_date"),
        ("start_date", "1899-12-31", "invalid_date"),
        ("start_time", "25:00", "invalid_time"),
        ("start_time", "13:00 pm", "invalid_time"),
        ("start_time", "nine", "invalid_time"),
        ("start_time", "٠٩:٠٠", "invalid_time"),
        ("minutes", "0", "invalid_minutes"),
        ("minutes", "1441", "invalid_minutes"),
        ("minutes", "-5", "invalid_minutes"),
        ("minutes", "1.5", "invalid_minutes"),
        ("minutes", "9" * 200, "invalid_minutes"),
        ("until", "soon", "invalid_date"),
        ("until", "2026-11-23", "end_before_start"),
        ("until", "2028-01-18", "too_many_sessions"),
        ("until", "2100-12-31", "too_many_sessions"),
    ],
)
def test_what_cannot_be_is_told_in_one_sentence_beside_its_field(field: str, typed: str, code: str) -> None:
    assert told(**{field: typed}) == [(field, code)]


@pytest.mark.parametrize(
    ("typed", "hour"),
    [("9:00", 14), ("09:00:00", 14), ("9:00 am", 14), ("1:00PM", 18), ("12:00 am", 5), ("12:00 pm", 17)],
)
def test_times_are_read_as_people_write_them(typed: str, hour: int) -> None:
    assert read(start_time=typed).starts == (datetime(2026, 11, 24, hour, tzinfo=UTC),)


def test_a_series_keeps_its_local_time_over_the_change_of_the_clocks() -> None:
    found = read(start_date="2026-10-27", until="2026-11-10")

    assert [start.hour for start in found.starts] == [13, 14, 14]
    assert found.until == date(2026, 11, 10)


def test_sixty_sessions_are_made_at_once() -> None:
    assert len(read(until="2028-01-17").starts) == 60


def test_a_time_that_the_clocks_skip_is_told_and_nothing_is_made() -> None:
    found = read(start_date="2027-03-07", start_time="02:30", until="2027-03-21")

    assert found.starts == ()
    (finding,) = found.findings
    assert (finding.field, finding.code) == ("start_time", "no_such_time")
    assert finding.message == (
        "The clocks go forward on 14 Mar 2027 and skip 2:30 am. "
        "Choose another time, or repeat until an earlier day."
    )


def test_a_time_that_the_clocks_show_twice_is_the_first() -> None:
    assert read(start_date="2026-11-01", start_time="01:30").starts == (
        datetime(2026, 11, 1, 5, 30, tzinfo=UTC),
    )


def test_an_edit_leaves_the_second_of_two_equal_times_where_it_stands() -> None:
    second = datetime(2026, 11, 1, 6, 30, tzinfo=UTC)

    assert read(second, start_date="2026-11-01", start_time="01:30").starts == (second,)
    assert read(second, start_date="2026-11-01", start_time="01:45").starts[0].hour == 5
