"""What the Clinical tab shows: a banner for each gap, a row for each case manager or open service line."""

from dataclasses import dataclass
from datetime import date
from typing import Literal, cast

from sqlalchemy import Integer, Table, bindparam, select
from sqlalchemy.orm import Session

from caseapp.domain import billing, words
from caseapp.domain import client as clients
from caseapp.domain.coverage_gap import ORDER, RANK
from caseapp.domain.payor import primary_on
from caseapp.domain.timeline import Timeline, timeline
from caseapp.models import ServiceLine
from caseapp.usecases.client_page import ClientHead
from caseapp.usecases.clinical_banners import Banner, banner
from caseapp.usecases.coverage_kept import Kept, finding, kept_findings
from caseapp.usecases.facts import load_with

_line = cast(Table, ServiceLine.__table__)
_LINES = select(_line.c.code, _line.c.name)
_FINDINGS = kept_findings().where(finding.c.client_id == bindparam("of_client", type_=Integer))

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


def clinical_tab(session: Session, client: ClientHead, today: date) -> ClinicalTab:
    """Banners and rows of a client whom the actor may see; five statements, findings refreshed before."""
    connection = session.connection()
    names = dict(connection.execute(_LINES).all())
    facts = load_with(session, [client]).facts[client.id]
    kept = connection.execute(_FINDINGS, {"of_client": client.id})
    gaps = sorted((Kept(*row) for row in kept), key=_in_order)
    return ClinicalTab(
        banners=tuple(banner(gap, names, facts, today) for gap in gaps),
        rows=tuple(_rows(facts, today)),
        timeline=timeline(facts, today),
    )


def _in_order(gap: Kept) -> tuple[int, date, int, str, int]:
    """As the gaps themselves are ordered, from the kept columns."""
    return RANK[gap.severity], gap.mend_by or date.max, -gap.at_risk, gap.service_line, ORDER[gap.code]


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
