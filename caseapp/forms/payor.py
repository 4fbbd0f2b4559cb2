"""The form of a payor."""

from wtforms import BooleanField, SelectField, StringField, SubmitField

from caseapp.domain.payor_entry import TYPE_WORDS, PayorEntry
from caseapp.forms.choices import offered
from caseapp.forms.shape import LONG, Marked, Shape
from caseapp.forms.strict import StrictForm


class PayorForm(StrictForm):
    """Labels, hints and marks of the fields. What they must hold is the domain's to say."""

    name = StringField("Name", [Marked(), Shape(LONG)])
    code = StringField(
        "Code", [Marked(), Shape(LONG)], description="Your own, such as AETNA. Practice files name it so."
    )
    type = SelectField("Type", [Marked(), Shape(LONG)], choices=[], validate_choice=False)
    requires_enrollment = BooleanField(
        "Requires enrollment",
        [Shape()],
        description="Counts for regional centers and school districts. Insurance always requires it, "
        "private pay never does, whatever is set here.",
    )
    save = SubmitField("Save", [Shape()])

    def entry(self) -> PayorEntry:
        """What was typed, for the use-case."""
        return PayorEntry(
            code=self.code.data or "",
            name=self.name.data or "",
            type=self.type.data or "",
            requires_enrollment=bool(self.requires_enrollment.data),
        )

    def open_with(self, entry: PayorEntry, version: int | None = None) -> None:
        """Draw a form that nobody has typed into yet."""
        for name in ("code", "name", "type", "requires_enrollment"):
            self[name].data = getattr(entry, name)
        self.begin(version)

    def offer(self) -> None:
        """The types to choose from."""
        types = [(kind, words.capitalize()) for kind, words in TYPE_WORDS.items()]
        self.type.choices = offered("Choose a type", types, self.type.data)
