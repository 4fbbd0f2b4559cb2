from datetime import timedelta

from sqlalchemy.orm import Session

from caseapp.usecases.appointment_list import appointment, appointments
from tests.builders import a_client, a_clinician, an_appointment
from tests.conftest import NOW


def test_appointments_come_in_parts_in_both_directions(session: Session) -> None:
    client = a_client(session)
    other = a_client(session)
    an_appointment(session, other, NOW)
    for hour in range(-3, 4):
        an_appointment(session, client, NOW + timedelta(hours=hour))
    same = an_appointment(session, client, NOW + timedelta(hours=3))

    to_come, more = appointments(session, client.id, since=(NOW, 0), limit=3)
    rest, no_more = appointments(session, client.id, since=(to_come[-1].starts_at, to_come[-1].id), limit=3)
    past, more_past = appointments(session, client.id, until=(NOW, 0), limit=2)

    assert [(visit.starts_at - NOW) / timedelta(hours=1) for visit in to_come + rest] == [0, 1, 2, 3, 3]
    assert rest[-1].id == same.id
    assert [(visit.starts_at - NOW) / timedelta(hours=1) for visit in past] == [-1, -2]
    assert (more, no_more, more_past) == (True, False, True)


def test_one_appointment_of_the_client_is_told_as_in_the_list(session: Session) -> None:
    client, clinician = a_client(session), a_clinician(session)
    made = an_appointment(session, client, NOW, clinician=clinician, version=3, status="no_show")

    visit = appointment(session, client.id, made.public_id)

    assert visit is not None
    assert (visit.number, visit.version, visit.status) == (made.key, 3, "no_show")
    assert visit.clinician == "Ada Okafor, BCBA"
    assert appointments(session, client.id, since=(NOW, 0))[0] == [visit]


def test_another_clients_appointment_is_none(session: Session) -> None:
    made = an_appointment(session, a_client(session), NOW)

    assert appointment(session, a_client(session).id, made.public_id) is None
