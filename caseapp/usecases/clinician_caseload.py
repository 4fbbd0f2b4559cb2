"""How many clients a clinician is case manager of, and which: today and to come."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Date, Integer, Select, String, bindparam, func, or_, select, tuple_
from sqlalchemy.orm import Session

from caseapp.domain.actor import Actor
from caseapp.domain.caseload import MOST_COUNTED
from caseapp.models import CaseManager, Client, Clinician, ServiceLine
from caseapp.usecases.visibility import kept_by_sight, visible_alone, visible_to

PAGE_SIZE = 25
TODAY = bindparam("today", type_=Date)


@dataclass(frozen=True, slots=True)
class CaseloadRow:
    """One client's service line; `case_manager` is the public ID by which the list goes on."""

    case_manager: str
    client: str
    client_name: str
    status: str
    service_line: str
    start: date
    end: date | None
    stands_in_for: str


@dataclass(frozen=True, slots=True)
class CaseloadPage:
    """`next` is the case manager (public ID) behind which the list goes on, None at its end."""

    rows: tuple[CaseloadRow, ...]
    next: str | None


def clients_today(actor: Actor) -> Any:
    """A column over Clinician: the number of distinct active clients on the day bound to TODAY.

    Counted up to MOST_COUNTED, so that no practice is so large that a page of its clinicians is slow.
    """
    clients = (
        select(CaseManager.client_id)
        .distinct()
        .join(Client, Client.id == CaseManager.client_id)
        .where(
            CaseManager.clinician_id == Clinician.id,
            CaseManager.removed_at.is_(None),
            CaseManager.start_date <= TODAY,
            or_(CaseManager.end_date.is_(None), CaseManager.end_date >= TODAY),
            Client.status == "active",
            visible_to(actor),
        )
        .limit(MOST_COUNTED)
        .correlate(Clinician)
        .subquery("own_clients")
    )
    return select(func.count()).select_from(clients).scalar_subquery()


def caseload(
    session: Session, actor: Actor, clinician_id: int, today: date, after: str | None = None
) -> CaseloadPage:
    """The clients of today and to come by name, in one statement; with `after` behind that case manager.

    A place that is not one of this clinician's, or of a client whom the actor may not see, starts anew.
    """
    values: dict[str, Any] = {"clinician": clinician_id, "today": today}
    place = None
    if after:
        place = session.execute(
            select(Client.sort_key, Client.id, CaseManager.id)
            .join_from(CaseManager, Client, Client.id == CaseManager.client_id)
            .where(
                CaseManager.public_id == after,
                CaseManager.clinician_id == clinician_id,
                visible_alone(actor),
            )
        ).one_or_none()
    if place:
        values |= {"sort_key": place[0], "client": place[1], "case_manager": place[2]}
    rows = session.connection().execute(_caseload_statement(actor, bool(place)), values).all()
    shown = tuple(
        CaseloadRow(
            case_manager=row.public_id,
            client=row.client,
            client_name=f"{row.last_name}, {row.first_name}".strip(" ,"),
            status=row.status,
            service_line=row.code,
            start=row.start_date,
            end=row.end_date,
            stands_in_for=f"{row.for_first or ''} {row.for_last or ''}".strip(),
        )
        for row in rows[:PAGE_SIZE]
    )
    return CaseloadPage(shown, shown[-1].case_manager if len(rows) > PAGE_SIZE else None)


@kept_by_sight()
def _caseload_statement(actor: Actor, goes_on: bool) -> Select[Any]:
    """The page is found by its keys alone; only its rows are then looked at."""
    key = (Client.sort_key, Client.id, CaseManager.id)
    keys = (
        select(Client.sort_key, Client.id.label("client_id"), CaseManager.id.label("case_manager_id"))
        .join_from(CaseManager, Client, Client.id == CaseManager.client_id)
        .where(
            CaseManager.clinician_id == bindparam("clinician", type_=Integer),
            CaseManager.removed_at.is_(None),
            or_(CaseManager.end_date.is_(None), CaseManager.end_date >= TODAY),
            visible_to(actor),
        )
        .order_by(*key)
        .limit(PAGE_SIZE + 1)
    )
    if goes_on:
        place = (
            bindparam("sort_key", type_=String),
            bindparam("client", type_=Integer),
            bindparam("case_manager", type_=Integer),
        )
        keys = keys.where(tuple_(*key) > tuple_(*place))
    page = keys.subquery("page")
    interim_for = Clinician.__table__.alias("interim_for")
    return (
        select(
            CaseManager.public_id,
            Client.public_id.label("client"),
            Client.first_name,
            Client.last_name,
            Client.status,
            ServiceLine.code,
            CaseManager.start_date,
            CaseManager.end_date,
            interim_for.c.first_name.label("for_first"),
            interim_for.c.last_name.label("for_last"),
        )
        .select_from(page)
        .join(CaseManager, CaseManager.id == page.c.case_manager_id)
        .join(Client, Client.id == page.c.client_id)
        .join(ServiceLine, ServiceLine.id == CaseManager.service_line_id)
        .outerjoin(interim_for, interim_for.c.id == CaseManager.for_clinician_id)
        .order_by(page.c.sort_key, page.c.client_id, page.c.case_manager_id)
    )
