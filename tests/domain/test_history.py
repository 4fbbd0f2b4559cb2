"""Audit events in words."""

from zoneinfo import ZoneInfo

from caseapp.domain.history import Told, tell

ZONE = ZoneInfo("America/New_York")
NAMES = {"K-1": "Mei Lindqvist", "K-2": "Jo Abara", "AET": "Aetna"}
STORED = {
    "service_line": "ST",
    "clinician": "K-1",
    "start_date": "2026-02-03",
    "end_date": None,
    "for_clinician": None,
    "version": 1,
}


def test_an_added_record_is_told_with_what_it_holds() -> None:
    assert tell("add", "case_manager", {}, STORED, ZONE, NAMES) == Told(
        "Added case manager: ST · Mei Lindqvist",
        ("Service line: ST", "Case manager: Mei Lindqvist", "Start date: 3 Feb 2026"),
    )


def test_a_changed_record_is_told_by_what_differs() -> None:
    after = STORED | {"clinician": "K-2", "end_date": "2026-11-30", "version": 2}
    assert tell("edit", "case_manager", STORED, after, ZONE, NAMES) == Told(
        "Changed case manager: ST · Jo Abara",
        ("Case manager: Mei Lindqvist → Jo Abara", "End date: open → 30 Nov 2026"),
    )


def test_a_removed_record_is_told_by_its_name() -> None:
    told = tell("remove", "case_manager", STORED, STORED | {"removed_at": "x"}, ZONE, NAMES)
    assert told == Told("Removed case manager: ST · Mei Lindqvist", ())


def test_values_are_told_as_a_person_reads_them() -> None:
    values = {
        "number": "A-1",
        "service_line": "OT",
        "clinician": None,
        "starts_at": "2026-11-24T14:00:00+00:00",
        "minutes": 45,
        "status": "no_show",
        "billable": True,
    }
    told = tell("add", "appointment", {}, values, ZONE, {})
    assert told.headline == "Added appointment: OT · 24 Nov 2026, 9:00 am"
    assert "Status: no-show" in told.details
    assert "Billable: yes" in told.details


def test_an_unknown_name_stays_what_it_was_recorded_as() -> None:
    told = tell("add", "enrollment", {}, {"clinician": "K-9", "payor": "AET"}, ZONE, NAMES)
    assert told.headline == "Added enrollment: K-9 · Aetna"


def test_what_nobody_knows_yet_is_still_told() -> None:
    assert tell("seal", "batch_of_rows", {}, {}, ZONE, {}) == Told("Seal batch of rows", ())


def test_lists_and_empty_values_have_words() -> None:
    before = {"service_lines": ["ABA", "ST"], "npi": None}
    after = {"service_lines": [], "npi": "1234567893"}
    told = tell("edit", "clinician", before, after, ZONE, {})
    assert told.details == ("Service lines: ABA, ST → empty", "NPI: empty → 1234567893")


def test_the_start_of_an_enrollment_is_its_effective_date() -> None:
    told = tell("add", "enrollment", {}, {"clinician": "K-1", "start_date": "2026-01-02"}, ZONE, NAMES)
    assert "Effective date: 2 Jan 2026" in told.details


HANDED_OVER = {"clinician": "K-1", "successors": ["K-2"], "clients": 12, "left_out": []}


def test_what_belongs_to_a_hand_over_says_so() -> None:
    told = tell(
        "end",
        "case_manager",
        {"service_line": "ST", "clinician": "K-1", "end_date": None},
        {"service_line": "ST", "clinician": "K-1", "end_date": "2026-11-30"},
        ZoneInfo("America/New_York"),
        {"K-1": "Mei Lind", "K-2": "Jo Park"},
        hand_over=HANDED_OVER,
    )

    assert told.details == (
        "Part of the hand-over from Mei Lind to Jo Park, 12 clients",
        "End date: open → 30 Nov 2026",
    )


def test_a_hand_over_is_told_by_itself_and_when_it_was_undone() -> None:
    names = {"K-1": "Mei Lind", "K-2": "Jo Park"}
    zone = ZoneInfo("America/New_York")

    applied = tell("apply", "hand_over", {}, HANDED_OVER | {"left_out": [["x", "moves"]]}, zone, names)
    undone = tell("undo", "hand_over", HANDED_OVER, HANDED_OVER, zone, names)

    assert applied.headline == "Hand-over from Mei Lind to Jo Park, 12 clients"
    assert applied.details == ("Left out: 1 line",)
    assert undone.headline == "Undone: hand-over from Mei Lind to Jo Park, 12 clients"
    assert undone.details == ()


def test_who_does_not_see_all_clients_is_not_told_how_many_were_handed_over() -> None:
    left_out = HANDED_OVER | {"left_out": [["x", "moves"]]}
    whole = tell("apply", "hand_over", {}, left_out, ZONE, NAMES, counted=False)
    part = tell("end", "case_manager", STORED, STORED, ZONE, NAMES, HANDED_OVER, counted=False)

    assert whole == Told("Hand-over from Mei Lindqvist to Jo Abara", ())
    assert part.details == ("Part of the hand-over from Mei Lindqvist to Jo Abara",)
