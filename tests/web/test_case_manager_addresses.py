"""What every address of a client's case managers answers to misuse: six questions of each view."""

import pytest

from tests import builders
from tests.databases import ONE_DATABASE
from tests.web.audit import audit
from tests.web.desk import Desk, Scene, stored
from tests.web.page import Page

ROUTES = [
    ("GET", "clinical"),
    ("GET", "case-managers/new"),
    ("POST", "case-managers"),
    ("GET", "case-managers/CM"),
    ("GET", "case-managers/CM/edit"),
    ("POST", "case-managers/CM/edit"),
    ("GET", "case-managers/CM/remove"),
    ("POST", "case-managers/CM/remove"),
]
ALL_METHODS = {"GET", "POST", "PUT", "PATCH", "DELETE"}
UNKNOWN = [
    "a" * 20,
    "9" * 20,
    "0",
    "1",
    "-1",
    "A" * 20,
    "%00",
    "..",
    "a" * 500,
    "%ED%A0%80",
    "' OR 1=1 --",
    "é" * 20,
]


def statuses(desk: Desk, address: str, method: str) -> set[int]:
    """What an address answers with and without a good token."""
    data = [{"csrf_token": desk.token()}, {}] if method == "POST" else [None]
    return {
        desk.client.open(address, method=method, data=sent, headers=desk.headers).status_code for sent in data
    }


def test_an_unknown_client_is_not_found(desk: Desk, scene: Scene) -> None:
    before = stored(desk.session)

    for method, route in ROUTES:
        path = route.replace("CM", scene.present.public_id)
        for unknown in UNKNOWN:
            assert statuses(desk, f"/clients/{unknown}/{path}", method) <= {404, 308}, (
                method,
                route,
                unknown,
            )
    assert stored(desk.session) == before


def test_an_unknown_case_manager_or_one_of_another_client_is_not_found(desk: Desk, scene: Scene) -> None:
    other = builders.a_client(desk.session, ["ABA"])
    elsewhere = builders.a_case_manager(desk.session, other, "ABA")
    before = stored(desk.session)

    for method, route in ROUTES:
        if route == "case-managers/CM" and not desk.fragments:
            continue  # leads to the tab, which says what there is
        for unknown in [elsewhere.public_id, *UNKNOWN] if "CM" in route else []:
            address = f"/clients/{scene.milo.public_id}/{route.replace('CM', unknown)}"
            assert statuses(desk, address, method) <= {404, 405, 308}, (method, route, unknown)
    assert stored(desk.session) == before


def test_a_wrong_method_is_told_which_ones_are_right(desk: Desk, scene: Scene) -> None:
    before = stored(desk.session)

    for route in {route for _, route in ROUTES}:
        address = f"/clients/{scene.milo.public_id}/{route.replace('CM', scene.present.public_id)}"
        right = {method for method, of in ROUTES if of == route}
        for method in sorted(ALL_METHODS - right):
            answer = desk.client.open(address, method=method, headers=desk.headers)
            assert answer.status_code == 405
            assert set(answer.allow) - {"HEAD", "OPTIONS"} == right
            assert answer.mimetype == ("text/plain" if desk.fragments else "text/html")
    assert stored(desk.session) == before


@pytest.mark.parametrize(
    "sent", [None, "", "stale", "a.b.c", "\x00", "x" * 5000], ids=lambda sent: repr(sent)[:9]
)
@ONE_DATABASE
@pytest.mark.parametrize("route", ["case-managers", "case-managers/CM/edit", "case-managers/CM/remove"])
def test_without_a_good_token_nothing_is_changed_and_the_form_comes_back(
    desk: Desk, scene: Scene, route: str, sent: str | None
) -> None:
    before = stored(desk.session)
    fields = scene.mei_for_st() | {"version": "1"} if "remove" not in route else {"reason": "Wrong client."}
    if "edit" in route:
        fields |= {"change_kind": "correction", "reason": "It was another client's form."}
    address = f"/clients/{scene.milo.public_id}/{route.replace('CM', scene.present.public_id)}"

    answer = desk.client.post(
        address, data=fields | ({} if sent is None else {"csrf_token": sent}), headers=desk.headers
    )

    assert answer.status_code == 422
    audit(answer.text, page=not desk.fragments)
    page = Page(answer.text)
    assert page.codes("form-error") == ["csrf"]
    form = "removal-form" if "remove" in route else "case-manager-form"
    values = page.values(form)
    assert values["csrf_token"] not in ("", sent)
    assert {name: values[name] for name in fields} == fields
    assert stored(desk.session) == before
    again = desk.client.post(address, data=values, headers=desk.headers)
    assert again.status_code == (200 if desk.fragments else 303)
