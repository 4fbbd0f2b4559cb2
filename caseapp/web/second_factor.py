"""The second factor: asked for at a sign-in, and set up."""

from flask import Blueprint, render_template, session, url_for
from markupsafe import Markup
from werkzeug.wrappers import Response as AnyResponse

from caseapp import clock
from caseapp.domain.actor import Actor
from caseapp.domain.sign_in import wait_words
from caseapp.extensions import db
from caseapp.forms.sign_in import CodeForm
from caseapp.usecases import second_factor
from caseapp.usecases.user_session import SignIn
from caseapp.web import hx, sessions
from caseapp.web.account import only_with_own_passwords
from caseapp.web.account_kit import account_kit
from caseapp.web.sign_in import arrive
from caseapp.web.unsigned import CARRIED_ON, KEPT, own_path

blueprint = Blueprint("second_factor", __name__, url_prefix="/sign-in")
blueprint.before_request(only_with_own_passwords)

_NEW_APP = "new_app"


@blueprint.get("/code")
def ask() -> AnyResponse | str:
    if _sign_in("second_factor") is None:
        return hx.see_other(url_for("sign_in.show"))
    return render_template("sign_in/code.html", form=CodeForm(formdata=None))


@blueprint.post("/code")
def check() -> AnyResponse | tuple[str, int]:
    sign_in = _sign_in("second_factor")
    if sign_in is None:
        return hx.see_other(url_for("sign_in.show"))
    form = CodeForm()
    status = 422
    if form.validate():
        wrong = second_factor.check_code(
            db.session(), account_kit(), _actor(sign_in), clock.now(), sign_in.user_id, form.code.data or ""
        )
        if wrong is None:
            return _all_the_way(sign_in)
        form.tell(wait_words(wrong.wait_until, clock.now()) if wrong.wait_until else "")
        status = 429 if wrong.wait_until else 422
    return render_template("sign_in/code.html", form=form), status


@blueprint.get("/set-up")
def set_up() -> AnyResponse | str:
    """A picture to scan, and the code that proves it was scanned."""
    sign_in = _may_set_up()
    if sign_in is None:
        return hx.see_other(url_for("sign_in.show"))
    session[_NEW_APP] = session.get(_NEW_APP) or account_kit().new_secret()
    return _set_up_page(sign_in, CodeForm(formdata=None))


@blueprint.post("/set-up")
def keep() -> AnyResponse | str | tuple[str, int]:
    sign_in = _may_set_up()
    secret = session.get(_NEW_APP)
    if sign_in is None or not secret:
        return hx.see_other(url_for("second_factor.set_up" if sign_in else "sign_in.show"))
    form = CodeForm()
    if form.validate():
        codes = second_factor.set_up(
            db.session(),
            account_kit(),
            _actor(sign_in),
            clock.now(),
            sign_in.user_id,
            secret,
            form.code.data or "",
            sign_in=sign_in.digest,
        )
        if codes is not None:
            session.pop(_NEW_APP, None)
            going_on = url_for("home.index")
            if sign_in.stage == "set_up":
                going_on = _all_the_way(sign_in).headers["Location"]
            return render_template("sign_in/recovery_codes.html", codes=codes, going_on=going_on)
        form.tell()
    return _set_up_page(sign_in, form), 422


def _all_the_way(sign_in: SignIn) -> AnyResponse:
    """The second factor is right: a new sign-in takes the place of the one half way."""
    keep = {name: session[name] for name in CARRIED_ON if name in session}
    wanted = own_path(str(session.get("next", "")))
    sessions.begin(sign_in.user_id, "signed_in", clock.now(), keep)
    return arrive(wanted, kept=KEPT in keep)


def _may_set_up() -> SignIn | None:
    """The sign-in in which an app may be set up; None where there is one already.

    Whoever finds a browser signed in must not put their own phone in the place of its owner's: an
    administrator resets it first.
    """
    sign_in = _sign_in("set_up", "signed_in")
    if sign_in is None or second_factor.factor_of(db.session(), sign_in.user_id).set_up:
        return None
    return sign_in


def _sign_in(*stages: str) -> SignIn | None:
    sign_in = sessions.current_sign_in()
    return sign_in if sign_in is not None and sign_in.stage in stages else None


def _actor(sign_in: SignIn) -> Actor:
    """Who is on the way in: named in the history, and allowed nothing yet."""
    return Actor(sign_in.name, "billing", sign_in.user_id)


def _set_up_page(sign_in: SignIn, form: CodeForm) -> str:
    username = second_factor.factor_of(db.session(), sign_in.user_id).username
    address, key = account_kit().shown(session[_NEW_APP], username)
    return render_template(
        "sign_in/set_up.html",
        form=form,
        picture=_picture(address),
        key=key,
        must=sign_in.stage == "set_up",
    )


def _picture(address: str) -> Markup:
    """The address as a QR code drawn in the page: no other address is asked, and no script runs."""
    import segno

    code = segno.make(address, error="m", micro=False)
    return Markup(code.svg_inline(border=4, light="#fff", dark="#000", svgclass="qr", omitsize=True))  # noqa: S704
