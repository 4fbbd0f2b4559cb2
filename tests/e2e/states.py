"""Every page and state of the program, to be looked at by the tests of what it looks like."""

from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.e2e import desk


def client_list(page: Page) -> None:
    page.goto("/clients")


def no_match(page: Page) -> None:
    page.goto("/clients")
    page.get_by_label("Search clients").fill("zzzz")
    expect(page.get_by_text("No client found")).to_be_visible()


def tab(name: str) -> Callable[[Page], None]:
    def opened(page: Page) -> None:
        desk.find_client(page, "Harper, Milo")
        page.get_by_role("tab", name=name, exact=True).click()
        expect(page.get_by_role("tab", name=name, exact=True)).to_have_attribute("aria-selected", "true")

    return opened


def clinical_of(name: str) -> Callable[[Page], None]:
    return lambda page: desk.open_clinical(page, name)


def menu(page: Page) -> None:
    desk.open_clinical(page, "Harper, Milo")
    desk.menu_of(page, "Priya Natarajan").click()
    expect(page.get_by_role("menuitem", name="Remove").locator("visible=true")).to_be_visible()


def dialog(page: Page) -> None:
    desk.open_clinical(page, "Harper, Milo")
    desk.open_form(page)


def refused_dialog(page: Page) -> None:
    dialog(page)
    desk.choose_line(page, "ABA")
    desk.field(page, "Start date").fill("2026-12-01")
    desk.save(page)
    expect(page.locator("#error-summary")).to_be_visible()


def edit(page: Page) -> None:
    desk.open_clinical(page, "Harper, Milo")
    desk.act(page, "Priya Natarajan", "Edit")
    expect(page.locator("#case-manager-form")).to_be_visible()


def refused_edit(page: Page) -> None:
    edit(page)
    desk.field(page, "Start date").fill("")
    desk.save(page)
    expect(page.locator("#error-summary")).to_be_visible()


def remove(page: Page) -> None:
    desk.open_clinical(page, "Harper, Milo")
    desk.act(page, "Priya Natarajan", "Remove")
    expect(page.locator("#removal-form")).to_be_visible()


def refused_removal(page: Page) -> None:
    remove(page)
    page.locator("#removal-form").get_by_role("button", name="Remove", exact=True).click()
    expect(page.locator("#error-summary")).to_be_visible()


def form_page(page: Page) -> None:
    desk.open_clinical(page, "Harper, Milo")
    page.goto(page.url.replace("/clinical", "/case-managers/new?service_line=ST"))


def message_with_warnings(page: Page) -> None:
    desk.open_clinical(page, "Harper, Milo")
    desk.act(page, "Priya Natarajan", "Edit")
    desk.field(page, "End date").fill("2027-06-30")
    desk.save(page)
    expect(page.get_by_role("status").locator("[data-code]").first).to_be_visible()


def start(page: Page) -> None:
    page.goto("/")


def caseloads(page: Page) -> None:
    page.goto("/caseloads")


def caseload_list(page: Page) -> None:
    caseloads(page)
    page.get_by_role("link", name="Clients of Natarajan, Priya").click()
    expect(page.get_by_role("dialog")).to_be_visible()


def caseload_page(page: Page) -> None:
    caseloads(page)
    link = page.get_by_role("link", name="Clients of Natarajan, Priya")
    page.goto(link.get_attribute("href") or "")


def missing(page: Page) -> None:
    page.goto("/nowhere")


def gaps(asked: str = "") -> Callable[[Page], None]:
    def opened(page: Page) -> None:
        page.goto(f"/coverage{asked}")
        expect(page.get_by_role("heading", level=1)).to_have_text("Coverage gaps")

    return opened


def suggested(page: Page) -> None:
    page.goto("/coverage")
    page.get_by_role("link", name="Assign: No case manager, ST, Harper, Milo").click()
    expect(page.locator("#suggestion")).to_be_visible()


STATES: dict[str, Callable[[Page], None]] = {
    "start": start,
    "caseloads": caseloads,
    "list of a caseload": caseload_list,
    "page of a caseload": caseload_page,
    "list": client_list,
    "no match": no_match,
    "profile": tab("Profile"),
    "clinical": tab("Clinical"),
    "funding": tab("Funding source"),
    "appointments": tab("Appointments"),
    "history": tab("History"),
    "clinical, many": clinical_of("O'Hara, Wren"),
    "clinical, warnings": clinical_of("Slate, Imani"),
    "menu": menu,
    "dialog": dialog,
    "refused dialog": refused_dialog,
    "edit": edit,
    "refused edit": refused_edit,
    "remove": remove,
    "refused removal": refused_removal,
    "page of the form": form_page,
    "not found": missing,
    "gaps": gaps(),
    "gaps, filtered": gaps("?kind=not_enrolled&severity=error"),
    "gaps, none": gaps("?kind=npi_missing&service_line=PT"),
    "gaps, another day": gaps("?on=2027-01-15"),
    "gaps, asked wrongly": gaps("?kind=nonsense&on=soon"),
    "gaps, suggestion": suggested,
    # Last, since it changes the practice.
    "message": message_with_warnings,
}
