"""The forms of users, of tokens for programs, and of emergency access."""

from wtforms import BooleanField, HiddenField, SelectField, StringField, SubmitField, TextAreaField

from caseapp.domain.actor import ROLE_WORDS
from caseapp.domain.api_token import LIFETIMES, SCOPES, TokenEntry
from caseapp.domain.user_entry import UserEntry
from caseapp.forms.base import Form
from caseapp.forms.choice import BoxesField, options
from caseapp.forms.shape import LONG, Marked, Shape
from caseapp.forms.strict import StrictForm

_ROLE_HINT = (
    "Office reads and writes. Billing reads. A clinician reads their own clients. "
    "An administrator also looks after users."
)


class UserForm(StrictForm):
    """Labels, hints and marks of the fields. What they must hold is the domain's to say."""

    name = StringField("Name", [Marked(), Shape(LONG)], render_kw={"autocomplete": "off"})
    username = StringField(
        "User name",
        [Marked(), Shape(LONG)],
        description="Typed to sign in, such as dana.ruiz.",
        render_kw={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"},
    )
    role = SelectField("Role", [Marked(), Shape()], validate_choice=False, description=_ROLE_HINT)
    clinician = SelectField(
        "Clinician", [Shape()], validate_choice=False, description="Who they are among the clinicians, if so."
    )
    second_factor_required = BooleanField("Must use an authenticator app", [Shape()])
    save = SubmitField("Save", [Shape()])

    def entry(self) -> UserEntry:
        """What was typed, for the use-case."""
        return UserEntry(
            username=self.username.data or "",
            name=self.name.data or "",
            role=self.role.data or "",
            clinician=self.clinician.data or "",
            second_factor_required=bool(self.second_factor_required.data),
        )

    def offer(self, clinicians: list[tuple[str, str]]) -> None:
        """What the lists hold; what was sent stays chosen."""
        roles = {str(role): words for role, words in ROLE_WORDS.items()}
        self.role.choices = options({"": "Choose a role"} | roles, self.role.data)
        self.clinician.choices = options({"": "Nobody", **dict(clinicians)}, self.clinician.data)

    def sign_in_elsewhere(self) -> None:
        """Draw it where a proxy or a provider says who somebody is."""
        del self.second_factor_required
        self.username.description = "As it is told where they sign in, such as dana.ruiz."

    def open_with(self, entry: UserEntry, version: int | None = None) -> None:
        """Draw a form that nobody has typed into yet."""
        for field in ("username", "name", "role", "clinician", "second_factor_required"):
            self[field].data = getattr(entry, field)
        self.begin(version)


class ActForm(Form):
    """Nothing but its token: the page is a question."""

    doing = "done"
    save = SubmitField("Yes", [Shape()])


class TokenForm(StrictForm):
    """A token for a program."""

    doing = "made"

    name = StringField("What it is for", [Marked(), Shape(LONG)], description="Such as the portal.")
    scopes = BoxesField("What the program may do", choices=options(SCOPES, None), validate_choice=False)
    days = SelectField(
        "Valid for", [Shape()], choices=options(LIFETIMES, None), default="90", validate_choice=False
    )
    save = SubmitField("Make the token", [Shape()])

    def entry(self) -> TokenEntry:
        return TokenEntry(self.name.data or "", tuple(self.scopes.data or ()), self.days.data or "")


class EmergencyForm(Form):
    """Why a clinician must see clients who are not their own."""

    doing = "done"

    reason = TextAreaField(
        "Reason", [Marked(), Shape(LONG)], description="It is recorded beside your name, and read by others."
    )
    save = SubmitField("Begin emergency access", [Shape()])


class EndOfEmergencyForm(Form):
    """The banner's button."""

    next = HiddenField("Next", [Shape(2 * LONG)])
