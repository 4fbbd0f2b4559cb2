"""The forms of a service line: adding, editing and removing."""

from wtforms import StringField, SubmitField

from caseapp.domain.service_line_entry import LineEntry
from caseapp.forms.shape import LONG, Marked, Shape
from caseapp.forms.strict import StrictForm


class LineForm(StrictForm):
    """Labels, hints and marks of the fields. What they must hold is the domain's to say."""

    code = StringField(
        "Code",
        [Marked(), Shape(LONG)],
        description="Short, such as ABA: lists and practice files name it so. At most 20 characters.",
    )
    name = StringField("Name", [Marked(), Shape(LONG)])
    save = SubmitField("Save", [Shape()])

    def entry(self) -> LineEntry:
        """What was typed, for the use-case."""
        return LineEntry(code=self.code.data or "", name=self.name.data or "")

    def open_with(self, entry: LineEntry, version: int | None = None) -> None:
        """Draw a form that nobody has typed into yet."""
        self.code.data, self.name.data = entry.code, entry.name
        self.begin(version)


class LineRemovalForm(StrictForm):
    """The confirmation of a removal."""

    doing = "removed"
    remove = SubmitField("Remove", [Shape()])
