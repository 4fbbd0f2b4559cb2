"""The forms of a client's appointments: adding, editing, and the buttons of a row's menu."""

from typing import Any

from wtforms import BooleanField, SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.widgets import DateInput, NumberInput, TextInput, TimeInput

from caseapp.domain.appointment import APPOINTMENT_STATUSES
from caseapp.domain.appointment_entry import MAX_MINUTES, AppointmentEntry
from caseapp.forms.shape import Marked, Shape
from caseapp.forms.strict import StrictForm
from caseapp.usecases.appointment_form import Choice, Choices, OpenForm

STATUS_WORDS = {
    "scheduled": "Scheduled",
    "completed": "Completed",
    "no_show": "No-show",
    "cancelled": "Cancelled",
}


class ListOrNumber(SelectField):  # type: ignore[misc]  # wtforms comes without types
    """A list; where it would be too long, the number is typed."""

    def _value(self) -> str:
        """What the text control shows."""
        return self.data or ""


class AppointmentForm(StrictForm):
    """Labels, hints and marks of the fields. What they must hold is the domain's to say."""

    service_line = SelectField("Service line", [Marked(), Shape()], choices=[], validate_choice=False)
    clinician = ListOrNumber("Clinician", [Shape()], choices=[], validate_choice=False)
    start_date = StringField("Start date", [Marked(), Shape()], widget=DateInput())
    start_time = StringField("Start time", [Marked(), Shape()], widget=TimeInput())
    minutes = StringField(
        "Length in minutes",
        [Marked(), Shape()],
        widget=NumberInput(step=1, min=1, max=MAX_MINUTES),
    )
    status = SelectField(
        "Status",
        [Marked(), Shape()],
        choices=[SelectChoice(status, STATUS_WORDS[status]) for status in APPOINTMENT_STATUSES],
        validate_choice=False,
    )
    until = StringField(
        "Repeat weekly until",
        [Shape()],
        widget=DateInput(),
        description="Leave empty for one session. It keeps its time of day when the clocks change.",
    )
    billable = BooleanField("Billable", [Shape()])

    def entry(self) -> AppointmentEntry:
        """What was typed, for the use-case."""
        return AppointmentEntry(
            service_line=self.service_line.data or "",
            start_date=self.start_date.data or "",
            start_time=self.start_time.data or "",
            minutes=self.minutes.data or "",
            clinician=self.clinician.data or "",
            status=self.status.data or "",
            billable=bool(self.billable.data),
            until=(self.until.data or "") if "until" in self else "",
        )

    def open_with(self, opened: OpenForm) -> None:
        """Draw a form that nobody has typed into yet."""
        for name, field in self._fields.items():
            if hasattr(opened.entry, name):
                field.data = getattr(opened.entry, name)
        self.begin(opened.version)
        self.offer(opened.choices)

    def offer(self, choices: Choices) -> None:
        """Fill the lists; what was typed stays chosen, whatever a list holds."""
        self.service_line.choices = [
            SelectChoice("", "Choose a service line"),
            *_options(choices.service_lines, ("Received by the client", "Not received today")),
            *_as_typed(self.service_line.data, choices.service_lines),
        ]
        if choices.clinicians is None:
            self.clinician.widget = TextInput()
            self.clinician.description = "The clinician's number. Leave it empty while nobody is named."
        else:
            self.clinician.choices = [
                SelectChoice("", "Nobody named yet"),
                *_options(choices.clinicians, ("Active today", "Not active today")),
                *_as_typed(self.clinician.data, choices.clinicians),
            ]
        known = tuple(Choice(status, "", True) for status in APPOINTMENT_STATUSES)
        self.status.choices = [*self.status.choices, *_as_typed(self.status.data, known)]


class EditAppointmentForm(AppointmentForm):
    """Only a new session is repeated."""

    until = None


class ActForm(StrictForm):
    """Complete, No-show and Cancel: a button each, which sends the version that its row showed."""


def _options(choices: tuple[Choice, ...], groups: tuple[str, str]) -> list[Any]:
    if all(choice.usual for choice in choices):
        return [SelectChoice(choice.value, choice.label) for choice in choices]
    return [
        SelectChoice(choice.value, choice.label, optgroup=groups[0 if choice.usual else 1])
        for choice in choices
    ]


def _as_typed(value: str | None, choices: tuple[Choice, ...]) -> list[Any]:
    """What was sent stays chosen, also where the practice does not know it."""
    if not value or any(choice.value == value for choice in choices):
        return []
    return [SelectChoice(value, f"{value} (not known)")]
