"""The message about coverage gaps: plain text that names clients by number alone."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import Protocol
from zoneinfo import ZoneInfo

from caseapp.domain.coverage_gap import TITLES
from caseapp.domain.words import count, day, near_day

MOST = 200
"""So many are listed of each kind; the rest is counted."""


class Told(Protocol):
    """One gap."""

    @property
    def client_number(self) -> str: ...
    @property
    def service_line(self) -> str: ...
    @property
    def code(self) -> str: ...
    @property
    def severity(self) -> str: ...
    @property
    def mend_by(self) -> date | None: ...
    @property
    def at_risk(self) -> int: ...


class Changes(Protocol):
    """What changed since the last message."""

    @property
    def on(self) -> date: ...
    @property
    def last(self) -> datetime | None: ...
    @property
    def new(self) -> Sequence[Told]: ...
    @property
    def mended(self) -> Sequence[Told]: ...
    def number(self, severity: str) -> int: ...


def digest_message(changes: Changes, practice_name: str, zone: ZoneInfo) -> tuple[str, str]:
    """Subject and text."""
    subject = f"Coverage gaps: {len(changes.new)} new, {len(changes.mended)} mended"
    return subject, "\n".join(_lines(changes, practice_name, zone)) + "\n"


def _lines(changes: Changes, practice_name: str, zone: ZoneInfo) -> Iterator[str]:
    errors, warnings = changes.number("error"), changes.number("warning")
    yield f"{practice_name}, {near_day(changes.on)} {changes.on.year}"
    yield f"Coverage gaps now: {count(errors, 'error')} and {count(warnings, 'warning')}."
    yield ""
    if changes.last is None:
        yield "This is the first message: every gap is new."
    else:
        yield f"What changed since the message of {day(changes.last.astimezone(zone).date())}:"
    if not changes.new and not changes.mended:
        yield "nothing."
    yield from _section("New", changes.new)
    yield from _section("Mended", changes.mended)
    yield ""
    yield "Open Coverage gaps in Caseapp for what mends each of them."


def _section(heading: str, gaps: Sequence[Told]) -> Iterator[str]:
    if not gaps:
        return
    yield ""
    yield f"{heading} ({len(gaps)})"
    for gap in gaps[:MOST]:
        yield _line(gap)
    if len(gaps) > MOST:
        yield f"- and {len(gaps) - MOST} more"


def _line(gap: Told) -> str:
    told = [f"- {gap.client_number}, {gap.service_line}: {TITLES[gap.code]}"]
    if gap.mend_by:
        words = "mend by" if gap.severity == "error" else "until"
        told.append(f"{words} {near_day(gap.mend_by)} {gap.mend_by.year}")
    if gap.at_risk:
        told.append(f"{count(gap.at_risk, 'session')} at risk")
    return ", ".join(told)
