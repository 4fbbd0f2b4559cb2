from collections.abc import Callable

import pytest
from flask import Flask

from caseapp.forms.case_manager import RemovalForm
from caseapp.forms.strict import TOKEN_LENGTH
from tests.databases import ONE_DATABASE

pytestmark = ONE_DATABASE
Sent = Callable[..., RemovalForm]


@pytest.fixture
def sent(app: Flask) -> Sent:
    """A form as it comes in a post; forged requests are not the matter here."""
    app.config["WTF_CSRF_ENABLED"] = False

    def send(**fields: str) -> RemovalForm:
        with app.test_request_context(method="POST", data=fields):
            form = RemovalForm()
            form.validate()
            return form

    return send


@pytest.mark.parametrize(
    ("text", "version"),
    [
        ("", None),
        (" ", None),
        ("3", 3),
        (" 3 ", 3),
        ("999999999", 999999999),
        ("1000000000", 0),
        ("9" * 20, 0),
        ("-1", 0),
        ("1.0", 0),
        ("٣", 0),
        ("²", 0),
        ("x", 0),
    ],
)
def test_the_version_is_a_number_or_none_that_could_be_one(
    sent: Sent, text: str, version: int | None
) -> None:
    assert sent(version=text).version_sent == version


@pytest.mark.parametrize(
    ("text", "token"),
    [
        ("", None),
        ("a-token", "a-token"),
        ("x" * TOKEN_LENGTH, "x" * TOKEN_LENGTH),
        ("x" * (TOKEN_LENGTH + 1), None),
        ("é", None),
    ],
)
def test_the_token_is_one_that_we_could_have_made(sent: Sent, text: str, token: str | None) -> None:
    assert sent(form_token=text).token_sent == token


def test_what_was_not_sent_is_none(sent: Sent) -> None:
    form = sent()
    assert (form.version_sent, form.token_sent) == (None, None)
    assert form.form_findings == []


def test_a_new_form_has_a_token_of_its_own_and_the_version(app: Flask) -> None:
    with app.test_request_context():
        one, other = RemovalForm(formdata=None), RemovalForm(formdata=None)
        one.begin(3)
        other.begin()
    assert (one.version.data, other.version.data) == ("3", "")
    assert one.token_sent
    assert one.token_sent != other.token_sent


def test_an_unknown_field_refuses_the_form(sent: Sent) -> None:
    form = sent(reason="Wrong child.", admin="1")
    assert [finding.code for finding in form.form_findings] == ["unknown_field"]
