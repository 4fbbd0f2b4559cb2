from dataclasses import replace

import pytest

from caseapp.domain.case_manager_rules import (
    blocking,
    cannot_be_responsible,
    clinician_errors,
    overlap,
    service_line_not_open,
    starts_too_late,
    wrong_discipline,
)
from caseapp.domain.finding import Finding
from caseapp.domain.notice import Notice
from caseapp.domain.period import Period
from tests.domain.examples import (
    JO,
    MEI,
    PRACTICE,
    TODAY,
    a_line,
    a_session,
    at,
    d,
    lea,
    managed,
)


def words(finding: Finding | None) -> str:
    assert finding is not None
    return finding.message


def test_a_line_that_the_client_does_not_receive_is_told_with_the_ways_out() -> None:
    finding = service_line_not_open(lea(service_lines=()), "ST", d("2026-11-23"), TODAY)
    assert words(finding) == (
        "On Mon 23 Nov Lea does not receive ST. "
        "Choose a service line that the client receives, or add this one to the client first."
    )
    assert finding is not None
    assert (finding.field, finding.short) == ("service_line", "ST not received on 23 Nov")


def test_a_line_that_opens_within_30_days_is_near_enough() -> None:
    client = lea(service_lines=(a_line(d("2026-12-23")),))
    assert service_line_not_open(client, "ST", d("2026-11-23"), TODAY) is None
    assert words(service_line_not_open(client, "ST", d("2026-11-22"), TODAY)) == (
        "On Sun 22 Nov Lea receives ST only from Wed 23 Dec. "
        "A case manager may start at most 30 days before; choose a later start date."
    )


def test_a_line_that_has_closed_is_told_with_its_last_day() -> None:
    client = lea(service_lines=(a_line(end=d("2026-11-20")),))
    assert words(service_line_not_open(client, "ST", d("2026-11-23"), TODAY)) == (
        "On Mon 23 Nov Lea received ST until Fri 20 Nov. "
        "Choose an earlier start date, or open the service line again first."
    )


def test_another_discipline_is_told_with_what_the_clinician_practises() -> None:
    both = replace(MEI, service_lines=frozenset({"ST", "OT"}))
    assert words(wrong_discipline(both, "ABA")) == (
        "Mei Lindqvist practises OT and ST, not ABA. Choose somebody who does."
    )
    assert words(wrong_discipline(replace(MEI, service_lines=frozenset()), "ABA")).startswith(
        "Mei Lindqvist practises no service line, not ABA."
    )
    assert wrong_discipline(both, "ST") is None


def test_an_assistant_is_told_with_the_credential() -> None:
    assistant = replace(MEI, may_be_case_manager=False, credential="SLPA")
    assert words(cannot_be_responsible(assistant)) == (
        "Mei Lindqvist, SLPA, may not take clinical responsibility. "
        "Choose the clinician who supervises the care."
    )
    assert words(cannot_be_responsible(replace(assistant, credential=""))).startswith(
        "Mei Lindqvist may not take"
    )
    assert cannot_be_responsible(MEI) is None


def test_without_a_line_or_a_start_only_what_can_be_judged_is() -> None:
    helper = replace(MEI, may_be_case_manager=False, enrollments=(), service_lines=frozenset())
    assert [f.code for f in clinician_errors(helper, lea(), None, None, TODAY)] == ["cannot_be_responsible"]
    assert [f.code for f in clinician_errors(helper, lea(), "ST", TODAY, TODAY)] == [
        "wrong_discipline",
        "cannot_be_responsible",
        "not_enrolled",
    ]


def clash(start: str, end: str | None, *standing: tuple[str, str | None]) -> str:
    """The words told of a period where Jo is case manager over each of `standing`."""
    held = tuple(managed(JO, first, last, id=first) for first, last in standing)
    period = Period(start=d(start), end=d(end) if end else None)
    finding = overlap(lea(case_managers=held), "ST", period, None, TODAY)
    assert finding is None or (finding.code, finding.field) == ("overlap", "start_date")
    return finding.message if finding else ""


@pytest.mark.parametrize(
    ("start", "end", "standing", "message"),
    [
        (
            "2026-11-23",
            None,
            [("2026-11-01", None)],
            (
                "Jo Park is already ST case manager from Sun 1 Nov, with no end date. "
                "End Jo Park by Sun 22 Nov to start on this day."
            ),
        ),
        (
            "2026-11-23",
            None,
            [("2026-11-23", None)],
            "Jo Park is already ST case manager from Mon 23 Nov, with no end date. Edit that one instead.",
        ),
        (
            "2026-11-23",
            None,
            [("2026-11-01", "2026-11-30")],
            (
                "Jo Park is already ST case manager from Sun 1 Nov to Mon 30 Nov. "
                "Start on Tue 1 Dec, or end Jo Park by Sun 22 Nov to start on this day."
            ),
        ),
        (
            "2026-11-23",
            "2026-11-30",
            [("2026-11-01", "2026-11-30")],
            (
                "Jo Park is already ST case manager from Sun 1 Nov to Mon 30 Nov. "
                "End Jo Park by Sun 22 Nov to start on this day."
            ),
        ),
        (
            "2026-11-23",
            None,
            [("2026-11-01", "2026-11-30"), ("2026-12-01", "2026-12-04")],
            (
                "Jo Park is already ST case manager from Sun 1 Nov to Mon 30 Nov. "
                "Start on Sat 5 Dec, or end Jo Park by Sun 22 Nov to start on this day."
            ),
        ),
        (
            "2026-11-23",
            None,
            [("2026-11-01", "2026-11-30"), ("2026-12-01", None)],
            (
                "Jo Park is already ST case manager from Sun 1 Nov to Mon 30 Nov. "
                "End Jo Park by Sun 22 Nov to start on this day."
            ),
        ),
        (
            "2026-11-23",
            None,
            [("2026-12-07", None)],
            "Jo Park is ST case manager from Mon 7 Dec. End this one by Sun 6 Dec.",
        ),
        ("2026-11-23", "2026-12-06", [("2026-12-07", None)], ""),
        ("2026-11-23", None, [("2026-11-01", "2026-11-22")], ""),
        (
            "2026-11-23",
            None,
            [("2026-11-01", "2100-12-31")],
            "End Jo Park by Sun 22 Nov to start on this day.",
        ),
    ],
)
def test_days_that_are_taken_are_told_with_what_makes_room(
    start: str, end: str | None, standing: list[tuple[str, str | None]], message: str
) -> None:
    told = clash(start, end, *standing)
    assert told.endswith(message)
    assert bool(told) == bool(message)


def test_blocking_lists_the_earliest_first_and_neither_itself_nor_another_line() -> None:
    later, sooner = (
        managed(JO, "2026-12-01", id="later"),
        managed(MEI, "2026-11-01", "2026-11-30", id="sooner"),
    )
    client = lea(case_managers=(later, sooner, managed(MEI, id="other", service_line="ABA")))
    assert blocking(client, "ST", Period(start=d("2026-11-30")), None) == [sooner, later]
    assert blocking(client, "ST", Period(start=d("2026-11-30")), "later") == [sooner]


def test_the_words_of_the_24_hour_rule_say_the_hours_that_the_practice_has_set() -> None:
    session = a_session("2026-11-24T09:00")
    notice = Notice(session, (session,), d("2026-11-22"))
    longer = replace(PRACTICE, notice=PRACTICE.notice * 1.5)
    now = at("2026-11-22T12:00")
    assert "at least 36 hours before" in words(starts_too_late(lea(), "ST", notice, longer, now, TODAY))
    assert starts_too_late(lea(), "ST", Notice(session), longer, now, TODAY) is None
