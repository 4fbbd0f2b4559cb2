"""The forms of a client: the person, hold, discharge, readmit, and the question before a removal."""

from collections.abc import Iterable

from wtforms import BooleanField, StringField, SubmitField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.widgets import DateInput

from caseapp.domain.client_entry import ClientEntry
from caseapp.domain.client_status_entry import DischargeEntry, ReadmissionEntry
from caseapp.forms.choice import BoxesField
from caseapp.forms.clinician import ShapeOfEach
from caseapp.forms.shape import LONG, Marked, Shape
from caseapp.forms.strict import StrictForm

PERSON = ("number", "last_name", "first_name", "preferred_name", "date_of_birth", "external_id")


class ClientForm(StrictForm):
    """Labels, hints and marks of the fields. What they must hold is the domain's to say."""

    number = StringField("Client number", [Marked(), Shape(LONG)])
    last_name = StringField("Last name", [Marked(), Shape(LONG)])
    first_name = StringField("First name", [Marked(), Shape(LONG)])
    preferred_name = StringField("Preferred name", [Shape(LONG)], description="What the client is called.")
    date_of_birth = StringField("Date of birth", [Shape(LONG)], widget=DateInput())
    external_id = StringField(
        "External ID", [Shape(LONG)], description="The client's key in another system, where there is one."
    )
    save = SubmitField("Save", [Shape()])

    def entry(self) -> ClientEntry:
        """What was typed, for the use-case."""
        return ClientEntry(**{name: self[name].data or "" for name in PERSON})

    def open_with(self, entry: ClientEntry, version: int | None = None) -> None:
        """Draw a form that nobody has typed into yet."""
        for name in PERSON:
            self[name].data = getattr(entry, name)
        self.begin(version)


class ReasonForm(StrictForm):
    """A question that may be given a reason: hold, and remove."""

    # A browser counts each line end twice.
    reason = TextAreaField("Reason", [Shape(2 * LONG)], description="It stands in the history. May be empty.")
    save = SubmitField("Save", [Shape()])


class DischargeForm(StrictForm):
    """The last day, and what ends on it."""

    last_day = StringField("Last day", [Marked(), Shape(LONG)], widget=DateInput())
    service_lines = BoxesField("End on that day", [ShapeOfEach()], validate_choice=False)
    leave_sessions = BooleanField("Leave the sessions after that day as they are", [Shape()])
    reason = TextAreaField("Reason", [Shape(2 * LONG)], description="It stands in the history. May be empty.")
    save = SubmitField("Discharge", [Shape()])

    def entry(self) -> DischargeEntry:
        """What was typed, for the use-case."""
        return DischargeEntry(
            last_day=self.last_day.data or "",
            service_lines=tuple(self.service_lines.data or ()),
            leave_sessions=bool(self.leave_sessions.data),
            reason=self.reason.data or "",
        )

    def offer(self, choices: Iterable[tuple[str, str]]) -> None:
        """The boxes to tick: codes with their words."""
        self.service_lines.choices = [SelectChoice(code, text) for code, text in choices]


class ReadmissionForm(StrictForm):
    """From when on, and which service lines begin anew."""

    start_date = StringField(
        "Start date",
        [Shape(LONG)],
        widget=DateInput(),
        description="From this day the chosen service lines are received again.",
    )
    service_lines = BoxesField("Begin anew", [ShapeOfEach()], validate_choice=False)
    reason = TextAreaField("Reason", [Shape(2 * LONG)], description="It stands in the history. May be empty.")
    save = SubmitField("Readmit", [Shape()])

    def entry(self) -> ReadmissionEntry:
        """What was typed, for the use-case."""
        return ReadmissionEntry(
            start_date=self.start_date.data or "",
            service_lines=tuple(self.service_lines.data or ()),
            reason=self.reason.data or "",
        )

    def offer(self, choices: Iterable[tuple[str, str]]) -> None:
        """The boxes to tick: codes with their words."""
        self.service_lines.choices = [SelectChoice(code, text) for code, text in choices]
