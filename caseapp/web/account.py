"""One's own account: who is signed in, another password, the second factor, and signing out everywhere."""

from flask import Blueprint, abort, render_template, url_for
from werkzeug.wrappers import Response as AnyResponse

from caseapp import clock
from caseapp.config import current_settings
from caseapp.extensions import db
from caseapp.forms.base import Form
from caseapp.forms.sign_in import PasswordForm
from caseapp.usecases import own_account, second_factor
from caseapp.web import hx, sessions
from caseapp.web.account_kit import account_kit
from caseapp.web.actor import current_actor

blueprint = Blueprint("account", __name__, url_prefix="/account")


@blueprint.before_request
def only_with_own_passwords() -> None:
    """404 where somebody else keeps the passwords."""
    if current_settings().auth != "local":
        abort(404)


@blueprint.get("")
def show() -> str:
    return _page(PasswordForm(formdata=None))


@blueprint.post("/password")
def change_password() -> AnyResponse | tuple[str, int]:
    form = PasswordForm()
    if form.validate():
        found = own_account.change_password(
            db.session(),
            account_kit(),
            current_actor(),
            clock.now(),
            form.old_password.data or "",
            form.password.data or "",
            practice_name=current_settings().practice_name,
        )
        if not found:
            sessions.forget()
            return hx.see_other(url_for("sign_in.show"))
        form.refuse(found)
    return _page(form), 422


@blueprint.post("/sign-out-everywhere")
def sign_out_everywhere() -> AnyResponse | tuple[str, int]:
    form = Form()
    if not form.validate():
        return _page(PasswordForm(formdata=None), form), 422
    own_account.sign_out_everywhere(db.session(), current_actor(), clock.now())
    sessions.forget()
    return hx.see_other(url_for("sign_in.signed_out"))


def _page(form: PasswordForm, everywhere: Form | None = None) -> str:
    actor = current_actor()
    assert actor.user_id is not None
    username, has_factor = second_factor.name_of(db.session(), actor.user_id)
    return render_template(
        "sign_in/account.html",
        form=form,
        everywhere=everywhere or Form(formdata=None),
        username=username,
        has_factor=has_factor,
    )
