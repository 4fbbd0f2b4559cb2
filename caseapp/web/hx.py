"""The one place that answers a page or a fragment of it, and that knows htmx's headers."""

from collections.abc import Iterable
from typing import Any

from flask import Flask, Response, flash, make_response, redirect, render_template, request, session
from werkzeug.wrappers import Response as AnyResponse

from caseapp.domain.finding import Finding
from caseapp.domain.words import day

MOST_MESSAGES = 3
VARY = "HX-Request, HX-History-Restore-Request"

_ZONE_WORDS = {
    "America/New_York": "Eastern time",
    "America/Chicago": "Central time",
    "America/Denver": "Mountain time",
    "America/Phoenix": "Arizona time",
    "America/Los_Angeles": "Pacific time",
    "America/Anchorage": "Alaska time",
    "Pacific/Honolulu": "Hawaii time",
}


def wants_fragment() -> bool:
    """The request came from htmx, and not to restore a page of the browser's history."""
    headers = request.headers
    return headers.get("HX-Request") == "true" and headers.get("HX-History-Restore-Request") != "true"


def answer(
    page: str,
    fragment: str,
    status: int = 200,
    *,
    retarget: str | None = None,
    reswap: str | None = None,
    **context: Any,
) -> Response:
    """The template `page`, or for htmx the template `fragment`, which the page includes, on the same context.

    `retarget` (a CSS selector) and `reswap` (a swap style) send a fragment elsewhere than its element said.
    """
    as_fragment = wants_fragment()
    response = make_response(render_template(fragment if as_fragment else page, **context), status)
    response.headers["Vary"] = VARY
    if as_fragment and retarget is not None:
        response.headers["HX-Retarget"] = retarget
    if as_fragment and reswap is not None:
        response.headers["HX-Reswap"] = reswap
    return response


def see_other(address: str) -> AnyResponse:
    """303: after a save the browser fetches the page anew, and reloading it saves nothing again."""
    return redirect(address, 303)


def go_to(address: str) -> AnyResponse:
    """303, or for htmx the order to leave this page: what follows a save stands elsewhere."""
    if not wants_fragment():
        return see_other(address)
    response = make_response("")
    response.headers["Vary"] = VARY
    response.headers["HX-Redirect"] = address
    return response


def said(
    text: str, findings: Iterable[Finding] = (), *, link: tuple[str, str] | None = None
) -> dict[str, Any]:
    """A message for the region #messages, with its warnings: what macros/messages.html draws.

    `link` is (address, words) of a page that tells more.
    """
    shown = [{"code": f.code, "message": f.message, "severity": f.severity} for f in findings]
    return {"text": text, "findings": shown, "link": link}


def flash_message(
    text: str, findings: Iterable[Finding] = (), *, link: tuple[str, str] | None = None
) -> None:
    """Keep a message for the page that the next request shows."""
    kept: Any = said(text, findings, link=link)  # Flask keeps any JSON value, and is typed for text
    flash(kept)
    # What nobody comes to read must not fill the cookie.
    session["_flashes"] = session["_flashes"][-MOST_MESSAGES:]


def zone_words(zone: str) -> str:
    """Eastern time; Europe/Berlin time."""
    return _ZONE_WORDS.get(zone, f"{zone.replace('_', ' ')} time")


def init_app(app: Flask) -> None:
    """Teach the templates the words of zones and dates."""
    app.add_template_filter(zone_words)
    app.add_template_filter(day)
