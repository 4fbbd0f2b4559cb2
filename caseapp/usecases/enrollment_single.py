"""Single points of failure: a payor and service line that nobody, or one person alone, can be billed for."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, cast

from sqlalchemy import BindParameter, ColumnElement, Date, Integer, Table, and_, bindparam, func, or_, select
from sqlalchemy.orm import Session

from caseapp.domain.enrollment import Enrollment as Facts
from caseapp.domain.enrollment import EnrollmentStatus, enrolled_until
from caseapp.models import Clinician, ClinicianServiceLine, Enrollment

_clinician = cast(Table, Clinician.__table__)
_enrollment = cast(Table, Enrollment.__table__)
_practised = cast(Table, ClinicianServiceLine.__table__)


def active_on(today: date | BindParameter[date]) -> ColumnElement[bool]:
    """The clinician's first and last day hold the day."""
    return and_(
        or_(_clinician.c.active_from.is_(None), _clinician.c.active_from <= today),
        or_(_clinician.c.active_to.is_(None), _clinician.c.active_to >= today),
    )


_TODAY = bindparam("today", type_=Date)
_OF_EACH = (_enrollment.c.payor_id, _practised.c.service_line_id, _enrollment.c.status)
_GROUPED = (
    select(
        *_OF_EACH,
        func.min(_enrollment.c.clinician_id).label("first"),
        func.max(_enrollment.c.clinician_id).label("last"),
    )
    .select_from(
        # An outer join, for it is walked from the clinicians on: by payors it takes SQLite twice as long.
        _clinician.join(_practised, _practised.c.clinician_id == _clinician.c.id).outerjoin(
            _enrollment,
            and_(
                _enrollment.c.clinician_id == _clinician.c.id,
                _enrollment.c.payor_id.in_(bindparam("payors", expanding=True, type_=Integer)),
                _enrollment.c.start_date <= _TODAY,
                or_(_enrollment.c.end_date.is_(None), _enrollment.c.end_date >= _TODAY),
            ),
        )
    )
    .where(
        _clinician.c.may_be_case_manager.is_(True),
        active_on(_TODAY),
    )
    .group_by(*_OF_EACH)
    .subquery("grouped")
)
_TWO_OF_EACH = select(
    _GROUPED, _clinician.c.number, _clinician.c.first_name, _clinician.c.last_name
).join_from(_GROUPED, _clinician, _clinician.c.id == _GROUPED.c.first)
"""For each payor, line and status of enrollments whose days hold today: the first clinician and the last."""


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


def _counts_today(status: EnrollmentStatus, today: date) -> bool:
    return enrolled_until([Facts("", status, today, today)], "", today) is not None


def single_points(
    session: Session, payors: Mapping[int, tuple[str, str]], lines: Mapping[str, int], today: date
) -> tuple[SinglePoint, ...]:
    """One or no enrolled, active clinician who may be case manager, for these payors and lines.

    `payors` are (code, name) by row id, `lines` row ids by code. One statement: of each payor, line and
    status no more clinicians are read than it takes to know; whether these are enrolled the domain says.
    """
    codes = {row_id: code for code, row_id in lines.items()}
    enrolled: dict[tuple[int, int], dict[int, str]] = defaultdict(dict)
    asked = {"payors": list(payors), "today": today}
    rows: Any = session.connection().execute(_TWO_OF_EACH, asked).all() if payors and codes else ()
    # The days hold today, so it depends on the status alone.
    counting = {status for status in {row[2] for row in rows} if _counts_today(status, today)}
    for payor_id, line_id, status, first, last, number, first_name, last_name in rows:
        if status in counting and line_id in codes:
            # The name is asked of one who is the only one.
            who = enrolled[payor_id, line_id]
            who[first] = f"{first_name} {last_name}".strip() or number
            who.setdefault(last, "")
    found: list[SinglePoint] = []
    for payor_id, (_, payor) in payors.items():
        few = [(line, enrolled.get((payor_id, line_id), {})) for line_id, line in codes.items()]
        found += [SinglePoint(payor, (line,), *who.values()) for line, who in few if len(who) == 1]
        nobody = tuple(line for line, who in few if not who)
        if nobody:
            found.append(SinglePoint(payor, nobody, ""))
    return tuple(found)
