"""Adding, editing and removing a client's funding sources; one primary on a day."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy import Engine, insert
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from caseapp.domain.funding_source_entry import FundingEntry
from caseapp.models import FundingSource, begin_write, new_public_id
from caseapp.usecases.client_record_facts import ClientRecord
from caseapp.usecases.funding_source import (
    FundingSaved,
    SaveRequest,
    remove_funding_source,
    save_funding_source,
)
from caseapp.usecases.outcome import Refused, Saved, UnknownRecord
from tests import builders
from tests.builders import Row
from tests.conftest import NOW
from tests.statements import counted
from tests.usecases.client_desk import errors, events, everything, last_values, refused, rows, saved
from tests.usecases.save_desk import ANN, PRACTICE, Desk, a_desk


@pytest.fixture
def desk(session: Session) -> Desk:
    return a_desk(session)


@pytest.fixture
def medicaid(session: Session) -> Row:
    return builders.a_payor(session, name="Medicaid")


def send(
    desk: Desk, payor: Row, source: str | None = None, version: int | None = None, **typed: Any
) -> Saved | Refused:
    token = typed.pop("form_token", None)
    values = {"payor": payor.key, "priority": "primary", "start_date": "2026-12-01"} | typed
    request = SaveRequest(
        client=desk.lea.public_id,
        entry=FundingEntry(**values),
        funding_source=source,
        version=version,
        form_token=token,
    )
    return save_funding_source(desk.session, ANN, NOW, PRACTICE, request)


def remove(desk: Desk, source: str, version: int | None, **more: Any) -> Saved | Refused:
    return remove_funding_source(
        desk.session, ANN, NOW, PRACTICE, desk.lea.public_id, source, version=version, **more
    )


def present(desk: Desk) -> Any:
    return rows(desk, FundingSource, client_id=desk.lea.id)[0]


def test_a_secondary_payor_is_added_with_its_event(desk: Desk, medicaid: Row) -> None:
    outcome = saved(send(desk, medicaid, priority="secondary", member_id="W1"))

    assert outcome.message == "Saved: Medicaid is secondary from 1 Dec 2026."
    assert isinstance(outcome, FundingSaved)
    assert not outcome.primary
    assert events(desk, desk.lea.id)[-1] == ("add", "funding_source")
    assert last_values(desk) == {
        "payor": medicaid.key,
        "priority": "secondary",
        "start_date": "2026-12-01",
        "end_date": None,
        "member_id": "W1",
        "version": 1,
    }
    assert desk.kept() == desk.recomputed()


def test_a_second_primary_is_refused_and_nothing_is_stored(desk: Desk, medicaid: Row) -> None:
    before = everything(desk)

    (finding,) = errors(send(desk, medicaid))

    assert (finding.field, finding.code) == ("start_date", "overlap")
    assert finding.message.startswith("Aetna is the primary payor from 1 Jan 2020 with an open end")
    assert everything(desk) == before


def test_the_present_primary_ends_the_day_before_where_it_is_ticked(desk: Desk, medicaid: Row) -> None:
    desk.saved()

    outcome = saved(send(desk, medicaid, end_current=True))

    assert outcome.message == "Saved: Medicaid is primary from 1 Dec 2026. Aetna ends on 30 Nov 2026."
    assert isinstance(outcome, FundingSaved)
    assert outcome.primary
    assert present(desk).end_date == date(2026, 11, 30)
    assert events(desk, desk.lea.id)[-2:] == [("end", "funding_source"), ("add", "funding_source")]
    assert desk.kept() == desk.recomputed()
    assert ("ST", "payor_changes") in [finding[:2] for finding in desk.kept()]


def test_the_database_says_it_in_the_same_words_where_another_was_faster(
    desk: Desk, medicaid: Row, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first look misses the other's primary, as it would where both save at once."""
    looked = []

    def misses_the_first_time(record: ClientRecord, public_id: str | None) -> list[Any]:
        looked.append(public_id)
        return [] if len(looked) < 3 else others(record, public_id)

    others = ClientRecord.other_sources
    told = errors(send(desk, medicaid))
    monkeypatch.setattr(ClientRecord, "other_sources", misses_the_first_time)

    assert errors(send(desk, medicaid)) == told


def test_the_database_itself_refuses_a_second_primary(desk: Desk, medicaid: Row) -> None:
    begin_write(desk.session)
    with pytest.raises(IntegrityError):
        desk.session.execute(
            insert(FundingSource).values(
                public_id=new_public_id(),
                client_id=desk.lea.id,
                payor_id=medicaid.id,
                priority="primary",
                start_date=date(2026, 12, 1),
                recorded_at=NOW,
                version=1,
            )
        )
    desk.session.rollback()


def test_an_edit_changes_the_row_to_its_next_version(desk: Desk) -> None:
    source = present(desk)

    saved(send(desk, desk.aetna, source.public_id, 1, start_date="2020-01-01", end_date="2026-12-31"))

    assert (present(desk).end_date, present(desk).version) == (date(2026, 12, 31), 2)
    assert desk.kept() == desk.recomputed()
    (finding,) = errors(send(desk, desk.aetna, source.public_id, 1, start_date="2020-02-01"))
    assert finding.code == "conflict"
    assert "end date from open to 31 Dec 2026" in finding.message


def test_two_editors_who_want_the_same_are_both_told_that_it_is_saved(desk: Desk) -> None:
    source = present(desk)
    ends = {"start_date": "2020-01-01", "end_date": "2026-12-31"}
    first = saved(send(desk, desk.aetna, source.public_id, 1, **ends))
    before = everything(desk)

    assert saved(send(desk, desk.aetna, source.public_id, 1, **ends)).message == first.message
    assert everything(desk) == before


def test_a_form_sent_twice_saves_once(desk: Desk, medicaid: Row) -> None:
    first = saved(send(desk, medicaid, end_current=True, form_token="token-1"))
    before = everything(desk)

    again = saved(send(desk, medicaid, end_current=True, form_token="token-1"))

    assert again.public_id == first.public_id
    assert everything(desk) == before
    assert refused(send(desk, medicaid, form_token="token-1", member_id="W2")) == [(None, "conflict")]


def test_a_source_entered_in_error_is_removed_and_stays_in_history(desk: Desk) -> None:
    source = present(desk)

    assert refused(remove(desk, source.public_id, 7)) == [(None, "conflict")]
    outcome = saved(remove(desk, source.public_id, 1, reason="Wrong client"))

    assert outcome.message == "Removed: Aetna, primary, from 1 Jan 2020. It stays in History."
    assert rows(desk, FundingSource, client_id=desk.lea.id) == []
    assert desk.kept() == desk.recomputed()
    assert "no_primary_payor" in {finding[1] for finding in desk.kept()}
    assert "removed before" in saved(remove(desk, source.public_id, 1)).message
    (finding,) = errors(send(desk, desk.aetna, source.public_id, 1))
    assert "The reason given: Wrong client." in finding.message


def test_a_source_of_another_client_is_unknown(desk: Desk) -> None:
    other = builders.a_funding_source(desk.session, builders.a_client(desk.session))

    with pytest.raises(UnknownRecord):
        send(desk, desk.aetna, other.public_id, 1)
    with pytest.raises(UnknownRecord):
        remove(desk, other.public_id, 1)


def test_a_save_takes_at_most_twelve_statements(desk: Desk, medicaid: Row, engine: Engine) -> None:
    desk.saved()
    with counted(engine) as sent:
        saved(send(desk, medicaid, priority="secondary", form_token="token-3"))

    assert len(sent) <= 12, sent
