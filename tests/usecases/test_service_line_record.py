"""Service lines: what follows a change of code, and what two people do at one instant."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from caseapp.domain.actor import LOCAL_USER
from caseapp.domain.practice import Practice
from caseapp.domain.service_line_entry import LineEntry, judge_line
from caseapp.models import (
    ClientTerm,
    CoverageFinding,
    CoverageTurn,
    ServiceLine,
    begin_write,
)
from caseapp.usecases import service_line_record
from caseapp.usecases.outcome import Refused, Saved
from caseapp.usecases.service_line_record import LineRequest, save_line
from caseapp.usecases.service_line_removal import remove_line
from tests import builders
from tests.client_lists import listed
from tests.conftest import NOW, ZONE
from tests.statements import counted
from tests.web.desk import judged

WHERE = (LOCAL_USER, NOW.astimezone(UTC), Practice(ZONE))
MUSIC = LineEntry(code="MUS", name="Music Therapy")


def findings(session: Session) -> list[str]:
    session.rollback()
    return list(session.scalars(select(CoverageFinding.message).order_by(CoverageFinding.code)))


def terms(session: Session) -> set[str]:
    session.rollback()
    return set(session.scalars(select(ClientTerm.term).where(ClientTerm.term.startswith("#"))))


def codes(session: Session) -> list[str]:
    session.rollback()
    return list(session.scalars(select(ServiceLine.code).order_by(ServiceLine.code)))


def test_a_change_of_code_carries_search_terms_and_the_words_of_findings_with_it(
    session: Session, engine: Engine
) -> None:
    line = builders.a_service_line(session, "ST", name="Speech Therapy")
    client = builders.a_client(session, ["ABA"])
    builders.a_client_service_line(session, client, "ST", end_date=date(2021, 1, 1))
    builders.an_appointment(session, client, datetime(2026, 11, 24, 9, tzinfo=ZONE), "ST")
    listed(session, client)
    judged(session, client)
    before = findings(session)
    renamed = LineRequest(entry=LineEntry(code="SLP", name="Speech"), line=line.public_id, version=1)

    with counted(engine) as sent:
        assert isinstance(save_line(session, *WHERE, renamed), Saved)

    assert len(sent) <= 12
    assert terms(session) == {"#ABA", "#SLP"}
    told = findings(session)
    assert any("receive ST" in words for words in before)
    assert told == [words.replace("receive ST", "receive SLP") for words in before]
    judged(session, client)
    assert findings(session) == told


def test_a_change_of_name_alone_leaves_the_findings_as_they_were_for_none_tells_it(session: Session) -> None:
    line = builders.a_service_line(session, "ST")
    client = builders.a_client(session, ["ST"])
    judged(session, client)
    before = findings(session)

    save_line(
        session,
        *WHERE,
        LineRequest(entry=LineEntry(code="ST", name="Speech"), line=line.public_id, version=1),
    )

    assert findings(session) == before
    judged(session, client)
    assert findings(session) == before


def test_a_code_that_another_took_meanwhile_is_told(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    builders.a_service_line(session, "MUS", name="Music in Groups")
    blind: list[dict[str, str]] = [{}]
    monkeypatch.setattr(
        service_line_record,
        "judge_line",
        lambda entry, known: judge_line(entry, blind.pop() if blind else known),
    )

    outcome = save_line(session, *WHERE, LineRequest(entry=MUSIC))

    assert isinstance(outcome, Refused)
    assert [finding.code for finding in outcome.errors] == ["taken"]
    assert codes(session) == ["MUS"]


def test_an_edit_of_what_was_removed_meanwhile_is_told(session: Session) -> None:
    line = builders.a_service_line(session, "MUS")
    remove_line(session, *WHERE, line.public_id, 1)

    outcome = save_line(session, *WHERE, LineRequest(entry=MUSIC, line=line.public_id, version=1))

    assert isinstance(outcome, Refused)
    assert "removed this service line" in outcome.errors[0].message


def test_what_was_judged_of_a_line_goes_with_it(session: Session) -> None:
    line, client = builders.a_service_line(session, "MUS"), builders.a_client(session)
    begin_write(session)
    session.add(CoverageTurn(client_id=client.id, service_line_id=line.id, asked_on=date(2026, 1, 1)))
    session.commit()

    assert isinstance(remove_line(session, *WHERE, line.public_id, 1), Saved)

    assert codes(session) == []


@pytest.mark.parametrize(
    "user", ["client", "clinician", "case manager", "removed case manager", "appointment"]
)
def test_whatever_points_at_a_line_keeps_it(session: Session, user: str) -> None:
    line, client = builders.a_service_line(session, "MUS"), builders.a_client(session)
    someone = builders.a_clinician(session)
    match user:
        case "client":
            builders.a_client_service_line(session, client, "MUS", end_date=date(2020, 2, 1))
        case "clinician":
            builders.a_clinician(session, ["MUS"])
        case "case manager":
            builders.a_case_manager(session, client, "MUS", someone)
        case "removed case manager":
            builders.a_case_manager(session, client, "MUS", someone, removed_at=builders.RECORDED_AT)
        case _:
            builders.an_appointment(session, client, builders.RECORDED_AT, "MUS")

    outcome = remove_line(session, *WHERE, line.public_id, 1)

    assert isinstance(outcome, Refused)
    assert f"MUS is used by 1 {user}" in outcome.errors[0].message
    assert "MUS" in codes(session)
