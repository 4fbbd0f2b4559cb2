"""Collects the records of the demonstration practice: clients with their lines, payors and sessions."""

from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from caseapp.usecases import demo_staff

Record = dict[str, Any]

PAST_DAYS = 91
COMING_DAYS = 28
# Children come before and after school first, then around noon.
HOURS = (15, 9, 16, 10, 17, 14, 11, 8, 13, 12)
MINUTES = {"ABA": 120, "ST": 45, "OT": 45, "PT": 45, "MH": 50}


class Book:
    """Days are counted from today: -30 is a month ago. Everything is the same whenever it is made."""

    def __init__(self, today: date, now: datetime, zone: ZoneInfo) -> None:
        self.today = today
        self.now = now
        self.zone = zone
        self.records: dict[str, list[Record]] = {
            "service_lines": demo_staff.service_lines(),
            "payors": demo_staff.payors(),
            "clinicians": demo_staff.clinicians(today),
            "enrollments": demo_staff.enrollments(today),
            "leaves": demo_staff.leaves(today),
            "clients": [],
            "client_service_lines": [],
            "funding_sources": [],
            "case_managers": [],
            "appointments": [],
        }
        self._slots: Counter[tuple[str, int]] = Counter()

    def day(self, number: int | None) -> date | None:
        return None if number is None else self.today + timedelta(days=number)

    def client(
        self, last_name: str, first_name: str, *, preferred: str = "", status: str = "active"
    ) -> "Chart":
        place = len(self.records["clients"])
        number = f"C-{10_201 + 7 * place}"
        self.records["clients"].append(
            {
                "client_number": number,
                "last_name": last_name,
                "first_name": first_name,
                "preferred_name": preferred or None,
                "date_of_birth": self.day(-1_200 - place * 397 % 4_900),
                "status": status,
                "external_id": f"demo-{place + 1:03d}",
            }
        )
        return Chart(self, number, place)

    def slot(self, clinician: str, weekday: int) -> time:
        """The next free hour of a clinician on a weekday."""
        taken = self._slots[clinician, weekday]
        self._slots[clinician, weekday] += 1
        round_, place = divmod(taken, len(HOURS))
        first = (3 * int(clinician[-2:]) + 2 * weekday) % len(HOURS)
        return time(HOURS[(first + place) % len(HOURS)], 30 * (round_ % 2))


class Chart:
    """One client's records."""

    def __init__(self, book: Book, number: str, place: int) -> None:
        self.book = book
        self.number = number
        self.place = place

    def line(self, code: str, start: int, end: int | None = None) -> "Chart":
        return self._add("client_service_lines", service_line=code, start_date=start, end_date=end)

    def paid_by(self, payor: str, start: int, end: int | None = None, priority: str = "primary") -> "Chart":
        return self._add(
            "funding_sources",
            payor_id=payor,
            priority=priority,
            start_date=start,
            end_date=end,
            member_id=f"M{self.place + 1:03d}{len(payor)}{ord(payor[0])}",
        )

    def managed_by(
        self, clinician: str, code: str, start: int, end: int | None = None, interim_for: str | None = None
    ) -> "Chart":
        return self._add(
            "case_managers",
            clinician_number=clinician,
            service_line=code,
            start_date=start,
            end_date=end,
            for_clinician_number=interim_for,
        )

    def seen_by(
        self,
        clinicians: Sequence[str],
        code: str,
        start: int = -PAST_DAYS,
        end: int = COMING_DAYS,
        *,
        weekday: int | None = None,
        smoothly: bool = False,
    ) -> "Chart":
        """A session each week, by the clinicians in turn; unless `smoothly`, some fall out."""
        weekday = (self.place * 3 + len(code) + ord(code[0])) % 5 if weekday is None else weekday
        hour = self.book.slot(clinicians[0], weekday)
        numbers = (n for n in range(max(start, -PAST_DAYS), min(end, COMING_DAYS) + 1))
        held = [n for n in numbers if (self.book.today + timedelta(days=n)).weekday() == weekday]
        for count, number in enumerate(held, self.place):
            self._session(
                clinicians[count % len(clinicians)], code, number, hour, None if smoothly else count
            )
        return self

    def session(self, clinician: str, code: str, number: int) -> "Chart":
        """A single session on a day."""
        self._session(clinician, code, number, time(9), None)
        return self

    def _session(self, clinician: str, code: str, number: int, hour: time, luck: int | None) -> None:
        starts_at = datetime.combine(self.book.today + timedelta(days=number), hour, self.book.zone)
        status = "completed" if starts_at < self.book.now else "scheduled"
        if luck is not None and luck % 13 == 5:
            status = "cancelled"
        elif luck is not None and luck % 19 == 7 and status == "completed":
            status = "no_show"
        appointments = self.book.records["appointments"]
        appointments.append(
            {
                "appointment_number": f"A-{100_001 + len(appointments)}",
                "client_number": self.number,
                "service_line": code,
                "clinician_number": clinician,
                "starts_at": starts_at,
                "minutes": MINUTES[code],
                "status": status,
                "billable": luck is None or luck % 23 != 11,
            }
        )

    def _add(self, table: str, *, start_date: int, end_date: int | None, **values: Any) -> "Chart":
        period = {"start_date": self.book.day(start_date), "end_date": self.book.day(end_date)}
        self.book.records[table].append({"client_number": self.number} | values | period)
        return self
