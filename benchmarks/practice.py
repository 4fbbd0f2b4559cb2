"""Writes the practice files of a practice of any size, the same ones for the same size.

For each client about 1.5 service lines, 1.6 funding sources, 1.5 case managers and 16 appointments from
five weeks before to five weeks after NOW, four of five with the case manager. The clinicians are as many at
every size. A third of them have a usual caseload; so of 100,000 clients the others have caseloads that no
real clinician has: harder for the program, never easier.
"""

import csv
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random
from zoneinfo import ZoneInfo

from benchmarks import staff as people
from benchmarks.names import Names
from benchmarks.staff import PAYOR_CODES, SERVICE_LINES, Record, Staff

NOW = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)
TODAY = NOW.date()
ZONE = ZoneInfo("America/New_York")
_DAY = timedelta(days=1)
_TABLES = {
    "service_lines": "code,name",
    "payors": "payor_id,name,type,requires_enrollment",
    "clinicians": "clinician_number,last_name,first_name,credential,npi,taxonomy_code,service_lines,"
    "may_be_case_manager,active_from,active_to,caseload_limit,email",
    "enrollments": "clinician_number,payor_id,start_date,status,applied_on,end_date",
    "leaves": "clinician_number,start_date,end_date,note",
    "clients": "client_number,last_name,first_name,preferred_name,date_of_birth,status,external_id",
    "client_service_lines": "client_number,service_line,start_date,end_date",
    "funding_sources": "client_number,payor_id,priority,start_date,member_id,end_date",
    "case_managers": "client_number,service_line,start_date,clinician_number,end_date,for_clinician_number",
    "appointments": "appointment_number,client_number,service_line,clinician_number,starts_at,minutes,"
    "status,billable",
}
Rows = dict[str, list[Record]]


def write_practice(folder: Path, clients: int) -> dict[str, int]:
    """Write the ten files into `folder`, which is made; returns the number of rows of each."""
    folder.mkdir(parents=True, exist_ok=True)
    random = Random(20261123)  # the same practice each time
    names = Names(random)
    staff = Staff(random, names, TODAY)
    counts = dict.fromkeys(_TABLES, 0)
    with ExitStack() as files:
        writers = {}
        for table, columns in _TABLES.items():
            stream = files.enter_context((folder / f"{table}.csv").open("w", encoding="utf-8", newline=""))
            writers[table] = csv.writer(stream, lineterminator="\n")
            writers[table].writerow(columns.split(","))
        for rows in _all_rows(random, names, staff, clients):
            for table, records in rows.items():
                writers[table].writerows(records)
                counts[table] += len(records)
    return counts


def _all_rows(random: Random, names: Names, staff: Staff, clients: int) -> Iterator[Rows]:
    yield {
        "service_lines": list(people.service_lines()),
        "payors": list(people.payors()),
        "clinicians": staff.clinicians,
        "enrollments": staff.enrollments,
        "leaves": staff.leaves,
    }
    for place in range(1, clients + 1):
        yield _client(random, names, staff, f"C-{place:06}")


def _client(random: Random, names: Names, staff: Staff, number: str) -> Rows:
    dice = random.random()
    status = "active" if dice < 0.85 else "on_hold" if dice < 0.9 else "discharged"
    born = date(2008, 1, 1) + timedelta(days=int(random.random() * 6000))
    preferred = names.first_name() if random.random() < 0.1 else ""
    first_day = TODAY - timedelta(days=60 + int(random.random() * 1000))
    ended = TODAY - timedelta(days=40) if status == "discharged" else ""
    rows: Rows = {
        "clients": [(number, names.surname(), names.first_name(), preferred, born, status, "")],
        "client_service_lines": [],
        "funding_sources": _funding(random, number, first_day),
        "case_managers": [],
        "appointments": [],
    }
    how_many = 1 if (dice := random.random()) < 0.6 else 2 if dice < 0.9 else 3
    lines = _some_lines(random, how_many)
    sees: dict[str, str] = {}
    for line in lines:
        rows["client_service_lines"].append((number, line, first_day, ended))
        held = _case_managers(random, staff, number, line, first_day, ended)
        rows["case_managers"] += held
        sees[line] = str(held[-1][3]) if held else staff.delivers(random, line)
    for place in range(16):
        line = lines[place % how_many]
        who = sees[line] if random.random() < 0.8 else staff.delivers(random, line)
        rows["appointments"].append(_appointment(random, who, number, line, place, status))
    return rows


def _some_lines(random: Random, how_many: int) -> list[str]:
    chosen: list[str] = []
    while len(chosen) < how_many:
        dice = random.random()
        for code, (_, _, share) in SERVICE_LINES.items():
            dice -= share
            if dice < 0:
                if code not in chosen:
                    chosen.append(code)
                break
    return chosen


def _funding(random: Random, number: str, first_day: date) -> list[Record]:
    payor = PAYOR_CODES[int(random.random() * len(PAYOR_CODES))]
    since = first_day - _DAY
    if random.random() < 0.15:
        until = TODAY - timedelta(days=20)
        rows: list[Record] = [(number, PAYOR_CODES[0], "primary", since, f"M{number[2:]}", until)]
        rows.append((number, payor, "primary", until + _DAY, f"M{number[2:]}", ""))
    else:
        rows = [(number, payor, "primary", since, f"M{number[2:]}", "")]
    if random.random() < 0.45:
        second = PAYOR_CODES[int(random.random() * 5)]
        rows.append((number, second, "secondary", since, f"S{number[2:]}", ""))
    return rows


def _case_managers(
    random: Random, staff: Staff, number: str, line: str, first_day: date, ended: date | str
) -> list[Record]:
    """One in eight lines has nobody, one in seven had somebody else before."""
    if random.random() < 0.125:
        return []
    current = staff.case_manager(random, line)
    if random.random() < 0.14:
        until = TODAY - timedelta(days=45)
        before = staff.case_manager(random, line)
        return [
            (number, line, first_day, before, until, ""),
            (number, line, until + _DAY, current, ended, ""),
        ]
    return [(number, line, first_day, current, ended, "")]


def _appointment(random: Random, who: str, number: str, line: str, place: int, status: str) -> Record:
    day = TODAY + timedelta(days=(place - 8) * 4 + int(random.random() * 4))
    if status == "discharged":
        day -= timedelta(days=80)
    hour, quarter = 8 + int(random.random() * 10), int(random.random() * 4) * 15
    starts = f"{day.isoformat()}T{hour:02}:{quarter:02}"
    happened = day < TODAY
    dice = random.random()
    became = "cancelled" if dice < 0.08 else "no_show" if dice < 0.12 and happened else ""
    return (
        f"A-{number[2:]}-{place}", number, line, who, starts,
        30 + int(random.random() * 6) * 15, became or ("completed" if happened else "scheduled"),
        "false" if random.random() < 0.03 else "true",
    )  # fmt: skip
