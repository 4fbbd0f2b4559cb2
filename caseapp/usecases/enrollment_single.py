"""Single points of failure: a payor and service line that nobody, or one person alone, can be billed for."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, cast

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session

from caseapp.domain.enrollment import Enrollment as Facts
from caseapp.domain.enrollment import enrolled_until
from caseapp.models import Clinician, ClinicianServiceLine, Enrollment

_ENOUGH = 2
"""With so many enrolled clinicians a payor and service line does not hang on one."""


def active_on(today: date) -> ColumnElement[bool]:
    """The clinician's first and last day hold the day."""
    return and_(
        or_(Clinician.active_from.is_(None), Clinician.active_from <= today),
        or_(Clinician.active_to.is_(None), Clinician.active_to >= today),
    )


@dataclass(frozen=True, slots=True)
class SinglePoint:
    """`only` is the one clinician's name, empty where there is nobody, for one line or several."""

    payor: str
    service_lines: tuple[str, ...]
    only: str

    @property
    def text(self) -> str:
        """Aetna · ST: only Mei Lindqvist."""
        who = f"only {self.only}" if self.only else "nobody"
        return f"{self.payor} · {', '.join(self.service_lines)}: {who}"


def single_points(
    session: Session, payors: Mapping[int, tuple[str, str]], lines: Mapping[str, int], today: date
) -> tuple[SinglePoint, ...]:
    """One or no enrolled, active clinician who may be case manager, for these payors and lines.

    `payors` are (code, name) by row id, `lines` row ids by code. One statement: of each payor, line and
    status no more clinicians are read than it takes to know; whether these are enrolled the domain says.
    """
    codes = {row_id: code for code, row_id in lines.items()}
    enrolled: dict[tuple[int, int], dict[int, str]] = defaultdict(dict)
    for row in session.execute(_some_of_each(list(payors), list(codes), today)) if payors and codes else ():
        code, _ = payors[row.payor_id]
        facts = Facts(code, cast(Any, row.status), row.start_date, row.end_date)
        if enrolled_until([facts], code, today) is not None:
            name = f"{row.first_name} {row.last_name}".strip() or row.number
            enrolled[row.payor_id, row.service_line_id][row.clinician_id] = name
    found: list[SinglePoint] = []
    for payor_id, (_, payor) in payors.items():
        few = [(line, enrolled.get((payor_id, line_id), {})) for line_id, line in codes.items()]
        found += [SinglePoint(payor, (line,), *who.values()) for line, who in few if len(who) == 1]
        nobody = tuple(line for line, who in few if not who)
        if nobody:
            found.append(SinglePoint(payor, nobody, ""))
    return tuple(found)


def _some_of_each(payor_ids: list[int], line_ids: list[int], today: date) -> Any:
    """Enrollments whose days hold today, of at most two clinicians for each payor, line and status."""
    of_each = (Enrollment.payor_id, ClinicianServiceLine.service_line_id, Enrollment.status)
    place = func.dense_rank().over(partition_by=of_each, order_by=Enrollment.clinician_id)
    ranked = (
        select(
            Enrollment.payor_id,
            ClinicianServiceLine.service_line_id,
            Enrollment.clinician_id,
            Enrollment.status,
            Enrollment.start_date,
            Enrollment.end_date,
            Clinician.number,
            Clinician.first_name,
            Clinician.last_name,
            place.label("place"),
        )
        .join(Clinician, Clinician.id == Enrollment.clinician_id)
        .join(ClinicianServiceLine, ClinicianServiceLine.clinician_id == Clinician.id)
        .where(
            Enrollment.payor_id.in_(payor_ids),
            ClinicianServiceLine.service_line_id.in_(line_ids),
            Clinician.may_be_case_manager.is_(True),
            active_on(today),
            Enrollment.start_date <= today,
            or_(Enrollment.end_date.is_(None), Enrollment.end_date >= today),
        )
        .subquery()
    )
    return select(ranked).where(ranked.c.place <= _ENOUGH).order_by(ranked.c.clinician_id)
