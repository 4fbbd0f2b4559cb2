"""The form of a clinician's enrollment with a payor."""

from collections.abc import Iterable

from wtforms import SelectField, StringField, SubmitField
from wtforms.widgets import DateInput

from caseapp.domain.enrollment_entry import EnrollmentEntry
from caseapp.domain.enrollment_words import STATUS_WORDS
from caseapp.forms.choices import offered
from caseapp.forms.shape import LONG, Marked, Shape
from caseapp.forms.strict import StrictForm

_FIELDS = ("payor", "status", "applied_on", "start_date", "end_date", "learned_on")


class EnrollmentForm(StrictForm):
    """Labels, hints and marks of the fields. What they must hold is the domain's to say."""

    payor = SelectField("Payor", [Marked(), Shape(LONG)], choices=[], validate_choice=False)
    status = SelectField("Status", [Marked(), Shape(LONG)], choices=[], validate_choice=False)
    applied_on = StringField("Applied on", [Shape(LONG)], widget=DateInput())
    start_date = StringField(
        "Effective date",
        [Shape(LONG)],
        widget=DateInput(),
        description="Record what the payor's letter says; it may lie in the past.",
    )
    end_date = StringField(
        "End date", [Shape(LONG)], widget=DateInput(), description="Leave empty while it is open."
    )
    learned_on = StringField(
        "Learned on", [Shape(LONG)], widget=DateInput(), description="When the letter reached you."
    )
    save = SubmitField("Save", [Shape()])

    def entry(self) -> EnrollmentEntry:
        """What was typed, for the use-case."""
        return EnrollmentEntry(**{name: self[name].data or "" for name in _FIELDS})

    def open_with(self, entry: EnrollmentEntry, version: int | None = None) -> None:
        """Draw a form that nobody has typed into yet."""
        for name in _FIELDS:
            self[name].data = getattr(entry, name)
        self.begin(version)

    def offer(self, payors: Iterable[tuple[str, str]]) -> None:
        """What there is to choose from; `payors` are (code, name)."""
        statuses = [(status, words.capitalize()) for status, words in STATUS_WORDS.items()]
        self.payor.choices = offered("Choose a payor", payors, self.payor.data)
        self.status.choices = offered("Choose a status", statuses, self.status.data)
