"""Users: who may sign in, as what, and the one-time links that bring them in."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from flask import Blueprint, Response, abort, render_template, request, session, url_for
from werkzeug.wrappers import Response as AnyResponse

from caseapp import clock
from caseapp.config import current_settings
from caseapp.domain.finding import Finding
from caseapp.domain.user_entry import UserEntry
from caseapp.extensions import db
from caseapp.forms.user import ActForm, UserForm
from caseapp.usecases import user_account
from caseapp.usecases.api_token import token_rows
from caseapp.usecases.user_account import UserSaved
from caseapp.usecases.user_list import UserRow, clinician_choices, open_user, user_list
from caseapp.web import hx, record_answers
from caseapp.web.actor import current_actor
from caseapp.web.record_answers import Sheet

blueprint = Blueprint("users", __name__, url_prefix="/users")

_LINK = "shown_link"


@dataclass(frozen=True, slots=True)
class Act:
    """Something done to a user: its question, button and what is said after it."""

    title: str
    sentence: str
    button: str
    done: str
    do: Callable[[str], Finding | str | None]
    of_passwords: bool = False


def _new_link(public_id: str) -> Finding | str | None:
    token = user_account.new_link(db.session(), current_actor(), clock.now(), public_id)
    return link_address(token)


def _set_active(active: bool) -> Callable[[str], Finding | str | None]:
    def act(public_id: str) -> Finding | str | None:
        return user_account.set_active(db.session(), current_actor(), clock.now(), public_id, active)

    return act


def _reset(public_id: str) -> Finding | str | None:
    user_account.reset_second_factor(db.session(), current_actor(), clock.now(), public_id)
    return None


ACTS = {
    "deactivate": Act(
        "Deactivate",
        "They are signed out everywhere at once and can no longer sign in, and the tokens for programs that "
        "they made are revoked. Their history stays.",
        "Deactivate",
        "was deactivated, and is signed out everywhere.",
        _set_active(False),
    ),
    "reactivate": Act(
        "Let in again",
        "They can sign in again, in the way that they did.",
        "Let in again",
        "can sign in again.",
        _set_active(True),
    ),
    "reset-second-factor": Act(
        "Reset the second factor",
        "Their authenticator app and recovery codes no longer count, and they are signed out. "
        "Make sure that it is really they who ask.",
        "Reset",
        "signs in without the authenticator app until it is set up again.",
        _reset,
        of_passwords=True,
    ),
    "link": Act(
        "Make a one-time link",
        "With it they set a new password. Earlier links end. Give it to nobody else.",
        "Make the link",
        "sets a new password with this link.",
        _new_link,
        of_passwords=True,
    ),
}


def link_address(token: str) -> str:
    return url_for("sign_in.welcome", token=token, _external=True)


@blueprint.get("")
def index() -> str:
    settings = current_settings()
    now, today = clock.now(), clock.today()
    return render_template(
        "users/index.html",
        users=user_list(db.session(), settings.zone, today, request.args.get("after", "")[:20]),
        tokens=token_rows(db.session(), now, settings.zone, today),
        link=session.pop(_LINK, None),
        signs_in=settings.signs_in,
        keeps_passwords=settings.keeps_passwords,
    )


@blueprint.get("/new")
def new() -> Response:
    form = UserForm(formdata=None)
    form.open_with(UserEntry())
    return _form(form)


@blueprint.post("/new")
def create() -> AnyResponse:
    form = UserForm()
    if form.validate():
        invited = current_settings().keeps_passwords
        outcome = user_account.add_user(
            db.session(), current_actor(), clock.now(), form.entry(), invited=invited
        )
        if isinstance(outcome, UserSaved):
            if invited:
                session[_LINK] = [form.name.data, link_address(outcome.link)]
                hx.flash_message(f"{form.name.data} was added. Give them the link below.")
            else:
                hx.flash_message(f"{form.name.data} was added, and comes in as {form.username.data}.")
            return hx.go_to(url_for(".index"))
        form.refuse(outcome)
        form.begin()
    return _form(form, status=422)


@blueprint.get("/<public_id:user_id>/edit")
def edit(user_id: str) -> Response:
    opened = open_user(db.session(), user_id, current_settings().zone, clock.today())
    form = UserForm(formdata=None)
    form.open_with(opened.entry, opened.version)
    return _form(form, opened.row)


@blueprint.post("/<public_id:user_id>/edit")
def update(user_id: str) -> AnyResponse:
    opened = open_user(db.session(), user_id, current_settings().zone, clock.today())
    form = UserForm()
    if form.validate():
        entry = form.entry()
        if not current_settings().keeps_passwords:
            # Its field is not drawn.
            entry = replace(entry, second_factor_required=opened.entry.second_factor_required)
        outcome = user_account.change_user(
            db.session(), current_actor(), clock.now(), user_id, entry, form.version_sent
        )
        if isinstance(outcome, UserSaved):
            hx.flash_message(f"{form.name.data} was saved.")
            return hx.go_to(url_for(".index"))
        form.refuse(outcome)
        form.begin(open_user(db.session(), user_id, current_settings().zone, clock.today()).version)
    return _form(form, opened.row, 422)


@blueprint.get("/<public_id:user_id>/<act>")
def ask_act(user_id: str, act: str) -> str:
    """The question before something is done to a user."""
    return _question(user_id, act, ActForm(formdata=None))


@blueprint.post("/<public_id:user_id>/<act>")
def act(user_id: str, act: str) -> AnyResponse | tuple[str, int]:
    known = _known(act)
    form = ActForm()
    if form.validate():
        opened = open_user(db.session(), user_id, current_settings().zone, clock.today())
        told = known.do(user_id)
        if not isinstance(told, Finding):
            if told is not None:
                session[_LINK] = [opened.row.name, told]
            hx.flash_message(f"{opened.row.name} {known.done}")
            return hx.go_to(url_for(".index"))
        form.refuse([told])
    return _question(user_id, act, form), 422


def _known(act: str) -> Act:
    known = ACTS.get(act) or abort(404)
    if known.of_passwords and not current_settings().keeps_passwords:
        abort(404)
    return known


def _question(user_id: str, act: str, form: ActForm) -> str:
    known = _known(act)
    opened = open_user(db.session(), user_id, current_settings().zone, clock.today())
    return render_template("users/act.html", act=known, verb=act, user=opened.row, form=form)


def _form(form: UserForm, user: UserRow | None = None, status: int = 200) -> Response:
    form.offer(clinician_choices(db.session()))
    invites = current_settings().keeps_passwords
    if not invites:
        form.sign_in_elsewhere()
    sheet = Sheet(
        form_id="user-form",
        title="Edit user" if user else "Invite a user" if invites else "Add a user",
        save=url_for(".update", user_id=user.public_id) if user else url_for(".create"),
        cancel=url_for(".index"),
        about=user.name if user else "",
        section="users",
        heading="Users",
        save_words="Invite" if invites and not user else "Save",
    )
    return record_answers.form(sheet, form, status=status)
