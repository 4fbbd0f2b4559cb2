from datetime import UTC, date, datetime

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from caseapp.domain.appointment import Appointment
from caseapp.domain.client import CaseManager, ClientFacts, ClientServiceLine
from caseapp.domain.clinician import Clinician, Leave
from caseapp.domain.enrollment import Enrollment
from caseapp.domain.payor import FundingSource, Payor
from caseapp.usecases.facts import load_facts
from tests import builders
from tests.builders import LONG_AGO, Row
from tests.conftest import NOW
from tests.statements import counted


def a_full_client(session: Session) -> Row:
    """With one of everything."""
    payor = builders.a_payor(session)
    clinician = builders.a_clinician(session, ["ST"], [payor])
    builders.a_leave(session, clinician)
    client = builders.a_client(session, ["ST"])
    builders.a_funding_source(session, client, payor)
    builders.a_case_manager(session, client, "ST", clinician)
    builders.an_appointment(session, client, NOW, "ST", clinician)
    return client


def test_everything_that_the_rules_ask_is_loaded(session: Session) -> None:
    aetna = builders.a_payor(session, code="AET", name="Aetna", requires_enrollment=False)
    mei = builders.a_clinician(
        session,
        ["OT", "ST"],
        number="mei",
        first_name="Mei",
        last_name="Lindqvist",
        credential="CCC-SLP",
        npi="1234567893",
        active_from=date(2020, 1, 1),
        active_to=date(2030, 1, 1),
        caseload_limit=7,
        may_be_case_manager=False,
    )
    builders.an_enrollment(
        session,
        mei,
        aetna,
        status="terminated",
        start_date=date(2021, 1, 1),
        end_date=date(2022, 1, 1),
        applied_on=date(2020, 6, 1),
    )
    builders.a_leave(session, mei, start_date=date(2026, 12, 1), end_date=date(2026, 12, 9), note="Travel")
    jo = builders.a_clinician(session, [], number="jo", first_name="Jo", last_name="Park", npi=None)
    lea = builders.a_client(session, number="C-7", first_name="Lea", status="on_hold")
    builders.a_client_service_line(
        session, lea, "ST", start_date=date(2026, 1, 5), end_date=date(2026, 12, 31)
    )
    builders.a_funding_source(
        session, lea, aetna, priority="tertiary", start_date=date(2026, 1, 1), end_date=date(2027, 1, 1)
    )
    stored = builders.a_case_manager(
        session,
        lea,
        "ST",
        mei,
        start_date=date(2026, 2, 1),
        end_date=date(2026, 3, 1),
        for_clinician_id=jo.id,
        uncovered_left_at=NOW,
        uncovered_left_reason="Entered late.",
    )
    starts_at = datetime(2026, 11, 24, 14, tzinfo=UTC)
    builders.an_appointment(session, lea, starts_at, "OT", jo, status="no_show", billable=False)

    expected_mei = Clinician(
        number="mei",
        first_name="Mei",
        last_name="Lindqvist",
        credential="CCC-SLP",
        npi="1234567893",
        service_lines=frozenset({"OT", "ST"}),
        may_be_case_manager=False,
        active_from=date(2020, 1, 1),
        active_to=date(2030, 1, 1),
        caseload_limit=7,
        enrollments=(Enrollment("AET", "terminated", date(2021, 1, 1), date(2022, 1, 1), date(2020, 6, 1)),),
        leaves=(Leave(start=date(2026, 12, 1), end=date(2026, 12, 9), note="Travel"),),
    )
    expected_jo = Clinician(
        number="jo", first_name="Jo", last_name="Park", credential="BCBA", npi=None, service_lines=frozenset()
    )
    assert load_facts(session, [lea.id])[lea.id] == ClientFacts(
        number="C-7",
        first_name="Lea",
        status="on_hold",
        service_lines=(ClientServiceLine(service_line="ST", start=date(2026, 1, 5), end=date(2026, 12, 31)),),
        funding_sources=(
            FundingSource(
                payor=Payor("AET", "Aetna", "insurance", False),
                priority="tertiary",
                start=date(2026, 1, 1),
                end=date(2027, 1, 1),
            ),
        ),
        case_managers=(
            CaseManager(
                id=stored.public_id,
                service_line="ST",
                clinician=expected_mei,
                for_clinician=expected_jo,
                uncovered_left_at=NOW.astimezone(UTC),
                start=date(2026, 2, 1),
                end=date(2026, 3, 1),
            ),
        ),
        appointments=(
            Appointment(
                service_line="OT", starts_at=starts_at, status="no_show", billable=False, clinician="jo"
            ),
        ),
    )


def test_each_client_has_their_own_facts_and_unknown_ids_are_left_out(session: Session) -> None:
    one, other, bare = a_full_client(session), a_full_client(session), builders.a_client(session)
    facts = load_facts(session, [one.id, other.id, bare.id, 10**6])
    assert set(facts) == {one.id, other.id, bare.id}
    assert facts[one.id].number != facts[other.id].number
    for client in (one, other):
        of = facts[client.id]
        lengths = [len(x) for x in (of.service_lines, of.funding_sources, of.case_managers, of.appointments)]
        assert lengths == [1, 1, 1, 1]
    assert facts[bare.id] == ClientFacts(number=bare.key, first_name="Léa")
    assert load_facts(session, []) == {}


def test_who_was_removed_is_not_among_the_facts(session: Session) -> None:
    client = builders.a_client(session, ["ST"])
    builders.a_case_manager(session, client, "ST", removed_at=NOW, removed_by="local user")
    later = builders.a_case_manager(session, client, "ST", start_date=date(2026, 1, 1))
    earlier = builders.a_case_manager(session, client, "ST", end_date=date(2025, 12, 31))
    facts = load_facts(session, [client.id])[client.id]
    assert [cm.id for cm in facts.case_managers] == [earlier.public_id, later.public_id]
    assert facts.case_managers[0].start == LONG_AGO


def test_as_many_statements_load_one_client_as_many(session: Session, engine: Engine) -> None:
    clients = [a_full_client(session) for _ in range(6)]
    with counted(engine) as for_one:
        load_facts(session, [clients[0].id])
    with counted(engine) as for_all:
        load_facts(session, [client.id for client in clients])
    assert len(for_one) == len(for_all) == 4
