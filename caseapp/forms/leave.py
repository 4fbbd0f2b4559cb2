"""The forms of a clinician's leaves: adding, editing and removing."""

from wtforms import StringField, SubmitField, TextAreaField
from wtforms.widgets import DateInput

from caseapp.domain.leave_entry import LeaveEntry
from caseapp.forms.shape import LONG, Marked, Shape
from caseapp.forms.strict import StrictForm


class LeaveForm(StrictForm):
    """Labels, hints and marks of the fields. What they must hold is the domain's to say."""

    start_date = StringField("First day", [Marked(), Shape(LONG)], widget=DateInput())
    end_date = StringField(
        "Last day", [Shape(LONG)], widget=DateInput(), description="Leave empty while it is open."
    )
    # A browser counts each line end twice; the domain says how much is kept.
    note = TextAreaField("Note", [Shape(2 * LONG)], description="For the desk; no diagnosis, please.")
    save = SubmitField("Save", [Shape()])

    def entry(self) -> LeaveEntry:
        """What was typed, for the use-case."""
        return LeaveEntry(
            start_date=self.start_date.data or "",
            end_date=self.end_date.data or "",
            note=self.note.data or "",
        )

    def open_with(self, entry: LeaveEntry, version: int | None = None) -> None:
        """Draw a form that nobody has typed into yet."""
        for name in ("start_date", "end_date", "note"):
            self[name].data = getattr(entry, name)
        self.begin(version)


class LeaveRemovalForm(StrictForm):
    """The confirmation of a removal."""

    remove = SubmitField("Remove", [Shape()])
