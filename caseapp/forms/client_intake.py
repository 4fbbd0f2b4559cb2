"""The intake of a new client on one page: the person, and rows of service lines and funding sources."""

from collections.abc import Mapping

from wtforms import HiddenField, SelectField, StringField, SubmitField
from wtforms.fields.choices import SelectChoice
from wtforms.widgets import DateInput

from caseapp.domain.client_service_line_entry import ServiceLineEntry
from caseapp.domain.funding_source_entry import FundingEntry
from caseapp.forms.choice import options
from caseapp.forms.client import ClientForm
from caseapp.forms.funding_source import PRIORITY_WORDS
from caseapp.forms.shape import LONG, Shape

MOST_LINES = 6
MOST_SOURCES = 4
LINE_FIELDS = ("service_line", "line_start_date", "line_end_date")
SOURCE_FIELDS = ("payor", "priority", "start_date", "end_date", "member_id")
_FIRST_PRIORITIES = ("primary", "secondary", "tertiary", "inactive")


class IntakeForm(ClientForm):
    """The person as when it is edited; the rows below bear their number behind each name, from 1."""

    lines_shown = HiddenField("Service lines", [Shape()])
    sources_shown = HiddenField("Funding sources", [Shape()])
    another_line = SubmitField("Another service line", [Shape()])
    another_source = SubmitField("Another funding source", [Shape()])

    def service_lines(self) -> tuple[ServiceLineEntry, ...]:
        """What was typed, row by row."""
        return tuple(
            ServiceLineEntry(
                service_line=self._typed("service_line", row),
                start_date=self._typed("line_start_date", row),
                end_date=self._typed("line_end_date", row),
            )
            for row in range(1, MOST_LINES + 1)
        )

    def funding_sources(self) -> tuple[FundingEntry, ...]:
        """What was typed, row by row."""
        return tuple(
            FundingEntry(
                payor=self._typed("payor", row),
                priority=self._typed("priority", row),
                start_date=self._typed("start_date", row),
                end_date=self._typed("end_date", row),
                member_id=self._typed("member_id", row),
            )
            for row in range(1, MOST_SOURCES + 1)
        )

    def _typed(self, name: str, row: int) -> str:
        return self[f"{name}_{row}"].data or ""

    @property
    def only_looks(self) -> bool:
        """Another button than Save was pressed: the form is drawn again with one row more."""
        return bool(self.another_line.data or self.another_source.data)

    @property
    def line_rows(self) -> int:
        """How many rows of service lines are drawn."""
        used = [row for row, entry in enumerate(self.service_lines(), 1) if not entry.empty]
        return _rows(self.lines_shown.data, used, bool(self.another_line.data), MOST_LINES)

    @property
    def source_rows(self) -> int:
        used = [row for row, entry in enumerate(self.funding_sources(), 1) if not entry.empty]
        return _rows(self.sources_shown.data, used, bool(self.another_source.data), MOST_SOURCES)

    def offer(self, lines: Mapping[str, str], payors: Mapping[str, str]) -> None:
        """Fill the lists of every row, and keep how many rows are drawn."""
        by_name = dict(sorted(payors.items(), key=lambda item: (item[1].casefold(), item[0])))
        for row in range(1, MOST_LINES + 1):
            field = self[f"service_line_{row}"]
            field.choices = [SelectChoice("", "Choose"), *options(lines, field.data, with_code=True)]
        for row in range(1, MOST_SOURCES + 1):
            payor, priority = self[f"payor_{row}"], self[f"priority_{row}"]
            payor.choices = [SelectChoice("", "Choose"), *options(by_name, payor.data)]
            if not self.is_submitted() or priority.raw_data in (None, []):
                priority.data = _FIRST_PRIORITIES[row - 1]
            priority.choices = [SelectChoice("", "Choose"), *options(PRIORITY_WORDS, priority.data)]
        self.lines_shown.data, self.sources_shown.data = str(self.line_rows), str(self.source_rows)


def _rows(shown: str | None, used: list[int], one_more: bool, most: int) -> int:
    """As many as were shown, and at least all that hold something."""
    text = (shown or "").strip()
    number = int(text) if text.isascii() and text.isdigit() and len(text) < 3 else 1
    return min(max(number, *used, 1) + one_more, most)


def _add_rows() -> None:
    for row in range(1, MOST_LINES + 1):
        for name, label in zip(LINE_FIELDS, ("Service line", "Start date", "End date"), strict=True):
            shape = [Shape(LONG)]
            field = (
                SelectField(label, shape, choices=[], validate_choice=False)
                if name == "service_line"
                else StringField(label, shape, widget=DateInput())
            )
            setattr(IntakeForm, f"{name}_{row}", field)
    labels = ("Payor", "Priority", "Payor starts", "Payor ends", "Member ID")
    for row in range(1, MOST_SOURCES + 1):
        for name, label in zip(SOURCE_FIELDS, labels, strict=True):
            if name in ("payor", "priority"):
                field = SelectField(label, [Shape(LONG)], choices=[], validate_choice=False)
            elif name == "member_id":
                field = StringField(label, [Shape(LONG)])
            else:
                field = StringField(label, [Shape(LONG)], widget=DateInput())
            setattr(IntakeForm, f"{name}_{row}", field)


_add_rows()
