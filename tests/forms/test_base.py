from collections.abc import Iterator

import pytest
from flask import Flask
from wtforms import BooleanField, StringField
from wtforms.validators import InputRequired

from caseapp.domain.finding import Finding
from caseapp.forms.base import STALE, Form
from tests.databases import ONE_DATABASE
from tests.web.audit import audit

pytestmark = ONE_DATABASE

PAGE = """
{% from "macros/field.html" import field, check %}
{% from "macros/error_summary.html" import error_summary %}
<form method="post" action="/x"><input type="hidden" name="csrf_token" value="t">
{{ error_summary(form) }}
{{ field(form.start, hint="First session Tue") }}
{{ field(form.end, attrs={"hx-get": "/y"}) }}
{{ check(form.agreed) }}
</form>"""


class SmallForm(Form):
    start = StringField("Start date", [InputRequired("Give the start date.")])
    end = StringField("End date", description="Leave empty while it is open.")
    agreed = BooleanField("Agreed")


@pytest.fixture
def request_context(app: Flask) -> Iterator[None]:
    with app.test_request_context(method="POST", data={}):
        yield


def drawn(app: Flask, form: Form) -> str:
    return app.jinja_env.from_string(PAGE).render(form=form)


@pytest.mark.usefixtures("request_context")
def test_findings_stand_at_their_fields_and_the_others_above() -> None:
    form = SmallForm(meta={"csrf": False})
    form.refuse(
        [
            Finding("conflict", None, "error", "Somebody was faster."),
            Finding("starts_too_late", "start", "error", "Start earlier."),
            Finding("odd", "elsewhere", "error", "Not here."),
        ]
    )

    assert [finding.code for finding in form.form_findings] == ["conflict", "odd"]
    assert [(at, finding.code) for at, finding in form.field_findings] == [("start", "starts_too_late")]
    assert form.refusal == "Three things keep this from being saved"


@pytest.mark.usefixtures("request_context")
def test_a_missing_token_is_a_finding_of_the_form() -> None:
    form = SmallForm()

    assert not form.validate()
    assert form.form_findings == [STALE]
    assert [finding.message for _, finding in form.field_findings] == ["Give the start date."]


@pytest.mark.usefixtures("request_context")
def test_one_thing_is_told_in_the_singular() -> None:
    form = SmallForm(meta={"csrf": False})
    form.refuse([Finding("conflict", None, "error", "Somebody was faster.")])

    assert form.refusal == "One thing keeps this from being saved"


@pytest.mark.usefixtures("request_context")
def test_a_field_is_drawn_with_label_asterisk_hint_and_errors(app: Flask) -> None:
    form = SmallForm()
    form.validate()
    form.refuse([Finding("conflict", None, "error", "<b>Faster.</b>")])

    elements = audit(drawn(app, form), page=False)

    by_id = {e.attributes["id"]: e for e in elements if "id" in e.attributes}
    start, end = by_id["start"], by_id["end"]
    assert start.attributes["aria-describedby"] == "start-hint start-error"
    assert start.attributes["aria-invalid"] == "true"
    assert "required" in start.attributes
    assert "aria-invalid" not in end.attributes
    assert end.attributes["aria-describedby"] == "end-hint"
    assert end.attributes["hx-get"] == "/y"
    assert by_id["start-hint"].text() == "First session Tue"
    assert by_id["start-error"].text().strip() == "Give the start date."
    labels = {e.attributes["for"]: e.text() for e in elements if e.tag == "label"}
    assert labels == {"start": "Start date", "end": "End date", "agreed": "Agreed"}
    assert [e.text() for e in elements if e.attributes.get("class") == "req"] == ["*"]
    told = [e.attributes["data-code"] for e in elements if "data-code" in e.attributes]
    assert told == ["csrf", "conflict", "invalid"]
    assert "<b>" not in drawn(app, form)
    assert [e.attributes["href"] for e in elements if e.tag == "a"] == ["#start"]


@pytest.mark.usefixtures("request_context")
def test_a_form_without_errors_has_no_summary(app: Flask) -> None:
    html = drawn(app, SmallForm(meta={"csrf": False}))

    assert "summary" not in html
