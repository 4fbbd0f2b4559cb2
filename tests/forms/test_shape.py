import pytest
from werkzeug.datastructures import MultiDict
from wtforms import Form, StringField, TextAreaField

from caseapp.domain.finding import Finding
from caseapp.forms.shape import LONG, SHORT, Marked, Shape, not_text, unknown_fields


class Small(Form):  # type: ignore[misc]  # wtforms comes without types
    name = StringField("First name", [Marked(), Shape()])
    note = TextAreaField("Note", [Shape(LONG)])


def findings(*sent: tuple[str, str]) -> list[tuple[str, str | None, str]]:
    form = Small(MultiDict(sent))
    form.validate()
    told: list[Finding] = [error for field in form for error in field.errors]
    assert all(finding.severity == "error" for finding in told)
    return [(finding.code, finding.field, finding.message) for finding in told]


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "Léa",
        "两岁",
        "שלום",
        "👩🏽‍⚕️",
        "<script>alert(1)</script>",
        "{{ 7*7 }}",
        "' OR 1=1 --",
        "%00",
        "a\tb",
    ],
)
def test_what_people_type_is_taken_as_typed(text: str) -> None:
    assert findings(("name", text)) == []


def test_lines_are_text() -> None:
    assert findings(("note", "one\r\ntwo\nthree")) == []


@pytest.mark.parametrize("character", ["\x00", "\x08", "\x1b", "\x1f", "\ud800"])
def test_what_no_database_keeps_is_refused_on_its_field(character: str) -> None:
    assert not_text(f"a{character}b")
    assert findings(("name", f"a{character}b")) == [
        ("not_text", "name", "First name holds a character that is not text. Type it without that one.")
    ]


def test_a_field_sent_twice_is_refused_also_with_the_same_value() -> None:
    assert findings(("name", "Lea"), ("name", "Lea"), ("name", "Mia")) == [
        ("sent_twice", "name", "First name was sent 3 times. Send it once.")
    ]


@pytest.mark.parametrize(("name", "limit", "label"), [("name", SHORT, "First name"), ("note", LONG, "Note")])
def test_a_text_of_enormous_length_is_refused(name: str, limit: int, label: str) -> None:
    assert findings((name, "x" * limit)) == []
    assert findings((name, "x" * (limit + 1))) == [
        ("too_long", name, f"{label} has {limit + 1:,} characters; at most {limit:,} are kept.")
    ]


def test_what_was_not_sent_has_a_good_shape() -> None:
    assert findings() == []


def test_the_mark_draws_required_and_judges_nothing() -> None:
    form = Small(MultiDict([("name", "")]))
    assert form.validate()
    assert form["name"].flags.required
    assert not form["note"].flags.required


def test_fields_that_the_form_does_not_have_are_named() -> None:
    assert unknown_fields(Small(), ["name", "note"]) == []
    (finding,) = unknown_fields(Small(), ["zzz", "name", "admin", "admin"])
    assert (finding.code, finding.field) == ("unknown_field", None)
    assert finding.message == "This form has no field “admin”. Nothing was changed: open the form anew."


@pytest.mark.parametrize("name", ["x" * 41, "a\x00", "\ud800"])
def test_a_field_with_an_odd_name_is_not_repeated(name: str) -> None:
    (finding,) = unknown_fields(Small(), [name])
    assert "with a very odd name" in finding.message
