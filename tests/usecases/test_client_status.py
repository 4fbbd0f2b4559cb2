"""Hold, discharge and readmit: what each writes, and what it says."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from caseapp.domain.client_status_entry import DischargeEntry, ReadmissionEntry
from caseapp.models import Client, ClientServiceLine
from caseapp.usecases.client_status import discharge, hold, readmit
from caseapp.usecases.client_status_act import StatusRequest
from caseapp.usecases.outcome import Refused, Saved, UnknownRecord
from tests import builders
from tests.client_lists import listed
from tests.conftest import NOW
from tests.statements import counted
from tests.usecases.client_desk import errors, events, everything, last_values, refused, rows, saved, terms
from tests.usecases.save_desk import ANN, PRACTICE, Desk, a_desk


@pytest.fixture
def desk(session: Session) -> Desk:
    desk = a_desk(session)
    listed(session, desk.lea)
    return desk


def client(desk: Desk) -> Any:
    return rows(desk, Client, id=desk.lea.id)[0]


def asks(desk: Desk, **more: Any) -> StatusRequest:
    return StatusRequest(**{"client": desk.lea.public_id, "version": client(desk).version} | more)


def held(desk: Desk, **more: Any) -> Saved | Refused:
    return hold(desk.session, ANN, NOW, PRACTICE, asks(desk, **more))


def leave(
    desk: Desk, last_day: str = "2026-11-22", *lines: str, stay: bool = False, **more: Any
) -> Saved | Refused:
    entry = DischargeEntry(last_day=last_day, service_lines=lines, leave_sessions=stay)
    return discharge(desk.session, ANN, NOW, PRACTICE, asks(desk, **more), entry)


def back(desk: Desk, start: str = "", *lines: str, **more: Any) -> Saved | Refused:
    entry = ReadmissionEntry(start_date=start, service_lines=lines)
    return readmit(desk.session, ANN, NOW, PRACTICE, asks(desk, **more), entry)


def test_hold_keeps_what_is_scheduled(desk: Desk) -> None:
    desk.session_on("2026-11-24T09:00")

    outcome = saved(held(desk, reason="Family travels"))

    assert outcome.message == "Lea Hartmann is on hold."
    assert client(desk).status == "on_hold"
    assert events(desk, desk.lea.id) == [("hold", "client")]
    assert desk.kept() == desk.recomputed()
    assert {finding[0] for finding in desk.kept()} == {"ST"}


def test_discharge_ends_lines_and_their_case_managers_that_day(desk: Desk) -> None:
    cm = desk.saved(start_date="2026-11-20").case_manager

    outcome = saved(leave(desk, "2026-11-22", "ABA", "ST"))

    assert outcome.message == "Lea Hartmann is discharged. The last day was 22 Nov 2026."
    assert [finding.code for finding in outcome.warnings] == ["case_manager_ended"]
    assert client(desk).status == "discharged"
    ends = {row.end_date for row in rows(desk, ClientServiceLine, client_id=desk.lea.id)}
    assert ends == {date(2026, 11, 22)}
    assert desk.row(cm).end_date == date(2026, 11, 22)
    assert events(desk, desk.lea.id)[1:] == [
        ("discharge", "client"),
        ("end", "client_service_line"),
        ("end", "client_service_line"),
        ("end", "case_manager"),
    ]
    assert desk.kept() == desk.recomputed() == []


def test_a_discharge_before_the_last_session_is_refused_unless_it_may_stay(desk: Desk) -> None:
    desk.session_on("2026-11-24T09:00")
    before = everything(desk)

    (finding,) = errors(leave(desk, "2026-11-22", "ABA", "ST"))

    assert (finding.field, finding.code) == ("last_day", "sessions_after")
    assert finding.message.startswith("A session lies after this day: ST on Tue 24 Nov, 9:00 am.")
    assert everything(desk) == before
    saved(leave(desk, "2026-11-22", "ABA", "ST", stay=True))
    assert desk.kept() == desk.recomputed()
    assert ("ST", "service_line_not_open") in [finding[:2] for finding in desk.kept()]


def test_a_last_day_to_come_ends_the_lines_and_leaves_the_status(desk: Desk) -> None:
    outcome = saved(leave(desk, "2026-12-18", "ABA", "ST"))

    assert "Until then the status stays" in outcome.message
    assert client(desk).status == "active"
    assert events(desk, desk.lea.id)[0] == ("plan_discharge", "client")
    assert desk.kept() == desk.recomputed()


def test_readmission_opens_lines_anew(desk: Desk) -> None:
    saved(leave(desk, "2026-10-31", "ABA", "ST"))

    outcome = saved(back(desk, "2026-11-23", "ST"))

    assert outcome.message.startswith("Lea Hartmann is active again. Open anew: ST.")
    assert client(desk).status == "active"
    assert [row.start_date for row in rows(desk, ClientServiceLine, client_id=desk.lea.id)][-1] == date(
        2026, 11, 23
    )
    assert events(desk, desk.lea.id)[-2:] == [("readmit", "client"), ("add", "client_service_line")]
    assert last_values(desk)["service_line"] == "ST"
    assert "#ST" in terms(desk, desk.lea.id)
    assert desk.kept() == desk.recomputed()


def test_a_line_that_goes_on_is_not_opened_twice(desk: Desk) -> None:
    saved(held(desk))

    assert refused(back(desk, "2026-11-23", "ST")) == [("start_date", "overlap")]
    saved(back(desk))
    assert client(desk).status == "active"


def test_what_does_not_fit_the_status_is_told(desk: Desk) -> None:
    assert refused(back(desk)) == [(None, "wrong_status")]
    saved(leave(desk, "2026-11-22", "ABA", "ST"))
    assert refused(held(desk)) == [(None, "wrong_status")]
    assert refused(leave(desk)) == [(None, "wrong_status")]


def test_the_same_press_again_writes_nothing(desk: Desk) -> None:
    version = client(desk).version
    first = saved(held(desk, form_token="token-1", version=version))
    before = everything(desk)

    assert held(desk, form_token="token-1", version=version) == first
    assert everything(desk) == before


def test_the_second_of_two_is_told_what_the_first_did(desk: Desk) -> None:
    saved(held(desk))

    (finding,) = errors(leave(desk, "2026-11-22", "ABA", "ST", version=1))

    assert finding.code == "conflict"
    assert "status from active to on hold" in finding.message


def test_an_unknown_client_is_unknown(desk: Desk) -> None:
    with pytest.raises(UnknownRecord):
        hold(desk.session, ANN, NOW, PRACTICE, StatusRequest(client="x" * 20))


def test_a_discharge_takes_as_many_statements_with_many_lines_as_with_one(desk: Desk, engine: Engine) -> None:
    milo = builders.a_client(desk.session, ["ABA"])
    desk.refresh(milo)
    for client, lines in ((milo, ["ABA"]), (desk.lea, ["ABA", "ST"])):
        for line in lines:
            builders.a_case_manager(desk.session, client, line)

    sent = []
    for client, lines in ((milo, ["ABA"]), (desk.lea, ["ABA", "ST"])):
        entry = DischargeEntry(last_day="2026-11-22", service_lines=tuple(lines))
        request = StatusRequest(client=client.public_id, version=1)
        with counted(engine) as statements:
            saved(discharge(desk.session, ANN, NOW, PRACTICE, request, entry))
        sent.append(len(statements))

    assert sent[0] == sent[1]
