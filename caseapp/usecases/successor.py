"""How many clients each clinician has on a day: what successors are ranked by."""

from collections.abc import Collection
from datetime import date

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from caseapp.models import CaseManager, Client, Clinician


def caseloads(session: Session, day: date, among: Collection[int] | None = None) -> dict[str, int]:
    """The distinct active clients on a day, by clinician number; of these row ids alone where given."""
    statement = (
        select(Clinician.number, func.count(func.distinct(CaseManager.client_id)))
        .join(CaseManager, CaseManager.clinician_id == Clinician.id)
        .join(Client, Client.id == CaseManager.client_id)
        .where(
            CaseManager.removed_at.is_(None),
            CaseManager.start_date <= day,
            or_(CaseManager.end_date.is_(None), CaseManager.end_date >= day),
            Client.status == "active",
        )
        .group_by(Clinician.number)
    )
    if among is not None:
        statement = statement.where(Clinician.id.in_(among))
    return {row[0]: row[1] for row in session.execute(statement)}
