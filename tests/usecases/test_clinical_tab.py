from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from caseapp.domain.actor import LOCAL_USER
from caseapp.domain.coverage_mending import Form
from caseapp.usecases.client_page import ClientHead, client_head
from caseapp.usecases.clinical_banners import Banner
from caseapp.usecases.clinical_tab import ClinicalTab, Row, clinical_tab
from tests import builders
from tests.conftest import NOW
from tests.statements import counted
from tests.usecases.save_desk import TODAY, Desk, a_desk


@pytest.fixture
def desk(session: Session) -> Desk:
    """Lea receives ST alone."""
    made = a_desk(session)
    lea = builders.a_client(session, ["ST"], first_name="Lea")
    builders.a_funding_source(session, lea, made.aetna)
    made = replace(made, lea=lea)
    made.refresh()
    return made


def head(desk: Desk) -> ClientHead:
    desk.session.rollback()
    found = client_head(desk.session, LOCAL_USER, desk.lea.public_id, TODAY)
    assert found is not None
    return found


def tab(desk: Desk) -> ClinicalTab:
    """The tab over fresh findings."""
    desk.refresh()
    return clinical_tab(desk.session, head(desk), TODAY)


def managed(desk: Desk, clinician: builders.Row | None = None, **more: Any) -> builders.Row:
    return builders.a_case_manager(desk.session, desk.lea, "ST", clinician or desk.mei, **more)


def the_banner(desk: Desk) -> Banner:
    (banner,) = tab(desk).banners
    return banner


def the_form(desk: Desk) -> Form:
    """The form that mends the only gap."""
    form = the_banner(desk).form
    assert form is not None
    return form


def the_row(desk: Desk) -> Row:
    (row,) = tab(desk).rows
    return row


def test_a_line_that_has_nobody_is_a_row_and_a_banner_with_the_way_out(desk: Desk) -> None:
    desk.session_on("2026-11-24T09:00")
    shown = tab(desk)
    assert [(row.state, row.service_line, row.today) for row in shown.rows] == [
        ("nobody", "ST", ("error", "cannot be billed"))
    ]
    assert shown.row_of_line("ST") == shown.rows[0]
    assert shown.rows[0].key == "line-ST"
    (banner,) = shown.banners
    assert (banner.lead, banner.severity) == ("ST: no case manager.", "error")
    assert banner.text == (
        "First session at risk Tue 24 Nov, 9:00 am: start by Mon 23 Nov. 1 session at risk."
    )
    assert (the_form(desk).words, the_form(desk).start, the_form(desk).case_manager) == (
        "Assign ST case manager",
        TODAY,
        "",
    )


def test_what_is_overdue_says_so_and_proposes_no_date(desk: Desk) -> None:
    desk.session_on("2026-11-22T15:00")
    banner = the_banner(desk)
    assert banner.text.endswith("1 session at risk. Overdue since Sat 21 Nov.")
    assert banner.form is not None
    assert the_form(desk).start is None


def test_a_line_that_opens_soon_proposes_the_last_day_to_start(desk: Desk) -> None:
    lea = builders.a_client(desk.session)
    builders.a_client_service_line(desk.session, lea, "ST", start_date=date(2026, 12, 1))
    builders.a_funding_source(desk.session, lea, desk.aetna)
    soon = replace(desk, lea=lea)
    soon.session_on("2026-12-02T09:00")
    assert the_form(soon).start == date(2026, 12, 1)
    assert tab(soon).rows == ()


def test_a_case_manager_under_whom_all_is_well_can_be_billed(desk: Desk) -> None:
    made = managed(desk, for_clinician_id=desk.jo.id, end_date=date(2027, 6, 30))
    row = the_row(desk)
    assert (row.id, row.state, row.name) == (made.public_id, "present", "Mei Lindqvist, BCBA")
    assert (row.starts, row.ends, row.stands_in_for) == ("1 Jan 2020", "30 Jun 2027", "Jo Park")
    assert (row.today, row.beneath) == (("ok", "can be billed"), ())
    assert row.npi.startswith("1")
    assert row.key == f"case-manager-{made.public_id}"
    assert row.actions == "Actions for Mei Lindqvist, ST, from 1 Jan 2020"
    assert [banner.code for banner in tab(desk).banners] == ["hand_over"]
    assert tab(desk).row_of_line("ST") is None
    assert tab(desk).row("x" * 20) is None


def test_present_comes_first_then_future_from_the_next_then_past_from_the_last(desk: Desk) -> None:
    ends = [("2026-01-31", None), ("2026-06-30", None)]
    past = [
        managed(desk, start_date=date(2026, 1, 1), end_date=date.fromisoformat(ends[0][0])),
        managed(desk, start_date=date(2026, 2, 1), end_date=date.fromisoformat(ends[1][0])),
    ]
    present = managed(desk, desk.jo, start_date=date(2026, 7, 1), end_date=date(2026, 11, 30))
    future = [
        managed(desk, start_date=date(2027, 2, 1)),
        managed(desk, start_date=date(2026, 12, 1), end_date=date(2027, 1, 31)),
    ]
    rows = tab(desk).rows
    assert [row.id for row in rows] == [
        made.public_id for made in (present, future[1], future[0], past[1], past[0])
    ]
    assert [row.state for row in rows] == ["present", "future", "future", "past", "past"]
    assert [row.today[1] for row in rows] == [
        "can be billed",
        "starts Tue 1 Dec",
        "starts Mon 1 Feb",
        "past",
        "past",
    ]


def test_a_row_says_why_today_cannot_be_billed(desk: Desk) -> None:
    bare = builders.a_clinician(desk.session, ["ST"], credential="", npi=None, active_to=date(2026, 10, 31))
    managed(desk, bare)
    row = the_row(desk)
    assert row.today == ("error", "cannot be billed")
    assert row.beneath == ("Left on 31 Oct 2026", "No NPI", "Not enrolled with Aetna")
    assert (row.name, row.npi) == ("Ada Okafor", "")


def test_a_row_says_that_no_one_pays_and_that_the_line_is_closed(desk: Desk) -> None:
    lea = builders.a_client(desk.session)
    closed = replace(desk, lea=lea)
    managed(closed)
    row = the_row(closed)
    assert row.today == ("error", "cannot be billed")
    assert row.beneath == ("No primary payor", "ST is not open")


def test_the_secondary_payor_and_leave_stand_beneath(desk: Desk) -> None:
    builders.a_funding_source(
        desk.session, desk.lea, builders.a_payor(desk.session, name="Medicaid"), priority="secondary"
    )
    builders.a_leave(desk.session, desk.mei, start_date=date(2026, 12, 7), end_date=date(2026, 12, 18))
    managed(desk)
    row = the_row(desk)
    assert row.today == ("ok", "can be billed")
    assert row.beneath == (
        "Not enrolled with Medicaid (secondary)",
        "On leave 7–18 Dec: no change needed",
    )
    banner = the_banner(desk)
    assert (banner.code, banner.form and banner.form.words) == ("secondary_not_enrolled", None)


def test_a_future_case_manager_is_judged_on_the_first_day(desk: Desk) -> None:
    later = builders.a_clinician(desk.session, ["ST"])
    builders.an_enrollment(desk.session, later, desk.aetna, start_date=date(2026, 12, 1))
    managed(desk, later, start_date=date(2026, 11, 30))
    (_, row) = tab(desk).rows
    assert row.today == ("error", "starts Mon 30 Nov")
    assert row.beneath == ("Not enrolled with Aetna",)


def test_what_another_clinician_mends_is_changed_from_the_day_it_breaks(desk: Desk) -> None:
    lapses = builders.a_clinician(desk.session, ["ST"])
    builders.an_enrollment(desk.session, lapses, desk.aetna, end_date=date(2026, 11, 30))
    managed(desk, lapses)
    desk.session_on("2026-12-02T09:00")
    banner = the_banner(desk)
    assert (banner.code, the_form(desk).words, the_form(desk).start) == (
        "not_enrolled",
        "Change ST case manager",
        date(2026, 12, 2),
    )
    assert banner.text.endswith("1 session at risk. Mend by Wed 2 Dec.")


def test_what_is_broken_today_is_changed_from_today(desk: Desk) -> None:
    managed(desk, builders.a_clinician(desk.session, ["ST"]))
    desk.session_on("2026-12-02T09:00")
    assert the_form(desk).start == TODAY


def test_a_payor_change_is_mended_by_whoever_follows(desk: Desk) -> None:
    leaves = builders.a_clinician(desk.session, ["ST"], [desk.aetna], active_to=date(2026, 12, 31))
    managed(desk, leaves)
    banner = the_banner(desk)
    assert (banner.code, the_form(desk).words, the_form(desk).start) == (
        "clinician_leaves",
        "Plan next ST case manager",
        date(2027, 1, 1),
    )
    assert "Mend by" not in banner.text


def test_a_late_start_is_mended_in_the_one_who_starts_late(desk: Desk) -> None:
    late = managed(desk, start_date=date(2026, 11, 22), end_date=date(2027, 1, 31))
    managed(desk, desk.jo, start_date=date(2027, 2, 1))
    desk.session_on("2026-11-22T15:00")
    banner = the_banner(desk)
    assert (banner.code, banner.form and banner.form.words) == ("starts_too_late", "Edit ST case manager")
    assert the_form(desk).case_manager == late.public_id


def test_banners_stand_in_the_order_of_the_gaps(desk: Desk) -> None:
    for line in ("OT", "ABA"):
        builders.a_client_service_line(desk.session, desk.lea, line)
    desk.session_on("2026-11-30T09:00", "OT")
    leaves = builders.a_clinician(desk.session, ["ST"], [desk.aetna], active_to=date(2026, 11, 30))
    managed(desk, leaves)
    assert [(banner.service_line, banner.code) for banner in tab(desk).banners] == [
        ("OT", "no_case_manager"),
        ("ABA", "no_case_manager"),
        ("ST", "clinician_leaves"),
    ]


def test_the_name_of_the_service_line_leads(desk: Desk) -> None:
    line = builders.a_service_line(desk.session, "SLP", name="Speech therapy")
    builders.a_client_service_line(desk.session, desk.lea, line.key)
    managed(desk)
    assert the_banner(desk).lead == "Speech therapy: no case manager."


def test_who_was_removed_is_not_shown(desk: Desk) -> None:
    managed(desk, removed_at=NOW, removed_by="local user")
    assert the_row(desk).state == "nobody"


def test_five_statements_draw_the_tab_however_much_there_is(desk: Desk, engine: Engine) -> None:
    managed(desk)
    desk.refresh()
    who = head(desk)
    with counted(engine) as little:
        clinical_tab(desk.session, who, TODAY)
    for line in ("ABA", "OT", "PT"):
        builders.a_client_service_line(desk.session, desk.lea, line)
        builders.a_case_manager(desk.session, desk.lea, line)
        desk.session_on("2026-11-24T09:00", line)
    with counted(engine) as much:
        clinical_tab(desk.session, who, TODAY)
    assert len(little) == len(much) == 5
