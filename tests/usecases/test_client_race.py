"""Two who save at once: the database lets one through, and the other is told in the words of the rule."""

from collections.abc import Callable
from threading import Barrier, Thread

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from caseapp.domain.client_entry import ClientEntry
from caseapp.domain.funding_source_entry import FundingEntry
from caseapp.models import Client, FundingSource
from caseapp.usecases import funding_source
from caseapp.usecases.client_intake import IntakeRequest, take_in
from caseapp.usecases.outcome import Refused, Saved
from tests import builders
from tests.conftest import NOW
from tests.usecases.client_desk import rows
from tests.usecases.save_desk import ANN, PRACTICE, a_desk

Save = Callable[[Session], Saved | Refused]


def at_once(engine: Engine, *saves: Save) -> list[Saved | Refused]:
    """Run the saves side by side, each on its own connection."""
    ready, outcomes = Barrier(len(saves)), []

    def run(save: Save) -> None:
        with Session(engine) as session:
            ready.wait()
            outcomes.append(save(session))

    threads = [Thread(target=run, args=(save,)) for save in saves]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return outcomes


def told(outcomes: list[Saved | Refused]) -> list[str]:
    return sorted("saved" if isinstance(each, Saved) else each.errors[0].code for each in outcomes)


def test_two_who_take_in_under_one_number(session: Session, engine: Engine) -> None:
    desk = a_desk(session)

    def taken(name: str) -> Save:
        person = ClientEntry(number="C-900", last_name=name, first_name="Bee")
        return lambda own: take_in(own, ANN, NOW, PRACTICE, IntakeRequest(person=person))

    assert told(at_once(engine, taken("Doe"), taken("Roe"))) == ["saved", "taken"]
    assert len(rows(desk, Client, number="C-900")) == 1


def test_one_form_sent_twice_at_once_is_saved_once(session: Session, engine: Engine) -> None:
    desk = a_desk(session)
    person = ClientEntry(number="C-900", last_name="Doe", first_name="Bee")
    request = IntakeRequest(person=person, form_token="token-1")

    outcomes = at_once(engine, *[lambda own: take_in(own, ANN, NOW, PRACTICE, request)] * 2)

    assert outcomes[0] == outcomes[1]
    assert len(rows(desk, Client, number="C-900")) == 1


def test_two_who_name_a_primary_payor(session: Session, engine: Engine) -> None:
    desk = a_desk(session)
    nobody = builders.a_client(session)
    other = builders.a_payor(session, name="Medicaid")

    def named(payor: str) -> Save:
        request = funding_source.SaveRequest(
            client=nobody.public_id,
            entry=FundingEntry(payor=payor, priority="primary", start_date="2026-11-01"),
        )
        return lambda own: funding_source.save_funding_source(own, ANN, NOW, PRACTICE, request)

    assert told(at_once(engine, named(desk.aetna.key), named(other.key))) == ["overlap", "saved"]
    assert len(rows(desk, FundingSource, client_id=nobody.id)) == 1
