"""What all forms share: their findings, told beside the fields and above them."""

from collections.abc import Iterable
from typing import Any

from flask import request
from flask_wtf import FlaskForm
from wtforms import Field, HiddenField

from caseapp.domain.finding import Finding


def _is_hidden(field: Field) -> bool:
    return isinstance(field, HiddenField)


STALE = Finding(
    "csrf",
    None,
    "error",
    "This page was open for too long. Nothing was changed: press the button once more.",
)


class Form(FlaskForm):  # type: ignore[misc]  # flask_wtf comes without types
    """A form whose errors are Findings. Validators of WTForms may add plain strings beside them."""

    doing = "saved"

    class Meta(FlaskForm.Meta):  # type: ignore[misc]  # as above
        def wrap_formdata(self, form: Any, formdata: Any) -> Any:
            """The fields of a posted form alone: of JSON and of files a value need not be text."""
            return None if formdata is None or not form.is_submitted() else request.form

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._of_form: list[Finding] = []

    def refuse(self, findings: Iterable[Finding]) -> None:
        """Show each finding at its field, or above the form where it names none, or one that is not seen."""
        for finding in findings:
            field = self._fields.get(finding.field) if finding.field else None
            if field is None:
                self._of_form.append(finding)
            else:
                field.errors = [*field.errors, finding]

    @property
    def form_findings(self) -> list[Finding]:
        """Those of no field that is seen: `csrf` for a missing or stale token, and what `refuse` was told."""
        token = self._fields.get("csrf_token")
        stale = [STALE] if token is not None and token.errors else []
        return stale + self._of_form + [finding for field, finding in self._told() if _is_hidden(field)]

    @property
    def field_findings(self) -> list[tuple[str, Finding]]:
        """(id of the control, finding) in the order of the form."""
        return [(field.id, finding) for field, finding in self._told() if not _is_hidden(field)]

    def _told(self) -> list[tuple[Field, Finding]]:
        return [
            (field, error if isinstance(error, Finding) else Finding("invalid", name, "error", str(error)))
            for name, field in self._fields.items()
            if name != "csrf_token"
            for error in field.errors
        ]

    @property
    def refusal(self) -> str:
        """The heading over the findings: how many things keep this from being saved."""
        number = len(self.form_findings) + len(self.field_findings)
        words = ("No", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine")
        spelt = words[number] if number < len(words) else str(number)
        return (
            f"{spelt} thing keeps this from being {self.doing}"
            if number == 1
            else f"{spelt} things keep this from being {self.doing}"
        )
