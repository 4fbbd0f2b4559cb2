"""The one order in which successors and interims are suggested."""

from dataclasses import replace

from caseapp.domain.client import ClientFacts
from caseapp.domain.successor import is_client_of, ranked, seen_by
from tests.domain.examples import JO, MEI, PRACTICE, a_session, d, lea, managed

DAY = d("2026-12-01")
KIM = replace(MEI, number="kim", first_name="Kim", last_name="Abel", caseload_limit=5)


def order(facts: ClientFacts, for_good: bool = True, **caseloads: int) -> list[str]:
    return [
        c.clinician.number for c in ranked([MEI, JO, KIM], facts, DAY, PRACTICE, caseloads, for_good=for_good)
    ]


def test_who_saw_the_client_comes_before_who_has_room_or_fewer_clients() -> None:
    seen = lea(appointments=(a_session("2026-11-20T09:00", clinician="kim", status="completed"),))

    assert order(seen, kim=5, mei=0, jo=1) == ["kim", "mei", "jo"]


def test_who_has_room_comes_before_who_has_fewer_clients_where_it_is_for_good() -> None:
    assert order(lea(), kim=5, mei=9, jo=8) == ["jo", "mei", "kim"]
    assert order(lea(), for_good=False, kim=5, mei=9, jo=8) == ["kim", "jo", "mei"]


def test_a_client_who_is_theirs_already_needs_no_room() -> None:
    facts = lea(case_managers=(managed(KIM, service_line="OT"),))

    (kim,) = ranked([KIM], facts, DAY, PRACTICE, {"kim": 5}, for_good=True)

    assert kim.already
    assert kim.has_room
    assert is_client_of(facts, "kim", DAY)
    assert not is_client_of(facts, "mei", DAY)


def test_the_31_days_before_count_by_the_practices_days() -> None:
    facts = lea(
        appointments=(
            a_session("2026-10-31T00:00", clinician="mei", status="completed"),
            a_session("2026-10-30T23:59", clinician="jo", status="completed"),
            a_session("2026-12-01T00:00", clinician="kim", status="completed"),
            a_session("2026-11-30T09:00", clinician="ada", status="scheduled"),
            a_session("2026-11-30T09:00", status="completed"),
        )
    )

    assert seen_by(facts, DAY, PRACTICE) == {"mei"}
