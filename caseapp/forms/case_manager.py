"""The forms of a client's case managers: adding, editing and removing."""

from collections.abc import Iterable

from wtforms import BooleanField, SelectField, StringField, SubmitField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.widgets import DateInput

from caseapp.domain.case_manager_entry import CaseManagerEntry
from caseapp.forms.shape import LONG, Marked, Shape
from caseapp.forms.strict import StrictForm
from caseapp.usecases.case_manager_form import Choice, OpenForm

DRAWN = (
    "service_line",
    "clinician",
    "start_date",
    "end_date",
    "for_clinician",
    "end_current",
    "leave_uncovered",
    "change_kind",
    "change_date",
)


class CaseManagerForm(StrictForm):
    """Labels, hints and marks of the fields. What they must hold is the domain's to say."""

    service_line = SelectField("Service line", [Marked(), Shape()], choices=[], validate_choice=False)
    clinician = SelectField("Case manager", [Marked(), Shape()], choices=[], validate_choice=False)
    start_date = StringField("Start date", [Marked(), Shape()], widget=DateInput())
    end_date = StringField(
        "End date", [Shape()], widget=DateInput(), description="Leave empty while it is open."
    )
    end_current = BooleanField("End the current one and start this one", [Shape()])
    leave_uncovered = BooleanField("Leave the past sessions without a case manager", [Shape()])
    reason = TextAreaField("Reason", [Shape(2 * LONG)])
    for_clinician = SelectField(
        "Stands in for",
        [Shape()],
        choices=[],
        validate_choice=False,
        description="An interim case manager sees the client at least once a month.",
    )
    change_kind = StringField("Which is meant?", [Shape()])
    change_date = StringField("First day of the new case manager", [Shape()], widget=DateInput())
    save = SubmitField("Save", [Shape()])
    look = SubmitField("Show who could be saved", [Shape()])
    choose = StringField("Interim", [Shape()])

    def entry(self) -> CaseManagerEntry:
        """What was typed, for the use-case."""
        return CaseManagerEntry(
            service_line=self.service_line.data or "",
            clinician=self.clinician.data or "",
            start_date=self.start_date.data or "",
            end_date=self.end_date.data or "",
            for_clinician=self.for_clinician.data or "",
            end_current=bool(self.end_current.data),
            leave_uncovered=bool(self.leave_uncovered.data),
            reason=self.reason.data or "",
            change_kind=self.change_kind.data or "",
            change_date=self.change_date.data or "",
        )

    @property
    def only_looks(self) -> bool:
        """Another button than Save was pressed: the form is drawn again, and nothing is stored."""
        return bool(self.look.data or self.choose.data)

    def take_interim(self) -> None:
        """Put the chosen interim in, for the clinician who was chosen before."""
        if self.choose.data:
            self.for_clinician.data = self.for_clinician.data or self.clinician.data
            self.clinician.data = self.choose.data

    def open_with(self, opened: OpenForm) -> None:
        """Draw a form that nobody has typed into yet."""
        entry = opened.entry
        for name in DRAWN:
            self[name].data = getattr(entry, name)
        self.begin(opened.version)
        self.offer(opened)

    def offer(self, opened: OpenForm) -> None:
        """Fill the lists and the two offers; what was typed stays, whatever a list holds."""
        offers = opened.offers
        self.service_line.choices = [
            SelectChoice("", "Choose a service line"),
            *_options(offers.service_lines, ("Received by the client", "Not received now")),
            *_as_typed(self.service_line.data, offers.service_lines),
        ]
        self.clinician.choices = [
            SelectChoice("", "Choose a clinician"),
            *_options(offers.clinicians, ("Could be saved", "Not now, and why")),
            *_as_typed(self.clinician.data, offers.clinicians),
        ]
        self.for_clinician.choices = [
            SelectChoice("", "Nobody: is responsible in person"),
            *(SelectChoice(choice.value, choice.name) for choice in offers.clinicians),
            *_as_typed(self.for_clinician.data, offers.clinicians),
        ]
        if offers.end_current:
            self.end_current.label.text = offers.end_current
        if offers.leave_uncovered:
            self.leave_uncovered.label.text = offers.leave_uncovered


class RemovalForm(StrictForm):
    """The confirmation of a removal."""

    doing = "removed"

    reason = TextAreaField("Reason", [Shape(LONG)])
    remove = SubmitField("Remove", [Shape()])


def _options(choices: Iterable[Choice], groups: tuple[str, str]) -> list[SelectChoice]:
    return [
        SelectChoice(choice.value, choice.label, optgroup=groups[0 if choice.could_be_saved else 1])
        for choice in choices
    ]


def _as_typed(value: str | None, choices: Iterable[Choice]) -> list[SelectChoice]:
    """What was sent stays chosen, also where the practice does not know it."""
    if not value or any(choice.value == value for choice in choices):
        return []
    return [SelectChoice(value, f"{value} (not known)")]
