"""What a cause hits, in clients and sessions: a clinician who leaves, or is not enrolled with a payor.

Source: docs/domain.md, *Impact*. Told from the kept findings, so it is as true as they are.
"""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Select,
    String,
    bindparam,
    func,
    literal_column,
    select,
    text,
    union_all,
)
from sqlalchemy.orm import Session

from caseapp.domain.actor import Actor
from caseapp.domain.coverage_about import CAUSES, Cause
from caseapp.domain.words import count
from caseapp.models.coverage_gap import OF_ENROLLMENT, OF_LEAVING
from caseapp.usecases.coverage_kept import finding, visible_findings
from caseapp.usecases.visibility import kept_by_sight


class CauseOf(NamedTuple):
    """`clinician` is a public ID; `payor` a code, empty where the clinician leaves."""

    cause: Cause
    clinician: str
    payor: str = ""


@dataclass(frozen=True, slots=True)
class Impact:
    """Distinct clients, and counted sessions within fourteen days."""

    clients: int
    sessions: int

    @property
    def words(self) -> str:
        """9 clients, 31 sessions in 14 days."""
        return f"{count(self.clients, 'client')}, {count(self.sessions, 'session')} in 14 days"


def cause_of(code: str, clinician: str | None, payor: str | None) -> CauseOf | None:
    """The cause of a finding, None where it has none that others may share."""
    cause = CAUSES.get(code)
    if cause is None or not clinician:
        return None
    return CauseOf(cause, clinician, (payor or "") if cause == "enrollment" else "")


def impacts(session: Session, actor: Actor, causes: Collection[CauseOf]) -> dict[CauseOf, Impact]:
    """What each of these hits, in one statement; those that hit nobody are left out."""
    if not causes:
        return {}
    clinicians = sorted({cause.clinician for cause in causes})
    rows = session.connection().execute(_statement(actor), {"clinicians": clinicians})
    found = {
        CauseOf(cause, who, payor or ""): Impact(clients, int(hit))
        for cause, who, payor, clients, hit in rows
    }
    return {cause: found[cause] for cause in causes if cause in found}


@kept_by_sight()
def _statement(actor: Actor) -> CompoundSelect[Any]:
    return union_all(
        _of_cause(actor, "leaving", OF_LEAVING, literal_column("''")),
        _of_cause(actor, "enrollment", OF_ENROLLMENT, finding.c.payor),
    )


def _of_cause(actor: Actor, cause: Cause, codes: str, payor: ColumnElement[str]) -> Select[Any]:
    return (
        select(
            literal_column(f"'{cause}'"),
            finding.c.clinician,
            payor,
            func.count(finding.c.client_id.distinct()),
            func.sum(finding.c.sessions),
        )
        .where(
            finding.c.clinician.in_(bindparam("clinicians", expanding=True, type_=String)),
            text(f"coverage_finding.{codes}"),
            visible_findings(actor),
        )
        .group_by(finding.c.clinician, *([finding.c.payor] if cause == "enrollment" else []))
    )
