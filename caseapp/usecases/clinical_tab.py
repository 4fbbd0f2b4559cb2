"""What the Clinical tab shows: a banner for each gap, a row for each case manager or open service line."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Literal, cast

from sqlalchemy import Integer, Table, bindparam, select
from sqlalchemy.orm import Session

from caseapp.domain import billing, words
from caseapp.domain import client as clients
from caseapp.domain.coverage_gap import ORDER, TITLES, late_case_managers
from caseapp.domain.payor import primary_on
from caseapp.domain.practice import Practice
from caseapp.domain.timeline import Timeline, timeline
from caseapp.models import CoverageFinding, ServiceLine
from caseapp.usecases.client_page import ClientHead
from caseapp.usecases.facts import load_with

_line = cast(Table, ServiceLine.__table__)
_finding = cast(Table, CoverageFinding.__table__)
_LINES = select(_line.c.code, _line.c.name)
_FINDINGS = (
    select(
        _line.c.code.label("line"),
        _finding.c.code,
        _finding.c.severity,
        _finding.c.mend_by,
        _finding.c.at_risk,
        _finding.c.message,
    )
    .join_from(_finding, _line, _line.c.id == _finding.c.service_line_id)
    .where(_finding.c.client_id == bindparam("of_client", type_=Integer))
)

State = Literal["present", "future", "past", "nobody"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One line of the table. `id` is the case manager's public ID, empty in a row without one.

    `today` says whether a session today could be billed, `beneath` what stands below it in small words.
    """

    id: str
    service_line: str
    state: State
    name: str = ""
    npi: str = ""
    stands_in_for: str = ""
    starts: str = ""
    ends: str = ""
    today: tuple[str, str] = ("neutral", "")
    beneath: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        """Unique on the page: the id of its element."""
        return f"case-manager-{self.id}" if self.id else f"line-{self.service_line}"

    @property
    def actions(self) -> str:
        """The name of the row's menu button."""
        return f"Actions for {self.name.split(',')[0]}, {self.service_line}, from {self.starts}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Banner:
    """One gap. `mend` is the button's words, None where no case manager mends it.

    The button opens the form of `case_manager` (a public ID), or of a new one from `start` on.
    """

    service_line: str
    code: str
    severity: str
    lead: str
    text: str
    mend: str | None = None
    start: date | None = None
    case_manager: str | None = None


@dataclass(frozen=True, slots=True)
class ClinicalTab:
    banners: tuple[Banner, ...]
    rows: tuple[Row, ...]
    timeline: Timeline

    def row(self, public_id: str) -> Row | None:
        """The row of a case manager, None where it is not on the tab."""
        return next((row for row in self.rows if row.id == public_id), None)

    def row_of_line(self, service_line: str) -> Row | None:
        """The row "no case manager" of a service line, None where somebody is."""
        return next((row for row in self.rows if not row.id and row.service_line == service_line), None)


def clinical_tab(session: Session, client: ClientHead, today: date, practice: Practice) -> ClinicalTab:
    """Banners and rows of a client whom the actor may see; seven statements, findings refreshed before."""
    connection = session.connection()
    names = dict(connection.execute(_LINES).all())
    facts = load_with(session, [client]).facts[client.id]
    kept = connection.execute(_FINDINGS, {"of_client": client.id}).all()
    gaps = sorted(kept, key=_in_order)
    return ClinicalTab(
        banners=tuple(_banner(gap, names, facts, today, practice) for gap in gaps),
        rows=tuple(_rows(facts, today)),
        timeline=timeline(facts, today),
    )


def _in_order(gap: Any) -> tuple[bool, date, int, str, int]:
    """As the gaps themselves are ordered, from the kept columns."""
    return gap.severity != "error", gap.mend_by or date.max, -gap.at_risk, gap.line, ORDER[gap.code]


def _rows(facts: clients.ClientFacts, today: date) -> list[Row]:
    """Present first, then future, then past; an open line that has nobody stands among the present."""
    rows: list[tuple[tuple[int, str, int], Row]] = []
    for line in facts.uncovered_lines(today):
        row = Row(id="", service_line=line, state="nobody", today=("error", "cannot be billed"))
        rows.append(((0, line, 0), row))
    for cm in facts.case_managers:
        state: State = "present" if cm.holds(today) else "future" if cm.start > today else "past"
        if state == "present":
            place = (0, cm.service_line, 0)
        elif state == "future":
            place = (1, "", cm.start.toordinal())
        else:
            place = (2, "", -cm.last.toordinal())
        rows.append((place, _row(cm, facts, state, today)))
    return [row for _, row in sorted(rows, key=lambda item: item[0])]


def _row(cm: clients.CaseManager, facts: clients.ClientFacts, state: State, today: date) -> Row:
    clinician = cm.clinician
    kind, said, beneath = _today(cm, facts, state, today)
    return Row(
        id=cm.id,
        service_line=cm.service_line,
        state=state,
        name=f"{clinician.name}, {clinician.credential}" if clinician.credential else clinician.name,
        npi=clinician.npi or "",
        stands_in_for=cm.for_clinician.name if cm.for_clinician else "",
        starts=words.day(cm.start),
        ends=words.day(cm.end) if cm.end else "",
        today=(kind, said),
        beneath=beneath,
    )


def _today(
    cm: clients.CaseManager, facts: clients.ClientFacts, state: State, today: date
) -> tuple[str, str, tuple[str, ...]]:
    """Kind of badge, its words, and the lines beneath: could a session of today be billed in this name?"""
    if state == "past":
        return "neutral", "past", ()
    day = cm.start if state == "future" else today
    wrong = list(billing.errors_on(cm.clinician, facts.funding_sources, day, today))
    why = [finding.short for finding in wrong]
    if primary_on(facts.funding_sources, day) is None:
        why.append("no primary payor")
    if not facts.receives(cm.service_line, day) and state == "present":
        why.append(f"{cm.service_line} is not open")
    beside = [finding.short for finding in billing.secondary(cm.clinician, facts.funding_sources, day, today)]
    leaves = [finding.short for finding in billing.leave_words(cm.clinician, today)]
    beneath = tuple(f"{text[:1].upper()}{text[1:]}" for text in why + beside + leaves)
    if state == "future":
        return ("error" if why else "neutral", f"starts {words.short_day(cm.start, today)}", beneath)
    if why:
        return "error", "cannot be billed", beneath
    return "ok", "can be billed", beneath


_CHANGE = {"not_enrolled", "clinician_inactive", "npi_missing"}
_FOLLOW = {"case_manager_ends", "enrollment_ends", "payor_changes", "clinician_leaves"}


def _banner(
    gap: Any, names: Mapping[str, str], facts: clients.ClientFacts, today: date, practice: Practice
) -> Banner:
    line, code, severity, mend_by, at_risk, message = gap
    lead = f"{names.get(line, line)}: {TITLES[code]}."
    said = f"{TITLES[code]}."
    parts = [message[len(said) :].strip() if message.lower().startswith(said) else message]
    if at_risk:
        parts.append(f"{words.count(at_risk, 'session')} at risk.")
    if mend_by and severity == "error" and mend_by < today:
        parts.append(f"Overdue since {words.short_day(mend_by, today)}.")
    elif mend_by and severity == "error" and code != "no_case_manager":
        parts.append(f"Mend by {words.short_day(mend_by, today)}.")
    mend, start, case_manager = _mend(line, code, mend_by, facts, today, practice)
    return Banner(
        service_line=line,
        code=code,
        severity=severity,
        lead=lead,
        text=" ".join(part for part in parts if part),
        mend=mend,
        start=start,
        case_manager=case_manager,
    )


def _mend(
    line: str,
    code: str,
    mend_by: date | None,
    facts: clients.ClientFacts,
    today: date,
    practice: Practice,
) -> tuple[str | None, date | None, str | None]:
    """The button that mends a gap where a case manager mends it: words, start date, case manager to edit."""
    if code == "no_case_manager":
        # What is overdue gets no date: nobody is pushed to a false one.
        start = today if facts.receives(line, today) else mend_by
        return f"Assign {line} case manager", None if mend_by and mend_by < today else start, None
    if code in _CHANGE:
        current = facts.case_manager_on(line, today)
        good_today = current and not billing.errors_on(current.clinician, facts.funding_sources, today, today)
        return f"Change {line} case manager", mend_by if good_today else today, None
    if code in _FOLLOW and mend_by is not None:
        return f"Plan next {line} case manager", mend_by + timedelta(days=1), None
    if code == "starts_too_late" and (late := late_case_managers(facts, line, today, practice)):
        return f"Edit {line} case manager", None, late[0][0].id
    return None, None, None
