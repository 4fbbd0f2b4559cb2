"""What must hold of every judgement, whatever was typed and whatever the facts."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from caseapp.domain.case_manager import INPUTS, Chosen, Judgement, judge
from caseapp.domain.case_manager_entry import CaseManagerEntry, read_entry
from caseapp.domain.case_manager_rules import blocking
from caseapp.domain.client import CaseManager, ClientFacts
from caseapp.domain.clinician import Clinician
from caseapp.domain.period import Period
from caseapp.domain.practice import Practice
from caseapp.domain.words import short_day
from tests.domain.strategies import LINES, STAFF, days, facts, in_another_order, staffs, timelines

PRACTICE = Practice(ZoneInfo("America/New_York"))
NOW = datetime(2026, 11, 1, 17, tzinfo=UTC)
CODES = {*INPUTS, "required", "invalid_date", "end_before_start", "unknown_choice"}
WARNINGS = {
    "secondary_not_enrolled",
    "no_primary_payor",
    "enrollment_ends",
    "payor_changes",
    "clinician_leaves",
    "caseload_full",
    "on_leave",
}


def iso_days(reach: int = 60) -> st.SearchStrategy[str]:
    return days(reach).map(date.isoformat)


def entries() -> st.SearchStrategy[CaseManagerEntry]:
    """Mostly sensible, sometimes not."""
    return st.builds(
        CaseManagerEntry,
        service_line=st.sampled_from((*LINES, *LINES, "", "XX")),
        clinician=st.sampled_from((*STAFF, *STAFF, "", "nobody")),
        start_date=iso_days() | iso_days() | st.sampled_from(("", "2026-02-30")),
        end_date=st.just("") | iso_days(120) | st.just("soon"),
        for_clinician=st.sampled_from(("", "", "ada", "nobody")),
        end_current=st.booleans(),
        leave_uncovered=st.booleans(),
        reason=st.sampled_from(("", "  ", "Entered late.")),
    )


def judged(
    entry: CaseManagerEntry,
    client: ClientFacts,
    staff: tuple[Clinician, ...] = (),
    stored: CaseManager | None = None,
    others: int = 0,
) -> Judgement:
    known = {clinician.number: clinician for clinician in staff}
    chosen = Chosen(
        known_lines=LINES,
        clinician=known.get(entry.clinician),
        for_clinician=known.get(entry.for_clinician),
        others=others,
    )
    return judge(entry, read_entry(entry), client, chosen, now=NOW, practice=PRACTICE, stored=stored)


def codes(judgement: Judgement) -> set[str]:
    return {finding.code for finding in judgement.errors}


@given(entries(), facts(), staffs(), st.integers(0, 3), st.data())
def test_a_judgement_depends_on_its_inputs_alone_and_on_no_order_among_them(
    entry: CaseManagerEntry,
    client: ClientFacts,
    staff: tuple[Clinician, ...],
    others: int,
    data: st.DataObject,
) -> None:
    first = judged(entry, client, staff, others=others)
    assert judged(entry, client, staff, others=others) == first
    assert judged(entry, data.draw(in_another_order(client)), staff, others=others) == first


@given(entries(), facts(), staffs())
def test_what_is_told_names_its_code_and_field_and_is_a_sentence(
    entry: CaseManagerEntry, client: ClientFacts, staff: tuple[Clinician, ...]
) -> None:
    judgement = judged(entry, client, staff)
    assert codes(judgement) <= CODES
    assert not (judgement.errors and judgement.warnings)
    assert {finding.code for finding in judgement.warnings} <= WARNINGS
    for finding in (*judgement.errors, *judgement.warnings):
        assert finding.field in (
            "service_line",
            "clinician",
            "start_date",
            "end_date",
            "for_clinician",
            "reason",
        )
        assert finding.message.endswith(".")
        assert "None" not in finding.message
        assert (finding.severity == "error") == (finding in judgement.errors)


@settings(max_examples=800)
@given(timelines(), days(60), st.none() | st.integers(0, 40), st.booleans(), st.booleans())
def test_saving_with_the_start_date_that_the_words_name_is_neither_too_late_nor_an_overlap(
    client: ClientFacts, start: date, length: int | None, end_current: bool, leave: bool
) -> None:
    entry = CaseManagerEntry(
        service_line="ST",
        clinician="mei",
        start_date=start.isoformat(),
        end_date="" if length is None else (start + timedelta(days=length)).isoformat(),
        end_current=end_current,
        leave_uncovered=leave,
        reason="Entered late.",
    )
    judgement = judged(entry, client)
    latest = judgement.notice.latest_start
    if "starts_too_late" not in codes(judgement) or latest is None:
        return
    again = judged(replace(entry, start_date=latest.isoformat()), client)
    # A later case manager who stood in the way before is told as before; the new date adds nobody.
    if "overlap" not in codes(judgement):
        assert "overlap" not in codes(again)
    assert "starts_too_late" not in codes(again)


@settings(max_examples=800)
@given(timelines(), days(60), st.none() | st.integers(0, 40))
def test_the_end_that_the_words_of_an_overlap_name_makes_room(
    client: ClientFacts, start: date, length: int | None
) -> None:
    end = None if length is None else start + timedelta(days=length)
    in_the_way = blocking(client, "ST", Period(start=start, end=end), None)
    if not in_the_way or in_the_way[0].start <= start:
        return
    ends_by = in_the_way[0].start - timedelta(days=1)
    entry = CaseManagerEntry(
        service_line="ST", clinician="mei", start_date=start.isoformat(), end_date=ends_by.isoformat()
    )
    assert "overlap" not in codes(judged(entry, client))


@settings(max_examples=800)
@given(timelines(), days(60))
def test_the_start_that_the_words_of_an_overlap_name_is_free(client: ClientFacts, start: date) -> None:
    entry = CaseManagerEntry(service_line="ST", clinician="mei", start_date=start.isoformat())
    told = next((f.message for f in judged(entry, client).errors if f.code == "overlap"), "")
    free = start
    while (cm := client.case_manager_on("ST", free)) and cm.end:
        free = cm.end + timedelta(days=1)
    assert (f"tart on {short_day(free, NOW.date())}" in told) == (start < free and cm is None)


@settings(max_examples=800)
@given(timelines(), days(60))
def test_ending_the_current_one_as_offered_makes_the_start_possible(client: ClientFacts, start: date) -> None:
    entry = CaseManagerEntry(
        service_line="ST", clinician="mei", start_date=start.isoformat(), end_date=start.isoformat()
    )
    judgement = judged(entry, client)
    holder = client.case_manager_on("ST", start)
    assert (judgement.current is None) == (holder is None or holder.start == start)
    if judgement.current is not None:
        assert judgement.current == holder
        assert judgement.current_ends == start - timedelta(days=1)
        assert {"overlap"} <= codes(judgement)
        ended = codes(judged(replace(entry, end_current=True), client))
        assert not ended & {"overlap", "starts_too_late"}


@given(facts())
def test_an_unchanged_save_of_what_is_stored_is_never_refused(client: ClientFacts) -> None:
    for stored in client.case_managers:
        judgement = judged(entry_of(stored), client, (stored.clinician,), stored)
        assert judgement.errors == ()


@given(facts(), st.integers(0, 200))
def test_what_is_stored_can_always_be_ended_or_ended_sooner(client: ClientFacts, length: int) -> None:
    for stored in client.case_managers:
        end = stored.start + timedelta(days=length)
        if end < stored.last:
            entry = replace(entry_of(stored), end_date=end.isoformat())
            assert judged(entry, client, (stored.clinician,), stored).errors == ()


def entry_of(stored: CaseManager) -> CaseManagerEntry:
    return CaseManagerEntry(
        service_line=stored.service_line,
        clinician=stored.clinician.number,
        start_date=stored.start.isoformat(),
        end_date=stored.end.isoformat() if stored.end else "",
    )
