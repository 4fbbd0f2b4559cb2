"""The walk that holds wherever Caseapp is embedded: sign in, add, edit, remove, an error, a time-out."""

import re

from playwright.sync_api import expect

from tests.e2e import desk
from tests.e2e.accounts import Accounts, sign_in
from tests.e2e.desk import Place


def walk(place: Place, accounts: Accounts) -> None:
    """From the page that signs in to the form that comes back after a time-out, in a page or a frame."""
    sign_in(place, "dana")
    expect(place.locator("#signed-in")).to_contain_text("Signed in as Dana")
    desk.open_clinical(place, "Harper, Milo")
    work(place, accounts)


def work(place: Place, accounts: Accounts) -> None:
    """At Milo Harper's case managers, where nobody is ST case manager yet."""
    desk.open_form(place)
    desk.save(place)
    expect(place.locator("#start_date-error [data-code=required]")).to_be_visible()
    desk.choose_line(place, "ST")
    desk.field(place, "Start date").fill(desk.TODAY)
    name = desk.choose_first_who_could_be_saved(place)
    desk.save(place)
    status = place.get_by_role("status")
    expect(status).to_contain_text(f"Saved: {name} is ST case manager from 23 Nov 2026.")

    desk.act(place, name, "Edit")
    desk.field(place, "End date").fill("2027-03-31")
    desk.save(place)
    expect(status).to_contain_text("to 31 Mar 2027")

    desk.act(place, name, "Remove")
    place.locator("#removal-form").get_by_role("button", name="Remove", exact=True).click()
    expect(status).to_contain_text(f"Removed: {name}")
    expect(desk.menu_of(place, name)).to_have_count(0)

    desk.open_form(place)
    with desk.refreshed(place):
        desk.field(place, "End date").fill("2027-06-30")
        desk.field(place, "End date").blur()
    accounts.later(20)
    desk.save(place)
    expect(place.locator("#kept")).to_contain_text("What you typed is kept")
    assert re.search("/sign-in", place.url)
    sign_in(place, "dana")
    expect(desk.field(place, "End date")).to_have_value("2027-06-30")
    desk.choose_line(place, "ST")
    desk.field(place, "Start date").fill(desk.TODAY)
    name = desk.choose_first_who_could_be_saved(place)
    desk.save(place)
    expect(status).to_contain_text(f"Saved: {name} is ST case manager from 23 Nov 2026 to 30 Jun 2027.")
