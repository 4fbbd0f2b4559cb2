"""What a cause hits, in clients and sessions: a clinician who leaves, or is not enrolled with a payor.

Source: docs/domain.md, *Impact*. Told from the kept findings, so it is as true as they are.
"""

from collections.abc import Collection
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import Select, String, bindparam, case, func, literal_column, select, text
from sqlalchemy.orm import Session

from caseapp.domain.actor import Actor
from caseapp.domain.coverage_about import CAUSES, Cause
from caseapp.domain.words import count
from caseapp.usecases.coverage_kept import finding, visible_findings


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


@lru_cache(maxsize=100)
def _statement(actor: Actor) -> Select[Any]:
    leaving = [code for code, cause in CAUSES.items() if cause == "leaving"]
    # Written out: PostgreSQL does not see that two parameters are one value.
    none, left = literal_column("''"), literal_column("'leaving'")
    cause = case((finding.c.code.in_(leaving), left), else_=literal_column("'enrollment'")).label("cause")
    payor = case((finding.c.code.in_(leaving), none), else_=finding.c.payor).label("of_payor")
    return (
        select(
            cause,
            finding.c.clinician,
            payor,
            func.count(func.distinct(finding.c.client_id)),
            func.sum(finding.c.sessions),
        )
        .where(
            finding.c.clinician.in_(bindparam("clinicians", expanding=True, type_=String)),
            finding.c.code.in_(list(CAUSES)),
            visible_findings(actor),
        )
        .group_by(text("cause"), finding.c.clinician, text("of_payor"))
    )
