"""The ten practice files, described once: for reading, writing and for the page docs/data-formats.md."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from caseapp.domain.appointment import APPOINTMENT_STATUSES
from caseapp.domain.client import CLIENT_STATUSES
from caseapp.domain.enrollment import ENROLLMENT_STATUSES
from caseapp.domain.npi import npi_is_valid
from caseapp.domain.payor import PAYOR_TYPES, PRIORITIES
from caseapp.formats.moment import Moment
from caseapp.formats.values import (
    LONGEST_FIELD,
    Choice,
    Code,
    Codes,
    Day,
    Flag,
    Kind,
    Text,
    Whole,
    shown,
)

LONGEST_CODE = 20
LONGEST_NUMBER = 100
LONGEST_NAME = 200
LONGEST_DAY_MINUTES = 24 * 60
MOST_CLIENTS = 100_000

Fault = tuple[str, str]
"""A column and a sentence."""
Check = Callable[[Mapping[str, Any]], Fault | None]


@dataclass(frozen=True, slots=True)
class Column:
    """`needed` in the heading of the file; a column that is absent leaves what is stored, or says `blank`."""

    name: str
    kind: Kind
    needed: bool = False
    blank: Any = None
    doubtful: Callable[[Any], str | None] | None = None


@dataclass(frozen=True, slots=True)
class PracticeTable:
    """One file or sheet. The first `key` columns name a row; `checks` judge a row as a whole."""

    name: str
    key: int
    columns: tuple[Column, ...]
    checks: tuple[Check, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(column.name for column in self.columns)

    @property
    def key_names(self) -> tuple[str, ...]:
        return self.names[: self.key]


def _ends_after(start: str, end: str) -> Check:
    def check(row: Mapping[str, Any]) -> Fault | None:
        first: date | None = row.get(start)
        last: date | None = row.get(end)
        if first and last and last < first:
            return end, f"{last} is before the {start} {first}."
        return None

    return check


def _terminated_has_dates(row: Mapping[str, Any]) -> Fault | None:
    if row["status"] == "terminated":
        for column in ("start_date", "end_date"):
            if not row.get(column):
                return column, "A terminated enrollment needs its first and its last day."
    return None


def _code_has_no_separator(row: Mapping[str, Any]) -> Fault | None:
    return (
        ("code", "May not hold a semicolon; it parts the codes of a clinician.")
        if ";" in row["code"]
        else None
    )


def _npi_doubt(npi: str | None) -> str | None:
    return (
        f"{shown(npi)} is not a valid individual NPI; taken as it is."
        if npi and not npi_is_valid(npi)
        else None
    )


def _number(name: str) -> Column:
    return Column(name, Code(limit=LONGEST_NUMBER, required=True), needed=True)


def _code(name: str) -> Column:
    return Column(name, Code(limit=LONGEST_CODE, required=True), needed=True)


def _name(name: str) -> Column:
    return Column(name, Text(limit=LONGEST_NAME, required=True), needed=True)


def _part_of_name(name: str) -> Column:
    """A first or last name: some people have only one of them."""
    return Column(name, Text(limit=LONGEST_NAME, blank=""), needed=True, blank="")


def _has_a_name(row: Mapping[str, Any]) -> Fault | None:
    if "".join(str(row.get(part) or "") for part in ("last_name", "first_name")).strip():
        return None
    return "last_name", "Must be filled, or the first name."


def _first_day(name: str = "start_date") -> Column:
    return Column(name, Day(required=True), needed=True)


def _choice(name: str, words: tuple[str, ...]) -> Column:
    return Column(name, Choice(words), needed=True)


def _optional_number(name: str) -> Column:
    return Column(name, Code(limit=LONGEST_NUMBER))


def practice_tables(zone: ZoneInfo) -> tuple[PracticeTable, ...]:
    """The tables in the order in which they can be read: whatever a row names comes before it.

    `zone` is the practice's, for instants that tell no offset.
    """
    period = (_ends_after("start_date", "end_date"),)
    return (
        PracticeTable("service_lines", 1, (_code("code"), _name("name")), (_code_has_no_separator,)),
        PracticeTable(
            "payors",
            1,
            (
                _number("payor_id"),
                _name("name"),
                _choice("type", PAYOR_TYPES),
                Column("requires_enrollment", Flag(blank=False), blank=False),
            ),
        ),
        PracticeTable(
            "clinicians", 1, _clinician_columns(), (_has_a_name, _ends_after("active_from", "active_to"))
        ),
        PracticeTable(
            "enrollments",
            3,
            (
                _number("clinician_number"),
                _number("payor_id"),
                Column("start_date", Day(), needed=True),
                _choice("status", ENROLLMENT_STATUSES),
                Column("applied_on", Day()),
                Column("end_date", Day()),
                Column("learned_on", Day()),
            ),
            (*period, _terminated_has_dates),
        ),
        PracticeTable(
            "leaves",
            2,
            (
                _number("clinician_number"),
                _first_day(),
                Column("end_date", Day()),
                Column("note", Text(limit=LONGEST_FIELD, lines=True)),
            ),
            period,
        ),
        PracticeTable(
            "clients",
            1,
            (
                _number("client_number"),
                _part_of_name("last_name"),
                _part_of_name("first_name"),
                Column("preferred_name", Text(limit=LONGEST_NAME)),
                Column("date_of_birth", Day()),
                _choice("status", CLIENT_STATUSES),
                _optional_number("external_id"),
            ),
            (_has_a_name,),
        ),
        PracticeTable(
            "client_service_lines",
            3,
            (_number("client_number"), _code("service_line"), _first_day(), Column("end_date", Day())),
            period,
        ),
        PracticeTable(
            "funding_sources",
            4,
            (
                _number("client_number"),
                _number("payor_id"),
                _choice("priority", PRIORITIES),
                _first_day(),
                Column("member_id", Text(limit=LONGEST_NAME)),
                Column("end_date", Day()),
            ),
            period,
        ),
        PracticeTable("case_managers", 3, _case_manager_columns(zone), period),
        PracticeTable("appointments", 1, _appointment_columns(zone)),
    )


def _clinician_columns() -> tuple[Column, ...]:
    return (
        _number("clinician_number"),
        _part_of_name("last_name"),
        _part_of_name("first_name"),
        Column("credential", Text(limit=LONGEST_NAME, blank=""), blank=""),
        Column("npi", Code(limit=LONGEST_NUMBER), doubtful=_npi_doubt),
        Column("taxonomy_code", Code(limit=LONGEST_NUMBER)),
        Column("service_lines", Codes(limit=LONGEST_CODE), blank=()),
        Column("may_be_case_manager", Flag(blank=True), blank=True),
        Column("active_from", Day()),
        Column("active_to", Day()),
        Column("caseload_limit", Whole(0, MOST_CLIENTS)),
        Column("email", Text(limit=LONGEST_NAME)),
    )


def _case_manager_columns(zone: ZoneInfo) -> tuple[Column, ...]:
    return (
        _number("client_number"),
        _code("service_line"),
        _first_day(),
        _number("clinician_number"),
        Column("end_date", Day()),
        _optional_number("for_clinician_number"),
        Column("uncovered_left_at", Moment(zone)),
        Column("uncovered_left_reason", Text(limit=LONGEST_FIELD, lines=True)),
    )


def _appointment_columns(zone: ZoneInfo) -> tuple[Column, ...]:
    return (
        _number("appointment_number"),
        _number("client_number"),
        _code("service_line"),
        _optional_number("clinician_number"),
        Column("starts_at", Moment(zone, required=True), needed=True),
        Column("minutes", Whole(1, LONGEST_DAY_MINUTES, required=True), needed=True),
        _choice("status", APPOINTMENT_STATUSES),
        Column("billable", Flag(), needed=True),
    )
