from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError, StatementError
from sqlalchemy.orm import Session

from caseapp.models import Appointment, broken_constraint, new_public_id
from tests.builders import a_client, an_appointment

BOTH_SIDES_OF_A_CLOCK_CHANGE = [
    datetime(2026, 11, 1, 1, 30, tzinfo=ZoneInfo("America/New_York"), fold=fold) for fold in (0, 1)
]


def test_an_instant_comes_back_as_the_same_instant_in_utc(session: Session) -> None:
    client = a_client(session)
    for moment in BOTH_SIDES_OF_A_CLOCK_CHANGE:
        made = an_appointment(session, client, moment)
        stored = session.scalars(select(Appointment.starts_at).where(Appointment.id == made.id)).one()
        assert stored == moment.astimezone(UTC)
        assert stored.utcoffset() == timedelta(0)


def test_instants_are_compared_as_instants(session: Session) -> None:
    client = a_client(session)
    earlier, later = (an_appointment(session, client, moment).id for moment in BOTH_SIDES_OF_A_CLOCK_CHANGE)
    before = select(Appointment.id).where(Appointment.starts_at < BOTH_SIDES_OF_A_CLOCK_CHANGE[1])
    assert session.scalars(before).all() == [earlier]
    assert session.scalars(select(Appointment.id).order_by(Appointment.starts_at)).all() == [earlier, later]


def test_a_naive_datetime_is_refused(session: Session) -> None:
    with pytest.raises(StatementError, match="needs an offset from UTC"):
        an_appointment(session, a_client(session), datetime.fromisoformat("2026-11-01T09:00"))


def test_text_is_ordered_by_code_point(session: Session) -> None:
    for number in ("b", "a", "B", "Á", "A-1", "A1"):
        a_client(session, number=number)
    ordered = session.scalars(text("SELECT number FROM client ORDER BY number")).all()
    assert ordered == ["A-1", "A1", "B", "a", "b", "Á"]


def test_public_ids_are_twenty_characters_and_never_repeat() -> None:
    made = {new_public_id() for _ in range(10_000)}
    assert len(made) == 10_000
    assert {len(public_id) for public_id in made} == {20}
    assert set("".join(made)) == set("abcdefghijklmnopqrstuvwxyz0123456789")


def test_a_public_id_names_one_row(session: Session) -> None:
    a_client(session, public_id="a" * 20)
    with pytest.raises(IntegrityError) as refused:
        a_client(session, public_id="a" * 20)
    assert broken_constraint(refused.value) == "unique"
