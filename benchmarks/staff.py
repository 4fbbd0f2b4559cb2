"""The clinicians and payors of a generated practice: the same at every size."""

from collections.abc import Iterator
from datetime import date, timedelta
from random import Random

from benchmarks.names import Names
from caseapp.domain.npi import npi_is_valid

CLINICIANS = 120
USUAL_CASELOAD = 25

SERVICE_LINES = {
    "ABA": ("Applied Behavior Analysis", "BCBA", 0.5),
    "ST": ("Speech Therapy", "CCC-SLP", 0.2),
    "OT": ("Occupational Therapy", "OTR/L", 0.15),
    "PT": ("Physical Therapy", "PT", 0.1),
    "MH": ("Mental Health", "LCSW", 0.05),
}
"""Code: name, credential, and the share of clinicians and of clients."""

PAYORS = {
    "BLUE": ("Blue Meadow", "insurance"),
    "STATE": ("State Plan", "insurance"),
    "NORTH": ("Northern Health", "insurance"),
    "UNION": ("Union Care", "insurance"),
    "VALLEY": ("Valley Mutual", "insurance"),
    "REGION": ("Regional Center", "regional_center"),
    "SCHOOL": ("School District", "school_district"),
    "SELF": ("Private pay", "private_pay"),
}
PAYOR_CODES = tuple(PAYORS)

Record = tuple[object, ...]


def service_lines() -> Iterator[Record]:
    for code, (name, _, _) in SERVICE_LINES.items():
        yield code, name


def payors() -> Iterator[Record]:
    for code, (name, kind) in PAYORS.items():
        yield code, name, kind, "true" if kind in ("insurance", "regional_center") else "false"


class Staff:
    """Who works here. `responsible` has, by service line, the numbers of those who may be case manager.

    Every third of them takes a usual caseload and no more; the others take all that come.
    """

    def __init__(self, random: Random, names: Names, today: date) -> None:
        self.clinicians: list[Record] = []
        self.enrollments: list[Record] = []
        self.leaves: list[Record] = []
        self.responsible: dict[str, list[str]] = {code: [] for code in SERVICE_LINES}
        self._room: dict[str, int] = {}
        lines = [
            code for code, (_, _, share) in SERVICE_LINES.items() for _ in range(round(share * CLINICIANS))
        ]
        for place, line in enumerate(lines, 1):
            self._add(random, names, today, f"K-{place:03}", line)

    def delivers(self, random: Random, line: str) -> str:
        """Who sees a client beside the case manager: nobody of a usual caseload."""
        who = [number for number in self.responsible[line] if number not in self._room]
        return who[int(random.random() * len(who))]

    def case_manager(self, random: Random, line: str) -> str:
        """Who takes one more client for this line."""
        who = self.responsible[line]
        chosen = who[int(random.random() * len(who))]
        if self._room.get(chosen, 1) == 0:
            who = [number for number in who if number not in self._room]
            return who[int(random.random() * len(who))]
        if chosen in self._room:
            self._room[chosen] -= 1
        return chosen

    def _add(self, random: Random, names: Names, today: date, number: str, line: str) -> None:
        responsible = random.random() < 0.85
        credential = SERVICE_LINES[line][1] if responsible else "RBT"
        leaves_on = today + timedelta(days=random.randrange(5, 200)) if random.random() < 0.05 else ""
        name = (names.surname(), names.first_name(), credential)
        may = "true" if responsible else "false"
        since = date(2020, 1, 1)
        self.clinicians.append((number, *name, _npi(number), "", line, may, since, leaves_on, "", ""))
        if responsible:
            self.responsible[line].append(number)
            if len(self.responsible[line]) % 3 == 0:
                self._room[number] = USUAL_CASELOAD
        for payor in PAYOR_CODES[:-1]:
            if random.random() < 0.9:
                self.enrollments.append((number, payor, since, "approved", "", ""))
            elif random.random() < 0.5:
                applied = today - timedelta(days=random.randrange(100))
                self.enrollments.append((number, payor, "", "in_process", applied, ""))
        if random.random() < 0.2:
            away = today + timedelta(days=random.randrange(-10, 40))
            self.leaves.append((number, away, away + timedelta(days=random.randrange(4, 20)), "Vacation"))


def _npi(number: str) -> str:
    """A valid NPI of its own for each clinician's number."""
    start = f"1{int(number[2:]):08}"
    return next(start + digit for digit in "0123456789" if npi_is_valid(start + digit))
