"""Error pages that help: what happened, and where to go on."""

from dataclasses import dataclass

from flask import Flask, Response, make_response, render_template
from werkzeug.exceptions import HTTPException, NotFound

from caseapp.usecases.outcome import UnknownRecord
from caseapp.web import hx
from caseapp.web.access import NotForThisRole
from caseapp.web.case_manager_addresses import is_framed
from caseapp.web.same_origin import FromAnotherSite


@dataclass(frozen=True, slots=True)
class ErrorText:
    heading: str
    sentence: str


OWN_TEXTS: dict[type[HTTPException], ErrorText] = {
    NotForThisRole: ErrorText(
        "This is not yours to do",
        "Your role does not have it. Nothing was changed. Ask an administrator of your practice if it "
        "should.",
    ),
    FromAnotherSite: ErrorText(
        "This came from another site",
        "Only Caseapp's own pages can change anything, and nothing was changed. Where this was one of them, "
        "the proxy before Caseapp does not pass on the name in the address.",
    ),
}

TEXTS = {
    400: ErrorText(
        "That request could not be read",
        "Something in it was broken or missing. Nothing was changed. Go back, reload the page and try again.",
    ),
    401: ErrorText(
        "You are not signed in",
        "Your practice's sign-on did not name you, or you have no account here. Open Caseapp from your "
        "practice's pages, or ask an administrator.",
    ),
    403: ErrorText(
        "Caseapp is open to its own computer only",
        "Nobody has to sign in to it yet, so other computers are not let in.",
    ),
    404: ErrorText(
        "Nothing is at this address",
        "The record may have been removed, or the address was cut short. Search for the client instead.",
    ),
    405: ErrorText(
        "This address is not used that way",
        "Nothing was changed. Open the page from the client's tabs and use its buttons.",
    ),
    413: ErrorText(
        "That was too much at once",
        "What was sent is larger than a form may be. Nothing was changed. Shorten it and send it again.",
    ),
    421: ErrorText(
        "Caseapp is not at this name",
        "It answers to this computer's own names, such as localhost, and to those that CASEAPP_HOSTS lists. "
        "Open it by one of these, or ask whoever runs it to add the name.",
    ),
    500: ErrorText(
        "Something went wrong here",
        "The fault is ours, and it was written to the log. Nothing of this step was saved. Try it once more.",
    ),
}

FRAMED_NOT_FOUND = ErrorText(
    "Nothing is at this address",
    "Caseapp does not have this client or record, or it is not one that you may see.",
)

_COUNTED = {400, 404, 405, 413}
"""Whoever is let in sees the menu as everywhere; where something is broken, nothing more is asked."""


def init_app(app: Flask) -> None:
    app.register_error_handler(HTTPException, show)
    app.register_error_handler(UnknownRecord, lambda _error: show(NotFound()))


def show(error: HTTPException) -> Response:
    """The page for `error`; for a request by script one plain sentence, which is shown as a toast."""
    code = error.code
    if code is None:  # abort(response)
        return make_response(error.get_response())
    text = OWN_TEXTS.get(type(error)) or TEXTS.get(code, TEXTS[400] if code < 500 else TEXTS[500])
    if code == 404 and is_framed():
        text = FRAMED_NOT_FOUND
    if hx.wants_fragment():
        response = make_response(f"{text.heading}. {text.sentence}")
        response.mimetype = "text/plain"
    else:
        counted = code in _COUNTED or isinstance(error, NotForThisRole)
        response = make_response(render_template("errors/error.html", text=text, counted=counted))
    response.status_code = code
    response.headers["Vary"] = hx.VARY
    # Such as Allow beside 405; the body and its type are ours.
    for name, value in error.get_headers():
        if name not in {"Content-Type", "Content-Length"}:
            response.headers[name] = value
    return response
