"""A form that changes a record: nothing sent twice, nothing unknown, saved once, on a known version."""

import secrets

from flask import request
from wtforms import HiddenField

from caseapp.forms.base import Form
from caseapp.forms.shape import Shape, unknown_fields

TOKEN_LENGTH = 40


class StrictForm(Form):
    """`begin` draws it for somebody who has typed nothing yet; what is sent comes back as it came."""

    version = HiddenField("Version", [Shape()])
    form_token = HiddenField("Form", [Shape()])

    def begin(self, version: int | None = None) -> None:
        """Give a new form its token, and the version of the record that it changes."""
        self.version.data = "" if version is None else str(version)
        self.form_token.data = secrets.token_urlsafe(18)

    def validate(self, extra_validators: object = None) -> bool:
        fine = super().validate(extra_validators)
        self.refuse(unknown_fields(self, list(request.form)))
        return bool(fine) and not self.form_findings

    @property
    def version_sent(self) -> int | None:
        """The version on which the form was opened; None where it says none, 0 where that is no number."""
        text = (self.version.data or "").strip()
        if not text:
            return None
        return int(text) if text.isascii() and text.isdecimal() and len(text) <= 9 else 0

    @property
    def token_sent(self) -> str | None:
        """What makes this form save once; None where it sent none, or nothing that we could have made."""
        token = self.form_token.data or ""
        return token if token.isascii() and 0 < len(token) <= TOKEN_LENGTH else None
