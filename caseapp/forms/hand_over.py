"""The forms of a hand-over: whose lines and from when, and the plan with its many lines."""

import re
from collections.abc import Iterable
from dataclasses import replace

from werkzeug.datastructures import MultiDict
from wtforms import BooleanField, HiddenField, RadioField, SelectField, StringField, SubmitField
from wtforms.fields.choices import SelectChoice
from wtforms.widgets import DateInput

from caseapp.domain.finding import Finding
from caseapp.domain.hand_over import LineEntry
from caseapp.domain.hand_over_entry import ABSENCE, LEAVING, HandOverEntry
from caseapp.forms.base import Form
from caseapp.forms.choices import offered
from caseapp.forms.shape import LONG, SHORT, Marked, Shape, shape_fault
from caseapp.forms.strict import StrictForm
from caseapp.usecases.hand_over_drawn import DrawnLine
from caseapp.usecases.hand_over_plan import Plan

KINDS = (
    SelectChoice(LEAVING, "Leaves the practice, or gives these clients up"),
    SelectChoice(ABSENCE, "Is away for a while"),
)
LABELS = {
    "version": "Version",
    "successor": "Successor",
    "start_date": "First day",
    "leave_out": "Leave out",
    "reason": "Reason",
}
BUTTONS = frozenset({"apply", "keep", "look", "take"})
_LINE = re.compile(rf"({'|'.join(LABELS)})-([a-z0-9]{{20}})")
_CHOICE_LABELS = {
    "clinician": "Clinician",
    "kind": "What is it?",
    "last_day": "Last day",
    "first_away": "First day away",
    "last_away": "Last day away",
}
_PUBLIC_ID = re.compile("[a-z0-9]{20}")


ENTRY = tuple(_CHOICE_LABELS)


class ChooseForm(Form):
    """Whose lines, and from when. It is sent in the address, which then leads to the plan."""

    doing = "planned"

    class Meta(Form.Meta):
        csrf = False

    clinician = SelectField("Clinician", [Marked()], choices=[], validate_choice=False)
    kind = RadioField("What is it?", choices=KINDS, validate_choice=False)
    last_day = StringField(
        "Last day", [Marked()], widget=DateInput(), description="The successors start the day after."
    )
    first_away = StringField("First day away", [Marked()], widget=DateInput())
    last_away = StringField(
        "Last day away",
        widget=DateInput(),
        description="The clinician goes on the day after. Leave it empty while it is open.",
    )

    def open_with(self, entry: HandOverEntry, clinicians: Iterable[tuple[str, str]]) -> None:
        """Draw it around what the address says."""
        for name in ENTRY:
            self[name].data = getattr(entry, name)[:SHORT]
        self.clinician.choices = offered("Choose a clinician", clinicians, self.clinician.data)


def read_choice(sent: MultiDict[str, str]) -> tuple[HandOverEntry, list[Finding]]:
    """What an address asks for, each part once."""
    values = {name: sent.get(name, "") for name in ENTRY}
    faults = [
        fault
        for name in ENTRY
        if (fault := shape_fault(name, _CHOICE_LABELS[name], sent.getlist(name))) is not None
    ]
    values["kind"] = values["kind"] or LEAVING
    return HandOverEntry(**values), faults


class HandOverForm(StrictForm):
    """The plan. Each line has fields of its own, with the case manager's public ID behind their names."""

    doing = "applied"

    clinician = HiddenField("Clinician", [Shape()])
    kind = HiddenField("What is it?", [Shape()])
    last_day = HiddenField("Last day", [Shape()])
    first_away = HiddenField("First day away", [Shape()])
    last_away = HiddenField("Last day away", [Shape()])
    after = HiddenField("Part", [Shape()])
    draft = HiddenField("Draft", [Shape()])
    set_last_day = BooleanField("Record the last day", [Shape()])
    apply = SubmitField("Apply", [Shape()])
    keep = SubmitField("Keep as draft", [Shape()])
    look = SubmitField("Check", [Shape()])
    take = StringField("Earliest", [Shape()])

    def read_lines(self, sent: MultiDict[str, str]) -> None:
        """Take the lines out of what was sent; `take` puts the earliest successor into its line."""
        keys = dict.fromkeys(found[2] for name in sent if (found := _LINE.fullmatch(name)))
        taken = (self.take.data or "").split(" ")
        self.lines = tuple(_line(key, sent, taken) for key in keys)
        self._faults = [
            replace(fault, field=None, message=f"A line's field: {fault.message}")
            for key in keys
            for name, label in LABELS.items()
            if (
                fault := shape_fault(
                    name, label, sent.getlist(f"{name}-{key}"), LONG if name == "reason" else SHORT
                )
            )
        ]
        self._told_of_lines: list[tuple[str, Finding]] = []

    def __contains__(self, name: str) -> bool:
        return super().__contains__(name) or _LINE.fullmatch(name) is not None

    def validate(self, extra_validators: object = None) -> bool:
        fine = super().validate(extra_validators)
        self.refuse(self._faults[:1])
        return fine and not self._faults

    def open_with(self, plan: Plan, *, draft: str = "", version: int | None = None, ticked: bool) -> None:
        """Draw a plan that nobody has typed into yet, or that a draft has kept."""
        for name in ENTRY:
            self[name].data = getattr(plan.entry, name)
        self.after.data, self.draft.data, self.set_last_day.data = plan.after, draft, ticked
        self._told_of_lines = []
        self.begin(version)

    def tell(self, plan: Plan) -> None:
        """Let the summary lead to every line that hinders the hand-over."""
        told = [
            ("gone", _with_name(f"{line.client_name}, {line.service_line}", line.message))
            for line in plan.gone
        ]
        for line in plan.lines:
            told += [(_place(line, finding), _named(line, finding)) for finding in line.errors]
        self._told_of_lines = told

    @property
    def form_findings(self) -> list[Finding]:
        """Also those of buttons, beside which nothing can stand."""
        return super().form_findings + [f for name, f in super().field_findings if name in BUTTONS]

    @property
    def field_findings(self) -> list[tuple[str, Finding]]:
        own = [(name, finding) for name, finding in super().field_findings if name not in BUTTONS]
        return own + self._told_of_lines

    def entry(self) -> HandOverEntry:
        return HandOverEntry(**{name: self[name].data or "" for name in ENTRY})

    def typed(self) -> list[tuple[str, str]]:
        """Everything that was typed into the lines, as fields that can be sent again."""
        return [
            (f"{name}-{line.case_manager}", value)
            for line in self.lines
            for name, value in (
                ("version", "" if line.version is None else str(line.version)),
                ("successor", line.successor),
                ("start_date", line.start_date),
                ("leave_out", "y" if line.leave_out else ""),
                ("reason", line.reason),
            )
            if value
        ]

    @property
    def after_sent(self) -> str:
        """The place from which this part goes on; empty for the first, and for what could be no place."""
        return _public_id(self.after.data)

    @property
    def draft_sent(self) -> str | None:
        return _public_id(self.draft.data) or None


class ActForm(StrictForm):
    """One button that acts: discard a draft, undo a hand-over."""

    doing = "done"

    act = SubmitField("Do it", [Shape()])


class UndoForm(ActForm):
    doing = "undone"


def _public_id(text: str | None) -> str:
    return text if text and _PUBLIC_ID.fullmatch(text) else ""


def _line(key: str, sent: MultiDict[str, str], taken: list[str]) -> LineEntry:
    version = sent.get(f"version-{key}", "").strip()
    entry = LineEntry(
        case_manager=key,
        version=int(version) if version.isascii() and version.isdecimal() and len(version) <= 9 else None,
        successor=sent.get(f"successor-{key}", ""),
        start_date=sent.get(f"start_date-{key}", ""),
        leave_out=bool(sent.get(f"leave_out-{key}")),
        reason=sent.get(f"reason-{key}", ""),
    )
    if len(taken) == 3 and taken[0] == key:
        return replace(entry, successor=taken[1], start_date=taken[2], leave_out=False)
    return entry


def _place(line: DrawnLine, finding: Finding) -> str:
    return f"{finding.field}-{line.key}" if finding.field else f"line-{line.key}"


def _named(line: DrawnLine, finding: Finding) -> Finding:
    return replace(finding, message=f"{line.client_name}, {line.service_line}: {finding.message}")


def _with_name(name: str, message: str) -> Finding:
    return Finding("conflict", None, "error", f"{name}: {message}")
