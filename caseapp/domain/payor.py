"""Who pays, and whether a clinician must be enrolled with them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Literal

from caseapp.domain.period import Period

PayorType = Literal["insurance", "regional_center", "school_district", "private_pay"]
Priority = Literal["primary", "secondary", "tertiary", "inactive"]
PAYOR_TYPES: tuple[PayorType, ...] = ("insurance", "regional_center", "school_district", "private_pay")
PRIORITIES: tuple[Priority, ...] = ("primary", "secondary", "tertiary", "inactive")


@dataclass(frozen=True, slots=True)
class Payor:
    """`code` is the practice's key; `requires_enrollment` is the setting, not yet the answer."""

    code: str
    name: str
    type: PayorType
    requires_enrollment: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class FundingSource(Period):
    """A client's payor over a period."""

    payor: Payor
    priority: Priority


def must_be_enrolled(payor: Payor) -> bool:
    """Insurance always; regional center and school district by their setting; private pay never."""
    if payor.type == "insurance":
        return True
    return payor.type != "private_pay" and payor.requires_enrollment


def primary_on(sources: Iterable[FundingSource], day: date) -> FundingSource | None:
    """The primary funding source of a day; the database keeps it to one."""
    for source in sources:
        if source.priority == "primary" and source.holds(day):
            return source
    return None


def others_on(sources: Iterable[FundingSource], day: date) -> list[FundingSource]:
    """The secondary and tertiary funding sources of a day, in this order."""
    return sorted(
        (source for source in sources if source.priority in ("secondary", "tertiary") and source.holds(day)),
        key=lambda source: (source.priority, source.start, source.payor.code),
    )
