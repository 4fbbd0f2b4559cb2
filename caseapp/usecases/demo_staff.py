"""The demonstration practice: its service lines, payors and clinicians. All of it is invented."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from caseapp.domain.npi import npi_is_valid
from caseapp.domain.service_line import USUAL

Record = dict[str, Any]

BLUE, LANTERN, CEDAR = "BLUEMEADOW", "LANTERN", "CEDARSTATE"
HARBOR, NORTH, OAK, MAPLE, SELF = "HARBORLIGHT", "NORTHSTAR", "OAKVALE", "MAPLEHOLLOW", "SELFPAY"
PAYORS = {
    BLUE: ("Blue Meadow Health", "insurance", True),
    LANTERN: ("Lantern Mutual", "insurance", True),
    CEDAR: ("Cedar State Plan", "insurance", True),
    HARBOR: ("Harbor Light Regional Center", "regional_center", False),
    NORTH: ("North Star Regional Center", "regional_center", True),
    OAK: ("Oakvale School District", "school_district", True),
    MAPLE: ("Maple Hollow School District", "school_district", False),
    SELF: ("Private pay", "private_pay", False),
}
ENROLLING = (BLUE, LANTERN, CEDAR, NORTH, OAK)

# Number: last name, first name, credential, taxonomy, service lines, caseload limit.
CLINICIANS: dict[str, tuple[str, str, str, str, tuple[str, ...], int | None]] = {
    "K-01": ("Natarajan", "Priya", "BCBA", "103K00000X", ("ABA",), 12),
    "K-02": ("Vidal", "Tomás", "BCBA", "103K00000X", ("ABA",), 12),
    "K-03": ("Ashgrove", "Rowan", "BCBA-D", "103K00000X", ("ABA", "MH"), 10),
    "K-04": ("Larkspur", "June", "BCBA", "103K00000X", ("ABA",), 8),
    "K-05": ("Pebble", "Sandy", "RBT", "106S00000X", ("ABA",), None),
    "K-06": ("Lindqvist", "Mei", "CCC-SLP", "235Z00000X", ("ST",), 16),
    "K-07": ("Birch", "Jonah", "CCC-SLP", "235Z00000X", ("ST",), 16),
    "K-08": ("Quill", "Saffron", "SLPA", "2355S0801X", ("ST",), None),
    "K-09": ("Okafor", "Sam", "OTR/L", "225X00000X", ("OT",), 14),
    "K-10": ("Reyes-Holt", "Caspian", "OTR/L", "225X00000X", ("OT",), 14),
    "K-11": ("Frost", "Wilhelmina", "COTA", "224Z00000X", ("OT",), None),
    "K-12": ("Moor", "Bastian", "DPT", "225100000X", ("PT",), 12),
    "K-13": ("Calloway", "Inés", "PT", "225100000X", ("PT",), 6),
    "K-14": ("Fern", "Odalys", "LCSW", "1041C0700X", ("MH",), 12),
    "K-15": ("Grey", "Hollis", "PsyD", "103TC0700X", ("MH",), 6),
    "K-16": ("Wood", "Ansel", "CCC-SLP", "235Z00000X", ("ST",), 10),
}
ASSISTANTS = ("K-05", "K-08", "K-11")
WITHOUT_NPI = "K-15"


def days(today: date, number: int) -> date:
    return today + timedelta(days=number)


def service_lines() -> list[Record]:
    return [{"code": code, "name": name} for code, name in USUAL.items()]


def payors() -> list[Record]:
    return [
        {"payor_id": code, "name": name, "type": kind, "requires_enrollment": requires}
        for code, (name, kind, requires) in PAYORS.items()
    ]


def clinicians(today: date) -> list[Record]:
    return [
        {
            "clinician_number": number,
            "last_name": last_name,
            "first_name": first_name,
            "credential": credential,
            "npi": None if number == WITHOUT_NPI else _npi(place),
            "taxonomy_code": taxonomy,
            "service_lines": lines,
            "may_be_case_manager": number not in ASSISTANTS,
            "active_from": days(today, -60 if number == "K-04" else -1900 + 40 * place),
            "active_to": {"K-13": days(today, 40), "K-16": days(today, -9)}.get(number),
            "caseload_limit": limit,
            "email": f"{number.lower()}@example.org",
        }
        for place, (number, (last_name, first_name, credential, taxonomy, lines, limit)) in enumerate(
            CLINICIANS.items()
        )
    ]


def _npi(place: int) -> str:
    """A number that passes the check and is nobody's on purpose."""
    return next(npi for digit in range(10) if npi_is_valid(npi := f"1900001{place:02d}{digit}"))


def enrollments(today: date) -> list[Record]:
    return [
        {"clinician_number": clinician, "payor_id": payor} | standing
        for clinician in CLINICIANS
        if clinician not in ASSISTANTS
        for payor in ENROLLING
        for standing in _standings(clinician, payor, today)
    ]


def _standings(clinician: str, payor: str, today: date) -> Iterator[Record]:
    """Enrolled for years, but for a few who show every other standing."""
    approved = {"status": "approved", "start_date": days(today, -1400)}
    match clinician, payor:
        case ("K-04", "BLUEMEADOW") | ("K-04", "NORTHSTAR"):
            yield {"status": "in_process", "applied_on": days(today, -20)}
        case "K-04", "LANTERN":
            yield {"status": "approved", "applied_on": days(today, -45)}
        case "K-04", _:
            yield {"status": "not_started"}
        case ("K-07", "CEDARSTATE") | ("K-01", "CEDARSTATE"):
            yield {"status": "denied", "applied_on": days(today, -200)}
        case "K-10", "LANTERN":
            yield approved | {"status": "terminated", "end_date": days(today, -40)}
        case "K-09", "LANTERN":
            yield approved | {"end_date": days(today, 25)}
        case "K-02", "BLUEMEADOW":
            # Enrolled again without a break, as payors do every few years.
            yield approved | {"end_date": days(today, -300)}
            yield {"status": "approved", "start_date": days(today, -299), "end_date": days(today, 800)}
        case _:
            yield approved


def leaves(today: date) -> list[Record]:
    periods = (
        ("K-14", -3, 4, "Conference"),
        ("K-01", 12, 23, "Vacation"),
        ("K-06", -60, -47, "Vacation"),
        ("K-09", 30, None, "Parental leave"),
    )
    return [
        {
            "clinician_number": clinician,
            "start_date": days(today, start),
            "end_date": None if end is None else days(today, end),
            "note": note,
        }
        for clinician, start, end, note in periods
    ]


def is_enrolled(clinician: str, payor: str) -> bool:
    """Whether a line of this clinician and payor is fine today and in the two months to come."""
    doubtful = {("K-07", CEDAR), ("K-01", CEDAR), ("K-10", LANTERN), ("K-09", LANTERN)}
    if clinician in ("K-04", "K-13", "K-16"):
        return False
    if clinician == WITHOUT_NPI and PAYORS[payor][1] == "insurance":
        return False
    return (clinician, payor) not in doubtful
