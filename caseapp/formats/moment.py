"""Cells that tell an instant."""

import re
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from caseapp.domain.dates import parse_date
from caseapp.formats.values import Remembering, shown

_MOMENT = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{1,6})?)?"
    r"(Z|[+-][0-9]{2}:[0-9]{2}(:[0-9]{2})?)?"
)


class Moment(Remembering):
    """An instant: ISO with an offset, or without one in the practice's zone. Values are UTC.

    An hour that comes twice when clocks go back is taken as the first; one that clocks jump over is refused.
    """

    def __init__(self, zone: ZoneInfo, *, required: bool = False) -> None:
        super().__init__(required=required)
        self.zone = zone

    def read(self, typed: str) -> datetime:
        try:
            if not _MOMENT.fullmatch(typed):
                raise ValueError(typed)
            told = datetime.fromisoformat(typed)
            instant = (told if told.tzinfo else told.replace(tzinfo=self.zone)).astimezone(UTC)
            local = instant.astimezone(self.zone)
            parse_date(local.date().isoformat())
        except (ValueError, OverflowError):
            raise ValueError(
                f"{shown(typed)} is not a date and time; write it like 2026-11-24T09:00."
            ) from None
        if told.tzinfo is None and local.replace(tzinfo=None) != told:
            raise ValueError(f"{shown(typed)} does not exist in {self.zone.key}: clocks go forward over it.")
        return instant

    def write(self, value: datetime | None) -> str:
        if value is None:
            return ""
        local = value.astimezone(self.zone)
        whole = not local.second and not local.microsecond
        return local.isoformat(timespec="minutes" if whole else "auto")
