"""One scheduled session of a client in a service line."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

AppointmentStatus = Literal["scheduled", "completed", "no_show", "cancelled"]
APPOINTMENT_STATUSES: tuple[AppointmentStatus, ...] = ("scheduled", "completed", "no_show", "cancelled")


@dataclass(frozen=True, slots=True, kw_only=True)
class Appointment:
    """`starts_at` is an aware instant, `clinician` a clinician's number where known."""

    service_line: str
    starts_at: datetime
    status: AppointmentStatus = "scheduled"
    billable: bool = True
    clinician: str | None = None

    @property
    def counted(self) -> bool:
        """Billable and not cancelled."""
        return self.billable and self.status != "cancelled"
