"""The form of a clinician, and the search form of their list."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from wtforms import BooleanField, Field, Form, SelectMultipleField, StringField, SubmitField
from wtforms.fields.choices import SelectChoice
from wtforms.widgets import CheckboxInput, DateInput, ListWidget

from caseapp.domain.clinician_entry import ClinicianEntry
from caseapp.domain.entry_reader import is_text
from caseapp.forms.shape import LONG, Marked, Shape
from caseapp.forms.strict import StrictForm
from caseapp.usecases.client_page import LARGEST_ID
from caseapp.usecases.clinician_list import Place, Question

STANDINGS = [("active", "Active"), ("left", "Left"), ("", "Any")]
_TEXTS = (
    "number",
    "last_name",
    "first_name",
    "credential",
    "npi",
    "taxonomy_code",
    "active_from",
    "active_to",
    "caseload_limit",
    "email",
)
_MOST_LINES = 500
_TYPED_LENGTH = 1000
_CODE_LENGTH = 100
_PLACE = re.compile(r"([0-9]{1,10})~(.{0,200})")


class ShapeOfEach(Shape):
    """Sent any number of times, each of them once; every one a short text."""

    def __call__(self, form: Form, field: Field) -> None:
        sent = field.raw_data or []
        try:
            for text in sent[:_MOST_LINES]:
                field.raw_data = [text]
                super().__call__(form, field)
        finally:
            field.raw_data = sent


class ClinicianForm(StrictForm):
    """Labels, hints and marks of the fields. What they must hold is the domain's to say."""

    number = StringField("Number", [Marked(), Shape(LONG)])
    last_name = StringField("Last name", [Marked(), Shape(LONG)])
    first_name = StringField("First name", [Marked(), Shape(LONG)])
    credential = StringField(
        "Credential", [Shape(LONG)], description="As after the name: BCBA, CCC-SLP, OTR/L …"
    )
    npi = StringField("Individual NPI", [Shape(LONG)])
    taxonomy_code = StringField(
        "Taxonomy code", [Shape(LONG)], description="Type a part of the code or of what it stands for."
    )
    service_lines = SelectMultipleField(
        "Service lines practised",
        [ShapeOfEach()],
        validate_choice=False,
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )
    may_be_case_manager = BooleanField("May be case manager", [Shape()])
    active_from = StringField("Active from", [Shape(LONG)], widget=DateInput())
    active_to = StringField(
        "Last day",
        [Shape(LONG)],
        widget=DateInput(),
        description="Leave empty while it is not known. It takes nobody off a client.",
    )
    caseload_limit = StringField(
        "Caseload limit", [Shape(LONG)], description="How many clients at most; empty: no limit of their own."
    )
    email = StringField("E-mail", [Shape(LONG)])
    save = SubmitField("Save", [Shape()])

    def entry(self) -> ClinicianEntry:
        """What was typed, for the use-case."""
        return ClinicianEntry(
            **{name: self[name].data or "" for name in _TEXTS},
            service_lines=tuple(self.service_lines.data or ()),
            may_be_case_manager=bool(self.may_be_case_manager.data),
        )

    def open_with(self, entry: ClinicianEntry, version: int | None = None) -> None:
        """Draw a form that nobody has typed into yet."""
        for name in _TEXTS:
            self[name].data = getattr(entry, name)
        self.service_lines.data = list(entry.service_lines)
        self.may_be_case_manager.data = entry.may_be_case_manager
        self.begin(version)

    def offer(self, service_lines: Iterable[tuple[str, str]]) -> None:
        """The boxes to tick."""
        self.service_lines.choices = [
            SelectChoice(code, code if code == name else f"{code} · {name}") for code, name in service_lines
        ]


@dataclass(frozen=True, slots=True)
class ClinicianSearch:
    """What stands in the search form, and the question that it asks."""

    q: str
    standing: str
    service_line: str
    question: Question

    @property
    def filtered(self) -> bool:
        """Something beside the standing narrows the list."""
        return bool(self.q.strip() or self.service_line)


def read_search(sent: Mapping[str, str], *, with_words: bool) -> ClinicianSearch:
    """The search in a form or, without its words, in an address: those hold nobody's name."""
    standing = sent.get("standing", "active")
    if standing not in dict(STANDINGS):
        standing = "active"
    typed = sent.get("q", "")[:_TYPED_LENGTH] if with_words else ""
    line = sent.get("service_line", "").strip()
    if not is_text(line) or len(line) > _CODE_LENGTH:
        line = ""
    after, before = (_place(sent.get(name, "")) if with_words else None for name in ("after", "before"))
    question = Question(typed, standing, line, after, None if after else before)
    return ClinicianSearch(typed, standing, line, question)


def write_place(place: Place) -> str:
    """How a place in the list stands in the buttons Next and Previous."""
    return f"{place[1]}~{place[0]}"


def _place(text: str) -> Place | None:
    match = _PLACE.fullmatch(text)
    if not match or int(match[1]) > LARGEST_ID:
        return None
    return match[2], int(match[1])
