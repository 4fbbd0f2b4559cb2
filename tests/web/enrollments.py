"""What the tests of enrollments share: where they are kept, and what is stored."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from caseapp.models import CoverageFinding, Enrollment
from tests.builders import Row
from tests.web.desk import Desk


@dataclass(frozen=True)
class Kept:
    """Where a clinician's enrollments are kept."""

    clinician: Row

    @property
    def page(self) -> str:
        return f"/clinicians/{self.clinician.public_id}"

    @property
    def post(self) -> str:
        return f"{self.page}/enrollments"

    @property
    def new(self) -> str:
        return f"{self.post}/new"

    def of(self, enrollment: str, verb: str = "") -> str:
        return f"{self.post}/{enrollment}{'/' if verb else ''}{verb}"


def approved(payor: Row, **fields: str) -> dict[str, str]:
    return {"payor": payor.key, "status": "approved", "start_date": "2026-02-03"} | fields


def opened(desk: Desk, address: str, **fields: str) -> dict[str, str]:
    return desk.get(address).values("enrollment-form") | fields


def only_enrollment(session: Session, clinician: Row) -> str:
    session.rollback()
    return session.scalars(select(Enrollment.public_id).where(Enrollment.clinician_id == clinician.id)).one()


def codes_of(session: Session, client: Row) -> set[str]:
    session.rollback()
    return set(session.scalars(select(CoverageFinding.code).where(CoverageFinding.client_id == client.id)))
