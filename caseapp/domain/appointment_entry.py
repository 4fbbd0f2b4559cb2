"""What somebody typed into the appointment form, and its reading into values."""

import re
from collections.abc import Container, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from caseapp.domain import words
from caseapp.domain.appointment import APPOINTMENT_STATUSES, Appointment, AppointmentStatus
from caseapp.domain.entry_reader import EntryReader
from caseapp.domain.finding import Finding
from caseapp.domain.weekly import MAX_SESSIONS, instant_at, weekly_days

MAX_MINUTES = 1440
LABELS = {"start_date": "start date", "until": "date until which it is repeated"}
_TIME = re.compile(r"(\d{1,2}):(\d{2})(?::(\d{2}))?\s*([ap]m)?", re.ASCII | re.IGNORECASE)
_MINUTES = re.compile(r"\d{1,9}", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class AppointmentEntry:
    """The fields of the form as texts; dates as YYYY-MM-DD, the time as HH:MM in the practice's zone.

    `until` empty is one session alone, else one a week through that day.
    """

    service_line: str = ""
    start_date: str = ""
    start_time: str = ""
    minutes: str = ""
    clinician: str = ""
    status: str = "scheduled"
    billable: bool = False
    until: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadAppointment:
    """An entry's values where they could be read, and what could not be.

    `starts` are the instants of the sessions, earliest first, in UTC; empty where they cannot be told.
    """

    service_line: str
    clinician: str
    starts: tuple[datetime, ...]
    minutes: int
    status: AppointmentStatus
    billable: bool
    until: date | None
    findings: tuple[Finding, ...]

    def sessions(self) -> tuple[Appointment, ...]:
        """The appointments that the entry asks for."""
        return tuple(
            Appointment(
                service_line=self.service_line,
                starts_at=starts_at,
                status=self.status,
                billable=self.billable,
                clinician=self.clinician or None,
            )
            for starts_at in self.starts
        )


def read_entry(
    entry: AppointmentEntry,
    zone: ZoneInfo,
    *,
    lines: Container[str],
    clinicians: Container[str],
    stored_start: datetime | None = None,
) -> ReadAppointment:
    """Read the texts; every finding is an error beside its field.

    `lines` and `clinicians` are the codes and numbers that the practice knows. `stored_start` is where an
    edited session stands: typed unchanged it stays, also in an hour that the clocks show twice.
    """
    texts = {field.name: str(getattr(entry, field.name)).strip() for field in fields(entry)}
    reader = EntryReader(texts, LABELS)
    _choose(reader, "service_line", lines, "the service line", required=True)
    start = reader.day("start_date", required="Enter the start date.")
    at = _time(reader)
    minutes = _minutes(reader)
    _choose(reader, "clinician", clinicians, "the clinician")
    _choose(reader, "status", APPOINTMENT_STATUSES, "the status", required=True)
    until = reader.day("until")
    starts: tuple[datetime, ...] = ()
    days = _days(reader, start, until)
    if at is not None and days:
        starts = _starts(reader, days, at, zone, stored_start)
    status: AppointmentStatus = next((s for s in APPOINTMENT_STATUSES if s == texts["status"]), "scheduled")
    return ReadAppointment(
        service_line=texts["service_line"],
        clinician=texts["clinician"],
        starts=starts,
        minutes=minutes,
        status=status,
        billable=entry.billable,
        until=until,
        findings=tuple(reader.findings),
    )


def _choose(
    reader: EntryReader, field: str, known: Container[str], label: str, *, required: bool = False
) -> None:
    typed = reader.texts[field]
    if not typed and required:
        reader.refuse("required", field, f"Choose {label}.")
    elif typed and typed not in known:
        sentence = f"“{typed[:40]}” is not known here. Choose {label} from the list."
        reader.refuse("unknown_choice", field, sentence)


def _time(reader: EntryReader) -> time | None:
    """9:05, 09:05, 09:05:00 or 9:05 am."""
    typed = reader.texts["start_time"]
    if not typed:
        reader.refuse("required", "start_time", "Enter the start time.")
        return None
    match = _TIME.fullmatch(typed)
    hour, minute, second = (int(match[part] or 0) for part in (1, 2, 3)) if match else (24, 0, 0)
    if match and match[4]:
        hour = hour % 12 + (12 if match[4].lower() == "pm" else 0) if 1 <= hour <= 12 else 24
    if hour > 23 or minute > 59 or second > 59:
        sentence = "The start time is not a time of day. Enter it as hours and minutes, for example 14:30."
        reader.refuse("invalid_time", "start_time", sentence)
        return None
    return time(hour, minute, second)


def _minutes(reader: EntryReader) -> int:
    typed = reader.texts["minutes"]
    number = int(typed) if _MINUTES.fullmatch(typed) else 0
    if 1 <= number <= MAX_MINUTES:
        return number
    if typed:
        sentence = f"The length is a whole number of minutes from 1 to {MAX_MINUTES}, for example 60."
        reader.refuse("invalid_minutes", "minutes", sentence)
    else:
        reader.refuse("required", "minutes", "Enter the length in minutes.")
    return 0


def _days(reader: EntryReader, start: date | None, until: date | None) -> list[date]:
    if start is None or (until is None and reader.texts["until"]):
        return []
    if until is None:
        return [start]
    days = weekly_days(start, until)
    else_words = "Enter a later day, or leave it empty for one session."
    reader.in_order("start_date", start, "until", until, else_words)
    if len(days) > MAX_SESSIONS:
        reader.refuse(
            "too_many_sessions",
            "until",
            f"At most {MAX_SESSIONS} weekly sessions are made at once. "
            f"Repeat until {words.day(days[MAX_SESSIONS - 1])} at the latest, and add the rest later.",
        )
        return []
    return days


def _starts(
    reader: EntryReader, days: Sequence[date], at: time, zone: ZoneInfo, stored_start: datetime | None
) -> tuple[datetime, ...]:
    if stored_start is not None:
        local = stored_start.astimezone(zone)
        if (local.date(), local.time().replace(microsecond=0)) == (days[0], at):
            return (stored_start,)
    starts = [(day, instant_at(day, at, zone)) for day in days]
    skipped = [day for day, instant in starts if instant is None]
    if skipped:
        shown = f"{at.hour % 12 or 12}:{at.minute:02d} {'am' if at.hour < 12 else 'pm'}"
        mend = "another time" if len(days) == 1 else "another time, or repeat until an earlier day"
        sentence = f"The clocks go forward on {words.day(skipped[0])} and skip {shown}. Choose {mend}."
        reader.refuse("no_such_time", "start_time", sentence)
        return ()
    return tuple(instant for _, instant in starts if instant is not None)
