"""Every worked case of saving, through the form: as a page and as a fragment, on both databases."""

from zoneinfo import ZoneInfo

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from caseapp.models import AuditEvent, CaseManager
from tests.case_rows import StoredCase, store
from tests.rule_cases import Case, instant, save_cases
from tests.web.page import Page

HTMX = {"HX-Request": "true"}


def marked(case: Case) -> object:
    zone = ZoneInfo(case.raw["timezone"])
    settings = pytest.mark.settings(zone=zone, now=instant(case.raw["now"], zone))
    return pytest.param(case, marks=settings, id=case.name)


def addresses(case: Case, stored: StoredCase) -> tuple[str, str]:
    """Where the form is opened, and where it posts to."""
    base = f"/clients/{stored.client}/case-managers"
    edited = case.raw["save"].get("id")
    if edited is None:
        return f"{base}/new", base
    edit = f"{base}/{stored.case_managers[edited]}/edit"
    return edit, edit


def count(session: Session) -> tuple[int, int]:
    session.rollback()
    rows = session.execute(select(func.count()).select_from(CaseManager)).scalar_one()
    events = session.execute(select(func.count()).select_from(AuditEvent)).scalar_one()
    return rows, events


@pytest.mark.parametrize("headers", [{}, HTMX], ids=["page", "fragment"])
@pytest.mark.parametrize("case", [marked(case) for case in save_cases()])
def test_a_worked_case_is_saved_or_refused_as_written(
    case: Case, headers: dict[str, str], session: Session, client: FlaskClient
) -> None:
    stored = store(session, case)
    opens, posts = addresses(case, stored)
    opened = client.get(opens, headers=headers)
    assert opened.status_code == 200
    save = case.raw["save"]
    sent = Page(opened.text).values("case-manager-form") | {
        name: save.get(name) or ""
        for name in ("service_line", "clinician", "start_date", "end_date", "reason")
    }
    if save.get("leave_uncovered"):
        sent["leave_uncovered"] = "y"
    before = count(session)

    answered = client.post(posts, data=sent, headers=headers)

    if case.expect["errors"]:
        assert answered.status_code == 422
        page = Page(answered.text)
        assert sorted(page.errors()) == sorted(case.expect["errors"])
        assert (
            page.values("case-manager-form").items()
            >= {name: value for name, value in sent.items() if name in save}.items()
        )
        assert 'data-code="enrollment_ends"' not in answered.text
        assert count(session) == before
        return
    assert answered.status_code == (200 if headers else 303)
    told = answered.text if headers else client.get(answered.headers["Location"]).text
    messages = Page(told)
    codes = (
        messages.codes("messages")
        if not headers
        else [
            e.attributes["data-code"]
            for part in messages.elements
            if part.attributes.get("hx-swap-oob") == "innerHTML:#messages"
            for e in part.all()
            if "data-code" in e.attributes
        ]
    )
    assert sorted(codes) == sorted(code for _, code in case.expect["warnings"])
    assert count(session) == (before[0] + (0 if save.get("id") else 1), before[1] + 1)
