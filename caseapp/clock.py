"""The only place that reads a clock. Use-cases and rules are told the time."""

from datetime import UTC, date, datetime

from caseapp.config import Settings, current_settings


def now(settings: Settings | None = None) -> datetime:
    """This instant in UTC, or the one that CASEAPP_NOW holds still."""
    settings = settings or current_settings()
    return settings.now or datetime.now(UTC)


def today(settings: Settings | None = None) -> date:
    """The calendar day of `now` in the practice's time zone."""
    settings = settings or current_settings()
    return now(settings).astimezone(settings.zone).date()
