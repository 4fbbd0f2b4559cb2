from datetime import UTC, date, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st

from caseapp.domain.appointment import Appointment
from caseapp.domain.case_manager_rules import blocking
from caseapp.domain.client import CaseManager, ClientFacts, ClientServiceLine
from caseapp.domain.clinician import Clinician
from caseapp.domain.notice import Notice, breaks_notice, judge_notice, previous_case_manager
from caseapp.domain.period import Period
from caseapp.domain.practice import Practice
from tests.domain.clock_changes import ZONES, changes
from tests.domain.strategies import days, in_another_order, instants, timelines

ONE_DAY = timedelta(days=1)
NEW_YORK = Practice(ZoneInfo("America/New_York"))
MEI = Clinician(number="mei")
# Phoenix never changes its clock: its days are tried where its neighbours' change.
WITHOUT_CHANGE = (date(2026, 3, 8), date(2026, 11, 1))


def a_client(*starts: datetime, opened: date = date(2019, 1, 1), **values: object) -> ClientFacts:
    """Receives ST since `opened`, with a session at each instant."""
    line = ClientServiceLine(service_line="ST", start=opened)
    return ClientFacts(
        service_lines=(line,),
        appointments=tuple(Appointment(service_line="ST", starts_at=instant) for instant in starts),
        **values,  # type: ignore[arg-type]  # tuples of the facts, as the tests name them
    )


def at(text: str) -> datetime:
    """An instant of New York."""
    return datetime.fromisoformat(text).replace(tzinfo=NEW_YORK.zone).astimezone(UTC)


def start_on(day: str, facts: ClientFacts, **more: object) -> Notice:
    return judge_notice(facts, "ST", Period(start=date.fromisoformat(day)), NEW_YORK, **more)  # type: ignore[arg-type]


def managed(start: str, end: str | None, name: str = "before") -> CaseManager:
    return CaseManager(
        id=name,
        service_line="ST",
        clinician=MEI,
        start=date.fromisoformat(start),
        end=date.fromisoformat(end) if end else None,
    )


@cache
def begins(day: date, zone: ZoneInfo) -> datetime:
    """The first quarter hour of UTC that lies on a day of the zone, found by looking at each."""
    instant = datetime(day.year, day.month, day.day, tzinfo=UTC) - timedelta(hours=16)
    while instant.astimezone(zone).date() != day:
        instant += timedelta(minutes=15)
    return instant


@pytest.mark.parametrize("name", ZONES)
def test_elapsed_time_decides_around_every_clock_change_of_2020_to_2035(name: str) -> None:
    practice = Practice(ZoneInfo(name))
    for change in changes(practice.zone) or WITHOUT_CHANGE:
        for quarter in range(-24 * 4, 3 * 24 * 4, 2):
            first = begins(change, practice.zone) + timedelta(minutes=15 * quarter)
            client = a_client(first)
            for start in (change + timedelta(days=n) for n in range(-2, 3)):
                notice = judge_notice(client, "ST", Period(start=start), practice)
                assert notice.met == (first - begins(start, practice.zone) >= timedelta(hours=24))


@pytest.mark.parametrize("name", ZONES)
def test_the_latest_start_is_the_last_accepted_around_every_clock_change(name: str) -> None:
    practice = Practice(ZoneInfo(name))
    for change in changes(practice.zone) or WITHOUT_CHANGE:
        for quarter in range(-24 * 4, 3 * 24 * 4, 2):
            first = begins(change, practice.zone) + timedelta(minutes=15 * quarter)
            client = a_client(first)
            latest = judge_notice(
                client, "ST", Period(start=change + timedelta(days=9)), practice
            ).latest_start
            assert latest is not None
            assert judge_notice(client, "ST", Period(start=latest), practice).met
            assert not judge_notice(client, "ST", Period(start=latest + ONE_DAY), practice).met


def test_there_are_two_clock_changes_a_year_and_none_in_phoenix() -> None:
    # A change at midnight itself touches two days.
    assert len(changes(ZoneInfo("America/New_York"))) == len(changes(ZoneInfo("Europe/Berlin"))) == 32
    assert len(changes(ZoneInfo("Australia/Lord_Howe"))) == 32
    assert changes(ZoneInfo("America/Phoenix")) == ()


@pytest.mark.parametrize("hours", [1, 24, 48, 72])
@pytest.mark.parametrize("minutes", [-1, 0])
def test_the_practice_sets_the_hours(hours: int, minutes: int) -> None:
    practice = Practice(NEW_YORK.zone, timedelta(hours=hours))
    first = at("2026-06-10T00:00") + timedelta(hours=hours, minutes=minutes)
    notice = judge_notice(a_client(first), "ST", Period(start=date(2026, 6, 10)), practice)
    assert notice.met == (minutes == 0)


def test_without_any_session_there_is_nothing_to_be_before() -> None:
    assert start_on("2026-11-23", a_client()) == Notice()


def test_a_client_who_does_not_receive_the_line_has_no_first_appointment() -> None:
    client = a_client(at("2026-11-24T09:00"), opened=date(2027, 6, 1))
    assert start_on("2026-11-24", client) == Notice()


def test_a_successor_may_start_on_any_day_also_one_with_a_session() -> None:
    client = a_client(at("2026-11-24T09:00"), case_managers=(managed("2026-01-01", "2026-11-23"),))
    assert start_on("2026-11-24", client).met


def test_after_a_gap_the_first_session_since_it_began_decides() -> None:
    client = a_client(
        at("2026-10-01T09:00"), at("2026-11-24T09:00"), case_managers=(managed("2026-01-01", "2026-11-20"),)
    )
    assert start_on("2026-11-23", client).met
    late = start_on("2026-11-24", client)
    assert late.first is not None
    assert late.first.starts_at == at("2026-11-24T09:00")
    assert late.latest_start == date(2026, 11, 23)


def test_where_24_hours_before_would_fall_on_the_predecessor_the_day_after_them_is_told() -> None:
    client = a_client(at("2026-11-24T09:00"), case_managers=(managed("2026-01-01", "2026-11-23"),))
    assert start_on("2026-11-26", client).latest_start == date(2026, 11, 24)


def test_where_the_line_opens_too_near_its_first_session_an_earlier_start_is_told() -> None:
    client = a_client(at("2026-11-24T09:00"), opened=date(2026, 11, 24))
    assert start_on("2026-11-24", client).latest_start == date(2026, 11, 23)


def test_where_a_chain_leads_before_the_first_date_no_date_would_do() -> None:
    client = a_client(at("1900-01-01T09:00"), opened=date(1900, 1, 1))
    assert start_on("1900-01-01", client).latest_start is None


def test_what_was_knowingly_left_no_longer_decides() -> None:
    client = a_client(at("2026-11-02T09:00"), at("2026-11-24T09:00"))
    assert not start_on("2026-11-20", client).met
    assert start_on("2026-11-20", client, counted_from=at("2026-11-19T00:00")).met


def test_the_predecessor_is_who_ended_last_before_the_start() -> None:
    early, late = managed("2026-01-01", "2026-01-31", "early"), managed("2026-03-01", "2026-03-31", "late")
    client = ClientFacts(case_managers=(late, early, managed("2026-06-01", None, "open")))
    start = date(2026, 4, 10)
    assert previous_case_manager(client, "ST", start, None) == late
    assert previous_case_manager(client, "ST", start, "late") == early
    assert previous_case_manager(client, "ST", date(2026, 3, 31), None) == early
    assert previous_case_manager(client, "ABA", start, None) is None


def accepted(client: ClientFacts, period: Period, counted_from: datetime | None) -> bool:
    """As far as dates go: the line is open, nobody else shares a day, and the notice is met."""
    return (
        client.period_for("ST", period.start) is not None
        and not blocking(client, "ST", period, None)
        and judge_notice(client, "ST", period, NEW_YORK, counted_from=counted_from).met
    )


@settings(max_examples=1500)
@given(timelines(), days(60), st.none() | st.integers(0, 30), st.none() | st.none() | instants(60))
def test_the_latest_start_is_the_last_that_would_be_accepted(
    client: ClientFacts, start: date, length: int | None, counted_from: datetime | None
) -> None:
    end = None if length is None else start + timedelta(days=length)
    period = Period(start=start, end=end)
    notice = judge_notice(client, "ST", period, NEW_YORK, counted_from=counted_from)
    if notice.met or blocking(client, "ST", period, None):
        return
    event("judged")
    earlier = (start - timedelta(days=n) for n in range(1, 200))
    latest = next(
        (day for day in earlier if accepted(client, Period(start=day, end=end), counted_from)), None
    )
    assert notice.latest_start == latest


@given(timelines(), st.data(), days(60))
def test_neither_the_order_of_the_facts_nor_the_short_way_changes_the_answer(
    client: ClientFacts, data: st.DataObject, start: date
) -> None:
    period = Period(start=start)
    notice = judge_notice(client, "ST", period, NEW_YORK)
    assert judge_notice(data.draw(in_another_order(client)), "ST", period, NEW_YORK) == notice
    assert breaks_notice(client, "ST", period, NEW_YORK) == notice.breaking
