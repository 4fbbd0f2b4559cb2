"""The form of a client's funding source."""

from collections.abc import Mapping

from wtforms import BooleanField, SelectField, StringField, SubmitField
from wtforms.fields.choices import SelectChoice
from wtforms.widgets import DateInput

from caseapp.domain.funding_source_entry import FundingEntry
from caseapp.domain.payor import PRIORITIES
from caseapp.forms.choice import options
from caseapp.forms.shape import LONG, Marked, Shape
from caseapp.forms.strict import StrictForm

DRAWN = ("payor", "priority", "start_date", "end_date", "member_id")
PRIORITY_WORDS: dict[str, str] = {priority: priority for priority in PRIORITIES}


class FundingSourceForm(StrictForm):
    """Labels, hints and marks of the fields. What they must hold is the domain's to say."""

    payor = SelectField("Payor", [Marked(), Shape(LONG)], choices=[], validate_choice=False)
    priority = SelectField("Priority", [Marked(), Shape(LONG)], choices=[], validate_choice=False)
    start_date = StringField("Start date", [Marked(), Shape(LONG)], widget=DateInput())
    end_date = StringField(
        "End date", [Shape(LONG)], widget=DateInput(), description="Leave empty while it is open."
    )
    member_id = StringField("Member ID", [Shape(LONG)])
    end_current = BooleanField("End the present primary and start this one", [Shape()])
    save = SubmitField("Save", [Shape()])

    def entry(self) -> FundingEntry:
        """What was typed, for the use-case."""
        return FundingEntry(
            **{name: self[name].data or "" for name in DRAWN}, end_current=bool(self.end_current.data)
        )

    def open_with(self, entry: FundingEntry, version: int | None = None) -> None:
        """Draw a form that nobody has typed into yet."""
        for name in DRAWN:
            self[name].data = getattr(entry, name)
        self.begin(version)

    def offer(self, payors: Mapping[str, str], end_current: str) -> None:
        """Fill the lists; `end_current` are the words of the offer, empty where it does not apply."""
        by_name = dict(sorted(payors.items(), key=lambda item: (item[1].casefold(), item[0])))
        self.payor.choices = [SelectChoice("", "Choose a payor"), *options(by_name, self.payor.data)]
        self.priority.choices = [
            SelectChoice("", "Choose a priority"),
            *options(PRIORITY_WORDS, self.priority.data),
        ]
        if end_current:
            self.end_current.label.text = end_current
        elif not (self.end_current.data or self.end_current.errors):
            del self.end_current
