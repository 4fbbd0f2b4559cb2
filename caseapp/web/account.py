"""One's own account: who is signed in, another password, the second factor, and signing out everywhere."""

from flask import Blueprint, abort, render_template, url_for
from werkzeug.wrappers import Response as AnyResponse

from caseapp import clock
from caseapp.config import current_settings
from caseapp.domain.actor import Actor
from caseapp.extensions import db
from caseapp.forms.base import Form
from caseapp.forms.sign_in import PasswordForm, RecoveryCodesForm
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


@blueprint.post("/recovery-codes")
def new_recovery_codes() -> AnyResponse | str | tuple[str, int]:
    """Shown with the answer, and never again."""
    actor = current_actor()
    if not _has_factor(actor):
        abort(404)
    form = RecoveryCodesForm()
    if form.validate():
        typed = form.present_password.data or ""
        made = own_account.new_recovery_codes(db.session(), account_kit(), actor, clock.now(), typed)
        if isinstance(made, list):
            return render_template("sign_in/recovery_codes.html", codes=made, going_on=url_for(".show"))
        form.refuse([made])
    return _page(PasswordForm(formdata=None), recovery=form), 422


@blueprint.post("/sign-out-everywhere")
def sign_out_everywhere() -> AnyResponse | tuple[str, int]:
    form = Form()
    if not form.validate():
        return _page(PasswordForm(formdata=None), form), 422
    own_account.sign_out_everywhere(db.session(), current_actor(), clock.now())
    sessions.forget()
    return hx.see_other(url_for("sign_in.signed_out"))


def _has_factor(actor: Actor) -> bool:
    assert actor.user_id is not None
    return second_factor.factor_of(db.session(), actor.user_id).set_up


def _page(
    form: PasswordForm, everywhere: Form | None = None, recovery: RecoveryCodesForm | None = None
) -> str:
    actor = current_actor()
    assert actor.user_id is not None
    factor = second_factor.factor_of(db.session(), actor.user_id)
    return render_template(
        "sign_in/account.html",
        form=form,
        everywhere=everywhere or Form(formdata=None),
        recovery=recovery or RecoveryCodesForm(formdata=None),
        factor=factor,
    )
