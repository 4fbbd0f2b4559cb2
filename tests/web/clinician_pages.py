"""What the tests of clinicians' pages share: a clinician as typed, and how a page is asked and read."""

from tests.builders import Row
from tests.web.desk import Desk
from tests.web.page import Element, Page

ADA = {
    "number": "K-101",
    "last_name": "Okafor",
    "first_name": "Ada",
    "credential": "BCBA",
    "npi": "1234567893",
    "taxonomy_code": "103K00000X",
    "may_be_case_manager": "y",
    "active_from": "2024-01-01",
    "active_to": "",
    "caseload_limit": "12",
    "email": "ada@example.org",
}


def of(clinician: Row, verb: str = "") -> str:
    return f"/clinicians/{clinician.public_id}{verb}"


def texts(page: Page, element_id: str) -> str:
    element = page.by_id(element_id)
    assert element is not None
    return element.text


def names(page: Page) -> list[str]:
    return [e.text for e in page.elements if e.tag == "a" and e.attributes.get("class") == "name"]


def focused(page: Page) -> list[str]:
    return [e.attributes.get("id") or e.text for e in page.elements if "data-focus" in e.attributes]


def filled(desk: Desk, clinician: Row, **fields: str) -> dict[str, str]:
    """What the edit form of a clinician would send, but for the fields given."""
    return desk.get(of(clinician, "/edit")).values("clinician-form") | fields


def search(desk: Desk, **fields: str) -> Page:
    return Page(desk.send("/clinicians", fields, 200).text)


def boxes(page: Page) -> list[Element]:
    return [e for e in page.elements if e.attributes.get("name") == "service_lines"]
