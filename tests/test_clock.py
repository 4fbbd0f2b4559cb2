from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from flask import Flask

from caseapp import clock
from caseapp.config import Settings
from tests.databases import ONE_DATABASE


def test_now_is_an_instant_in_utc() -> None:
    now = clock.now(Settings.from_env({}))

    assert now.tzinfo is UTC
    assert abs(now - datetime.now(UTC)) < timedelta(minutes=1)


@pytest.mark.parametrize(
    ("zone", "day"),
    [("America/New_York", date(2026, 11, 22)), ("Australia/Lord_Howe", date(2026, 11, 23))],
)
def test_today_is_the_day_in_the_practices_zone(zone: str, day: date) -> None:
    settings = Settings.from_env({}, now=datetime(2026, 11, 23, 3, 0, tzinfo=UTC), zone=ZoneInfo(zone))

    assert clock.today(settings) == day


@ONE_DATABASE
@pytest.mark.settings(now=datetime(2026, 3, 8, 12, 0, tzinfo=UTC))
def test_inside_an_app_the_clock_is_that_of_its_settings(app: Flask) -> None:
    with app.app_context():
        assert clock.now() == datetime(2026, 3, 8, 12, 0, tzinfo=UTC)
        assert clock.today() == date(2026, 3, 8)
