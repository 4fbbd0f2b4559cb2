"""Every worked case of saving, judged by the pure function; then what they do not say."""

from dataclasses import replace
from typing import Any

import pytest

from caseapp.domain.case_manager import INPUTS, Chosen, Judgement, judge
from caseapp.domain.case_manager_entry import CaseManagerEntry, read_entry
from caseapp.domain.client import CaseManager, ClientFacts
from caseapp.domain.clinician import Clinician
from tests.domain.examples import (
    JO,
    MEI,
    PRACTICE,
    a_line,
    a_session,
    at,
    codes,
    d,
    lea,
    managed,
    saved,
    told,
)
from tests.rule_cases import KNOWN_LINES, Case, save_cases


def judged(case: Case) -> Judgement:
    save = case.raw["save"]
    entry = CaseManagerEntry(
        service_line=save["service_line"],
        clinician=save["clinician"],
        start_date=save["start_date"],
        end_date=save["end_date"] or "",
        leave_uncovered=save.get("leave_uncovered", False),
        reason=save.get("reason", ""),
    )
    stored = next((cm for cm in case.facts.case_managers if cm.id == save.get("id")), None)
    chosen = Chosen(known_lines=KNOWN_LINES, clinician=case.clinicians.get(entry.clinician))
    return judge(
        entry,
        read_entry(entry),
        case.facts,
        chosen,
        now=case.instant(case.raw["now"]),
        practice=case.practice,
        stored=stored,
    )


@pytest.mark.parametrize("case", save_cases(), ids=lambda case: case.name)
def test_a_worked_case_of_saving_is_judged_as_written(case: Case) -> None:
    judgement = judged(case)
    assert sorted([f.field, f.code] for f in judgement.errors) == sorted(case.expect["errors"])
    assert sorted([f.field, f.code] for f in judgement.warnings) == sorted(case.expect["warnings"])


def test_there_are_ninety_five_worked_cases() -> None:
    assert len(save_cases()) == 95


def test_a_save_that_breaks_no_rule_is_told_nothing() -> None:
    judgement = saved(lea(appointments=(a_session("2026-11-24T09:00"),)))
    assert judgement.errors == judgement.warnings == ()
    assert judgement.notice.met


def test_all_broken_rules_are_told_at_once() -> None:
    helper = replace(MEI, may_be_case_manager=False, npi=None, service_lines=frozenset(), enrollments=())
    judgement = saved(lea(appointments=(a_session("2026-11-23T09:00"),)), helper, end_date="soon")
    assert codes(judgement) == [
        "invalid_date",
        "wrong_discipline",
        "cannot_be_responsible",
        "npi_missing",
        "not_enrolled",
    ]


def test_a_choice_that_the_practice_does_not_know_is_an_error_on_its_field() -> None:
    judgement = saved(lea(), None, service_line="XX", clinician="nobody", for_clinician="nobody")
    assert [(f.code, f.field) for f in judgement.errors] == [
        ("unknown_choice", "service_line"),
        ("unknown_choice", "clinician"),
        ("unknown_choice", "for_clinician"),
    ]
    assert (
        told(judgement, "unknown_choice") == "This practice has no such service line. Choose one of the list."
    )


def test_nobody_stands_in_for_themselves() -> None:
    known = Chosen(known_lines=("ST",), clinician=MEI, for_clinician=MEI)
    entry = CaseManagerEntry(service_line="ST", clinician="mei", start_date="2026-11-23", for_clinician="mei")
    judgement = judge(entry, read_entry(entry), lea(), known, now=at("2026-11-22T12:00"), practice=PRACTICE)
    assert [(f.code, f.field) for f in judgement.errors] == [("unknown_choice", "for_clinician")]


def test_the_24_hour_rule_tells_the_latest_start_and_the_session_that_decides() -> None:
    judgement = saved(lea(appointments=(a_session("2026-11-24T09:00"),)), start_date="2026-11-24")
    assert told(judgement, "starts_too_late") == (
        "The first appointment is Tue 24 Nov, 9:00 am, and a case manager starts at least 24 hours before. "
        "Start by Mon 23 Nov."
    )
    assert judgement.past_sessions == 0


def test_a_start_after_past_sessions_may_be_true_or_they_are_left() -> None:
    client = lea(appointments=(a_session("2026-11-10T09:00"), a_session("2026-11-12T09:00")))
    judgement = saved(client)
    assert judgement.past_sessions == 2
    assert told(judgement, "starts_too_late") == (
        "The session without a case manager is Tue 10 Nov, 9:00 am, and a case manager starts at least 24 "
        "hours before. "
        "Start by Mon 9 Nov if that is true, or leave these 2 past sessions without a case manager."
    )
    assert not saved(client, leave_uncovered=True, reason="Entered late.").errors


def test_one_past_session_is_spoken_of_as_one() -> None:
    judgement = saved(lea(appointments=(a_session("2026-11-10T09:00"),)))
    assert "or leave this past session without a case manager." in told(judgement, "starts_too_late")


def test_leaving_past_sessions_needs_a_reason() -> None:
    judgement = saved(lea(appointments=(a_session("2026-11-10T09:00"),)), leave_uncovered=True, reason=" ")
    assert [(f.code, f.field) for f in judgement.errors] == [("required", "reason")]
    assert judgement.leaves_uncovered


def test_what_is_still_to_come_cannot_be_left() -> None:
    client = lea(appointments=(a_session("2026-11-10T09:00"), a_session("2026-11-23T09:00")))
    assert saved(client).past_sessions == 0
    judgement = saved(client, leave_uncovered=True, reason="Entered late.")
    assert codes(judgement) == ["starts_too_late"]
    assert "The first appointment is Mon 23 Nov, 9:00 am" in told(judgement, "starts_too_late")


def test_with_nothing_past_there_is_nothing_to_leave() -> None:
    client = lea(appointments=(a_session("2026-11-23T09:00"),))
    judgement = saved(client, leave_uncovered=True)
    assert codes(judgement) == ["starts_too_late"]
    assert not judgement.leaves_uncovered


def test_where_no_start_would_do_the_words_name_the_fact_to_change() -> None:
    opened = d("2026-12-31")
    client = lea(
        service_lines=(a_line(opened),),
        appointments=(a_session("2026-12-31T09:00"),),
        case_managers=(managed(JO, "2026-12-29", "2026-12-30"),),
    )
    # Jo's last day is the day before: her successor needs no notice.
    assert not saved(client, start_date="2026-12-31").errors
    taken = replace(client, case_managers=(managed(JO, "2026-12-01", "2026-12-29"),))
    judgement = saved(taken, start_date="2026-12-31")
    assert told(judgement, "starts_too_late").endswith("Start by Wed 30 Dec.")
    impossible = lea(service_lines=(a_line(d("1900-01-01")),), appointments=(a_session("1900-01-01T09:00"),))
    assert told(saved(impossible), "starts_too_late").endswith(
        "No start date would do: move that appointment, or correct the dates on which Lea receives ST."
    )


def test_who_stands_in_the_way_could_be_ended_the_day_before() -> None:
    client = lea(case_managers=(managed(JO),))
    judgement = saved(client)
    assert codes(judgement) == ["overlap"]
    assert (judgement.current, judgement.current_ends) == (client.case_managers[0], d("2026-11-22"))
    assert not saved(client, end_current=True).errors


def test_where_somebody_stands_in_the_way_the_start_is_not_called_too_late_besides() -> None:
    client = lea(case_managers=(managed(JO),), appointments=(a_session("2026-11-23T09:00"),))
    assert codes(saved(client)) == ["overlap"]


@pytest.mark.parametrize("start", ["2026-11-23", "2026-11-30"])
def test_whoever_starts_on_the_same_day_or_later_is_not_ended(start: str) -> None:
    client = lea(case_managers=(managed(JO, start),))
    judgement = saved(client, end_current=True)
    assert codes(judgement) == ["overlap"]
    assert judgement.current is None


def test_ending_the_current_one_does_not_make_room_for_a_later_one_too() -> None:
    client = lea(case_managers=(managed(JO, end="2026-11-30"), managed(JO, "2026-12-05", id="later")))
    judgement = saved(client, end_current=True)
    assert told(judgement, "overlap").endswith("End this one by Fri 4 Dec.")


def test_an_edit_does_not_stand_in_its_own_way() -> None:
    stored = managed(MEI)
    assert not saved(lea(case_managers=(stored,)), stored=stored, start_date="2021-01-01").errors


def edited(
    stored: CaseManager, client: ClientFacts, clinician: Clinician | None = None, **typed: str
) -> Judgement:
    """An edit that sends the stored values but for what is typed."""
    values: dict[str, Any] = {
        "start_date": stored.start.isoformat(),
        "end_date": stored.end.isoformat() if stored.end else "",
    }
    return saved(client, clinician or stored.clinician, stored=stored, **values | typed)


LATE = a_session("2026-11-10T09:00")
BROKEN = replace(MEI, npi=None, enrollments=(), service_lines=frozenset(), may_be_case_manager=False)


def test_an_edit_that_changes_nothing_tells_what_is_wrong_already_as_warnings() -> None:
    stored = managed(BROKEN, "2026-11-10")
    judgement = edited(stored, lea(case_managers=(stored,), appointments=(LATE,)))
    assert judgement.errors == ()
    assert [(f.code, f.severity) for f in judgement.warnings] == [
        ("wrong_discipline", "warning"),
        ("cannot_be_responsible", "warning"),
        ("npi_missing", "warning"),
        ("not_enrolled", "warning"),
        ("starts_too_late", "warning"),
    ]


def test_an_edit_is_refused_for_what_the_stored_values_did_not_break() -> None:
    stored = managed(MEI)
    assert codes(edited(stored, lea(case_managers=(stored,)), BROKEN)) == [
        "wrong_discipline",
        "cannot_be_responsible",
        "npi_missing",
        "not_enrolled",
    ]


def test_a_finding_whose_inputs_changed_hinders_again() -> None:
    stored = managed(BROKEN, "2026-11-10")
    client = lea(case_managers=(stored,))
    # The start date is an input of the enrollment and the NPI, not of the discipline or the responsibility.
    assert codes(edited(stored, client, start_date="2026-11-09")) == ["npi_missing", "not_enrolled"]


def test_ending_or_ending_sooner_judges_the_dates_alone() -> None:
    stored = managed(BROKEN, "2026-11-10", "2026-12-31")
    client = lea(case_managers=(stored,), appointments=(LATE,))
    assert not edited(stored, client, end_date="2026-11-30").errors
    assert codes(edited(stored, client, end_date="2026-11-09")) == ["end_before_start"]
    opened = managed(BROKEN, "2026-11-10")
    assert not edited(
        opened, lea(case_managers=(opened,), appointments=(LATE,)), end_date="2026-11-30"
    ).errors


def test_a_longer_period_is_judged_on_its_dates_anew() -> None:
    stored = managed(BROKEN, "2026-11-10", "2026-11-30")
    client = lea(case_managers=(stored,), appointments=(LATE,))
    assert codes(edited(stored, client, end_date="2026-12-31")) == ["starts_too_late"]


def test_what_was_left_uncovered_stays_left_on_an_edit() -> None:
    stored = managed(MEI, "2026-11-20", uncovered_left_at=at("2026-11-20T12:00"))
    client = lea(case_managers=(stored,), appointments=(LATE,))
    assert codes(edited(stored, client, end_date="2026-12-31")) == []
    assert codes(edited(stored, client, start_date="2026-11-19")) == []


def test_warnings_wait_until_nothing_is_wrong() -> None:
    leaving = replace(MEI, active_to=d("2026-12-01"))
    assert codes(saved(lea(), leaving, end_date="soon")) == ["invalid_date"]
    assert codes(saved(lea(), leaving)) == ["clinician_leaves"]


def test_every_rule_whose_findings_an_edit_may_keep_names_its_inputs() -> None:
    fields = {"service_line", "clinician", "start_date", "end_date"}
    assert all(inputs and inputs <= fields for inputs in INPUTS.values())
    assert set(INPUTS) == {
        "service_line_not_open",
        "wrong_discipline",
        "cannot_be_responsible",
        "clinician_inactive",
        "npi_missing",
        "not_enrolled",
        "overlap",
        "starts_too_late",
    }
