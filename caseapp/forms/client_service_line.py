"""The form of a client's service line."""

from collections.abc import Mapping

from wtforms import BooleanField, SelectField, StringField, SubmitField
from wtforms.fields.choices import SelectChoice
from wtforms.widgets import DateInput

from caseapp.domain.client_service_line_entry import ServiceLineEntry
from caseapp.forms.choice import options
from caseapp.forms.shape import LONG, Marked, Shape
from caseapp.forms.strict import StrictForm

DRAWN = ("service_line", "start_date", "end_date")


class ServiceLineForm(StrictForm):
    """Labels, hints and marks of the fields. What they must hold is the domain's to say."""

    service_line = SelectField("Service line", [Marked(), Shape(LONG)], choices=[], validate_choice=False)
    start_date = StringField("Start date", [Marked(), Shape(LONG)], widget=DateInput())
    end_date = StringField(
        "End date", [Shape(LONG)], widget=DateInput(), description="Leave empty while it is open."
    )
    end_case_manager = BooleanField("Where it ends, end its case manager that day too", [Shape()])
    leave_sessions = BooleanField("Leave the sessions after the end date as they are", [Shape()])
    save = SubmitField("Save", [Shape()])

    def entry(self) -> ServiceLineEntry:
        """What was typed, for the use-case."""
        return ServiceLineEntry(**{name: self[name].data or "" for name in DRAWN})

    def open_with(self, entry: ServiceLineEntry, version: int | None = None) -> None:
        """Draw a form that nobody has typed into yet."""
        for name in DRAWN:
            self[name].data = getattr(entry, name)
        self.end_case_manager.data = True
        self.begin(version)

    def offer(self, lines: Mapping[str, str], case_manager: str) -> None:
        """Fill the list; what does not apply is not drawn. `case_manager` is the name of who would end."""
        self.service_line.choices = [
            SelectChoice("", "Choose a service line"),
            *options(lines, self.service_line.data, with_code=True),
        ]
        if case_manager:
            self.end_case_manager.label.text = f"Where it ends, end {case_manager} as case manager that day"
        elif not self.end_case_manager.errors:
            del self.end_case_manager
        # Whoever is told of sessions after the end may let them stay.
        told = {getattr(error, "code", "") for error in self.end_date.errors}
        if not (self.leave_sessions.data or self.leave_sessions.errors or "sessions_after" in told):
            del self.leave_sessions
