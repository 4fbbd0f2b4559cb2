"""Signing in and out by password, and the one-time link by which somebody comes in first."""

from typing import Any

from flask import Blueprint, abort, make_response, render_template, request, session, url_for
from werkzeug.wrappers import Response as AnyResponse

from caseapp import clock
from caseapp.config import current_settings
from caseapp.domain.sign_in import wait_words
from caseapp.extensions import db
from caseapp.forms.base import Form
from caseapp.forms.sign_in import FrameCodeForm, SignInForm, WelcomeForm
from caseapp.usecases import one_time_link, user_session
from caseapp.usecases.sign_in import NotProven, Proven, prove
from caseapp.usecases.signed_in import record_sign_out
from caseapp.web import frame_code, hx, sessions
from caseapp.web.account_kit import account_kit
from caseapp.web.actor import current_actor, signed_in_actor
from caseapp.web.case_manager_addresses import FRAMES
from caseapp.web.unsigned import CARRIED_ON, KEPT, filled_again, is_kept_form, own_path, wanted_page

blueprint = Blueprint("sign_in", __name__)


@blueprint.before_request
def only_with_accounts() -> None:
    """404 where nobody signs in here."""
    if not current_settings().signs_in:
        abort(404)


@blueprint.get("/sign-in")
def show() -> AnyResponse | str:
    """The form; whoever is signed in goes on."""
    wanted = own_path(request.args.get("next", ""))
    if signed_in_actor() is not None:
        return hx.see_other(address_within(wanted))
    if current_settings().auth == "header":
        abort(401)
    if frame_code.is_needed():
        return frame_code.page(FrameCodeForm(formdata=None), wanted)
    return _page(SignInForm(formdata=None), wanted)


@blueprint.post("/sign-in")
def send() -> AnyResponse | str:
    if current_settings().auth != "local":
        abort(404)
    form = SignInForm()
    wanted = own_path(form.next.data or "")
    if not form.validate():
        return _page(form, wanted, 422)
    outcome = prove(
        db.session(),
        account_kit(),
        clock.now(),
        form.username.data or "",
        form.password.data or "",
        request.remote_addr or "",
    )
    if isinstance(outcome, NotProven):
        form.tell(wait_words(outcome.wait_until, clock.now()) if outcome.wait_until else "")
        return _page(form, wanted, 429 if outcome.wait_until else 422)
    return go_on(outcome, wanted)


def go_on(proven: Proven, wanted: str) -> AnyResponse:
    """Begin the sign-in of somebody who has proven who they are; the second factor may still be asked for."""
    keep = {name: session[name] for name in CARRIED_ON if name in session}
    if wanted:
        keep["next"] = wanted
    if proven.stage != "signed_in" and sessions.RAN_OUT in session:
        keep[sessions.RAN_OUT] = session[sessions.RAN_OUT]
    sessions.begin(proven.user_id, proven.stage, clock.now(), keep)
    if proven.stage != "signed_in":
        page = "second_factor.ask" if proven.stage == "second_factor" else "second_factor.set_up"
        return hx.see_other(url_for(page))
    return arrive(wanted, kept=KEPT in keep)


def arrive(wanted: str, *, kept: bool) -> AnyResponse:
    """Where a sign-in leads: to the form that was kept, the page that was asked for, or the first page.

    Where several windows of a browser had sent one, `wanted` leads to that of this window.
    """
    if kept and not is_kept_form(wanted):
        return hx.see_other(url_for("sign_in.kept", next=wanted) if wanted else url_for("sign_in.kept"))
    return hx.see_other(address_within(wanted))


def address_within(wanted: str) -> str:
    """The address of an own page, or of the first one."""
    return f"{request.script_root}{wanted}" if wanted else url_for("home.index")


@blueprint.get("/sign-in/kept")
def kept() -> AnyResponse:
    """The form that was sent when the last sign-in had run out, filled again."""
    actor = current_actor()
    mark = request.args.get("form", "")
    filled = filled_again(actor.user_id, mark) if actor.user_id is not None else None
    if filled is not None:
        return filled
    if not mark:
        session.pop(KEPT, None)
    return hx.see_other(address_within(own_path(request.args.get("next", ""))))


@blueprint.post("/sign-out")
def sign_out() -> AnyResponse | tuple[str, int]:
    """End this sign-in; a stale token is answered with the button once more."""
    form = Form()
    wanted = wanted_page()
    sign_in = sessions.current_sign_in()
    if sign_in is not None:
        if not form.validate():
            return render_template("sign_in/sign_out.html", form=form), 422
        if sign_in.stage == "signed_in":  # who has come half way has not signed in
            record_sign_out(db.session(), clock.now(), sign_in.user_id)
        user_session.end(db.session(), sign_in.digest)
        sessions.forget()
    # What stands in a frame stays there; anywhere else the next one begins at the first page.
    back: dict[str, Any] = {"next": wanted} if wanted.startswith(FRAMES) else {}
    return hx.go_to(url_for("sign_in.signed_out", **back))


@blueprint.get("/signed-out")
def signed_out() -> str:
    return render_template("sign_in/signed_out.html", wanted=own_path(request.args.get("next", "")))


@blueprint.get("/welcome/<token>")
def welcome(token: str) -> str | tuple[str, int]:
    """What a one-time link opens."""
    link = one_time_link.find_link(db.session(), token, clock.now())
    if link is None:
        return render_template("sign_in/link_over.html"), 404
    form = WelcomeForm(formdata=None)
    form.name.data = link.name
    return _welcome(token, form, link.username)


@blueprint.post("/welcome/<token>")
def accept(token: str) -> AnyResponse | str | tuple[str, int]:
    """Set the name and the password; then they sign in with it."""
    link = one_time_link.find_link(db.session(), token, clock.now())
    if link is None:
        return render_template("sign_in/link_over.html"), 404
    form = WelcomeForm()
    if form.validate():
        outcome = one_time_link.use_link(
            db.session(),
            account_kit(),
            clock.now(),
            token,
            form.name.data or "",
            form.password.data or "",
            practice_name=current_settings().practice_name,
        )
        if outcome is None:
            return render_template("sign_in/link_over.html"), 404
        if not isinstance(outcome, list):
            hx.flash_message("Your password is set. Sign in with it now.")
            return hx.see_other(url_for("sign_in.show"))
        form.refuse(outcome)
    return _welcome(token, form, link.username), 422


def _welcome(token: str, form: WelcomeForm, username: str) -> str:
    return render_template("sign_in/welcome.html", form=form, token=token, username=username)


def _page(form: SignInForm, wanted: str, status: int = 200) -> AnyResponse:
    form.next.data = wanted
    form.password.data = ""
    page = render_template(
        "sign_in/show.html", form=form, auth=current_settings().auth, again=KEPT in session
    )
    return make_response(page, status)
