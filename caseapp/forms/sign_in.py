"""The forms of signing in: user name and password, a code, and what a one-time link asks for."""

from wtforms import HiddenField, PasswordField, StringField, SubmitField

from caseapp.domain.finding import Finding
from caseapp.domain.password import SHORTEST
from caseapp.forms.base import Form
from caseapp.forms.shape import LONG, Marked, Shape

_NEVER_BACK = {"autocomplete": "current-password"}


class SignInForm(Form):
    """One answer for whatever is wrong: which of the two it is, nobody is told."""

    doing = "done"

    username = StringField(
        "User name",
        [Marked(), Shape(LONG)],
        render_kw={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"},
    )
    password = PasswordField("Password", [Marked(), Shape(LONG)], render_kw=_NEVER_BACK)
    next = HiddenField("Next", [Shape(2 * LONG)])
    save = SubmitField("Sign in", [Shape()])

    def tell(self, wait: str = "") -> None:
        """Say that it was wrong, or how long to wait."""
        message = (
            f"There were too many attempts. Wait {wait}, then try again."
            if wait
            else "User name and password do not belong together. Check both, and try again."
        )
        self.refuse([Finding("wait" if wait else "wrong", None, "error", message)])


class CodeForm(Form):
    """The second factor."""

    doing = "done"

    code = StringField(
        "Code",
        [Marked(), Shape(LONG)],
        render_kw={"autocomplete": "one-time-code", "inputmode": "text", "spellcheck": "false"},
    )
    save = SubmitField("Go on", [Shape()])

    def tell(self, wait: str = "") -> None:
        message = (
            f"There were too many attempts. Wait {wait}, then try again."
            if wait
            else "This code is not right, or was used already. Type the one that the app shows now."
        )
        self.refuse([Finding("wait" if wait else "wrong", "code", "error", message)])


class FrameCodeForm(Form):
    """What a window in which somebody signed in showed for the frame that opened it."""

    doing = "done"

    code = StringField(
        "Code from the other window",
        [Marked(), Shape(LONG)],
        render_kw={"autocomplete": "one-time-code", "autocapitalize": "characters", "spellcheck": "false"},
    )
    next = HiddenField("Next", [Shape(2 * LONG)])
    save = SubmitField("Go on", [Shape()])

    def tell(self) -> None:
        message = "This code is not right, or is over. Sign in in the other window once more."
        self.refuse([Finding("wrong", "code", "error", message)])


_RULE = f"At least {SHORTEST} characters. A few words one after another are easy to remember."


class WelcomeForm(Form):
    """What a one-time link asks for. The password comes back empty."""

    name = StringField("Your name", [Marked(), Shape(LONG)], render_kw={"autocomplete": "name"})
    password = PasswordField(
        "Password", [Marked(), Shape(LONG)], description=_RULE, render_kw={"autocomplete": "new-password"}
    )
    save = SubmitField("Save", [Shape()])


class RecoveryCodesForm(Form):
    """Recovery codes in place of those that were made before."""

    doing = "made"

    present_password = PasswordField("Your password", [Marked(), Shape(LONG)], render_kw=_NEVER_BACK)
    save = SubmitField("Make new recovery codes", [Shape()])


class PasswordForm(Form):
    """Another password for whoever is signed in."""

    old_password = PasswordField("Present password", [Marked(), Shape(LONG)], render_kw=_NEVER_BACK)
    password = PasswordField(
        "New password",
        [Marked(), Shape(LONG)],
        description=_RULE,
        render_kw={"autocomplete": "new-password"},
    )
    save = SubmitField("Save", [Shape()])
