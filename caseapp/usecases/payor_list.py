"""The payors of the practice: one page of them, with how many clients each pays for first today."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, or_, select, tuple_
from sqlalchemy.orm import Session

from caseapp.domain.payor import must_be_enrolled
from caseapp.domain.payor_entry import TYPE_WORDS, PayorValues, requirement_words
from caseapp.models import FundingSource, Payor

PAGE = 50
MOST_COUNTED = 1_000


@dataclass(frozen=True, slots=True)
class PayorRow:
    """All as it is shown; `clients` are those with it as primary payor today."""

    id: str
    name: str
    code: str
    type: str
    requires: bool
    requirement: str
    clients: str


@dataclass(frozen=True, slots=True)
class PayorList:
    """A page; `next` is the payor to go on behind, None at the end."""

    rows: tuple[PayorRow, ...]
    next: str | None


def payor_list(session: Session, today: date, after: str | None = None) -> PayorList:
    """A page of payors by name, in at most two statements. Nothing is counted beyond MOST_COUNTED.

    The numbers are those of the whole practice, whoever asks: they tell of no single client.
    """
    key = (Payor.name, Payor.code)
    counted = (
        select(FundingSource.client_id)
        .where(
            FundingSource.payor_id == Payor.id,
            FundingSource.priority == "primary",
            FundingSource.start_date <= today,
            or_(FundingSource.end_date.is_(None), FundingSource.end_date >= today),
        )
        .correlate(Payor)
        .limit(MOST_COUNTED + 1)
        .subquery()
    )
    number = select(func.count()).select_from(counted).scalar_subquery()
    found = select(
        Payor.public_id,
        Payor.name,
        Payor.code,
        Payor.type,
        Payor.requires_enrollment,
        number.label("clients"),
    )
    if after:
        # The place is an ID: a name in an address could be a person's who pays.
        place = session.execute(select(*key).where(Payor.public_id == after)).one_or_none()
        if place is not None:
            found = found.where(tuple_(*key) > tuple_(*place))
    rows = session.execute(found.order_by(*key).limit(PAGE + 1)).all()
    shown = tuple(
        _row(
            row.public_id,
            PayorValues(
                code=row.code, name=row.name, type=row.type, requires_enrollment=row.requires_enrollment
            ),
            row.clients,
        )
        for row in rows[:PAGE]
    )
    return PayorList(shown, shown[-1].id if len(rows) > PAGE else None)


def _row(public_id: str, values: PayorValues, clients: int) -> PayorRow:
    payor = values.payor
    return PayorRow(
        id=public_id,
        name=values.name,
        code=values.code,
        type=TYPE_WORDS[payor.type],
        requires=must_be_enrolled(payor),
        requirement=requirement_words(payor),
        clients=f"more than {MOST_COUNTED:,}" if clients > MOST_COUNTED else f"{clients:,}",
    )
