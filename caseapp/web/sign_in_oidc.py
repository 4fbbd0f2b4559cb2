"""Signing in with an OpenID provider: authorization code with PKCE, state and nonce, all kept by Authlib."""

import logging
from typing import Any, cast

from flask import Blueprint, abort, current_app, render_template, request, session, url_for
from werkzeug.wrappers import Response as AnyResponse

from caseapp import clock
from caseapp.config import Settings, current_settings
from caseapp.extensions import db
from caseapp.forms.sign_in import FrameCodeForm
from caseapp.usecases.provided_user import NotLetIn, Provided, let_in, not_believed
from caseapp.usecases.sign_in import Proven
from caseapp.web import frame_code, hx
from caseapp.web.actor import signed_in_actor
from caseapp.web.sign_in import address_within, go_on
from caseapp.web.unsigned import own_path

blueprint = Blueprint("sign_in_oidc", __name__, url_prefix="/sign-in/provider")

EXTENSION = "caseapp_oidc"
_NEXT = "oidc_next"
_FRAME = "oidc_frame"
_log = logging.getLogger(__name__)


@blueprint.before_request
def only_with_a_provider() -> None:
    if current_settings().auth != "oidc":
        abort(404)


@blueprint.get("")
def start() -> AnyResponse:
    """Off to the provider."""
    session[_NEXT] = own_path(request.args.get("next", ""))
    session[_FRAME] = frame_code.frame_asked(request.args.get("frame", ""))
    try:
        return cast(AnyResponse, _provider().authorize_redirect(url_for(".answer", _external=True)))
    except Exception as error:  # whatever the network and the provider do
        return _failed("unreachable", error)


@blueprint.get("/answer")
def answer() -> AnyResponse:
    """Back from the provider: its code is changed for a signed statement of who it is."""
    from authlib.common.errors import AuthlibBaseError
    from joserfc.errors import JoseError

    settings = current_settings()
    try:
        token = _provider().authorize_access_token()
        claims = dict(token.get("userinfo") or {})
        if settings.oidc_username_claim not in claims or (
            settings.oidc_groups and settings.oidc_groups_claim not in claims
        ):
            claims = _completed(claims, dict(_provider().userinfo(token=token)))
    except AuthlibBaseError as error:
        return _failed("refused", error)
    except JoseError as error:  # a statement that the provider did not sign, or not for this sign-in
        not_believed(db.session(), clock.now())
        return _failed("refused", error)
    except Exception as error:  # as above
        return _failed("unreachable", error)
    provided = _provided(claims, settings)
    if provided is None:
        not_believed(db.session(), clock.now())
        return _failed("refused", None)
    outcome = let_in(
        db.session(),
        clock.now(),
        provided,
        roles_of_groups=dict(settings.oidc_groups),
        new_users=settings.oidc_new_users,
    )
    if isinstance(outcome, NotLetIn):
        return _failed(outcome.code, None)
    frame = frame_code.frame_asked(str(session.get(_FRAME, "")))
    gone_on = go_on(outcome, own_path(str(session.get(_NEXT, ""))))
    if not frame:
        return gone_on
    code = frame_code.code_for(outcome.user_id, frame, clock.now())
    page = render_template("sign_in/frame_code.html", code=code, minutes=frame_code.GOOD_MINUTES)
    return current_app.make_response(page)


@blueprint.post("/frame")
def from_frame() -> AnyResponse:
    """Sign the frame in for which somebody has signed in in a window of its own."""
    form = FrameCodeForm()
    wanted = own_path(form.next.data or "")
    if signed_in_actor() is not None:  # where the frame is of the same site, the window's sign-in is its own
        return hx.see_other(address_within(wanted))
    if form.validate():
        user_id = frame_code.user_of(form.code.data or "", clock.now())
        if user_id is not None:
            return go_on(Proven(user_id, "", "signed_in"), wanted)
        form.tell()
    return frame_code.page(form, wanted, 422)


def _completed(signed: dict[str, Any], told: dict[str, Any]) -> dict[str, Any]:
    """The signed claims, and what the provider tells besides of the same subject; signed ones win."""
    return {**told, **signed} if told.get("sub") == signed.get("sub") else signed


def _provided(claims: Any, settings: Settings) -> Provided | None:
    subject, issuer = claims.get("sub"), claims.get("iss")
    username = claims.get(settings.oidc_username_claim)
    groups = claims.get(settings.oidc_groups_claim) or []
    if not (isinstance(subject, str) and subject and isinstance(issuer, str) and isinstance(username, str)):
        return None
    return Provided(
        subject=f"{issuer} {subject}",
        username=username,
        name=str(claims.get("name") or ""),
        groups=tuple(group for group in groups if isinstance(group, str)) if isinstance(groups, list) else (),
    )


def _failed(code: str, error: Exception | None) -> AnyResponse:
    """403, or 502 where the provider did not answer; what it said goes to the log without its values."""
    if error is not None:
        _log.warning("Signing in with the provider failed: %s", type(error).__name__)
    page = render_template("sign_in/provider_failed.html", code=code)
    return current_app.make_response((page, 502 if code == "unreachable" else 403))


def _provider() -> Any:
    """Authlib's client of the provider, whose addresses it reads once from its metadata."""
    kept = current_app.extensions.get(EXTENSION)
    if kept is None:
        from authlib.integrations.flask_client import OAuth

        settings = current_settings()
        kept = OAuth(current_app).register(
            "provider",
            client_id=settings.oidc_client_id,
            client_secret=settings.oidc_client_secret,
            server_metadata_url=f"{settings.oidc_address.rstrip('/')}/.well-known/openid-configuration",
            client_kwargs={"scope": settings.oidc_scopes, "code_challenge_method": "S256", "timeout": 10},
        )
        current_app.extensions[EXTENSION] = kept
    return kept
