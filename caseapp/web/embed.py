"""One client's case managers by the ID that another system knows, to stand in a frame of its pages."""

from pathlib import Path

from flask import Blueprint, Flask, Response, abort, current_app, make_response, request, session

from caseapp.config import Settings
from caseapp.extensions import db
from caseapp.usecases.client_page import public_id_of
from caseapp.web import case_managers, theme
from caseapp.web.access_events import finds_no_client, shows_client
from caseapp.web.actor import current_actor
from caseapp.web.case_manager_addresses import FRAMED, FRAMES
from caseapp.web.unsigned import THEME

blueprint = Blueprint("embed", __name__, url_prefix=FRAMES.rstrip("/"))


def init_app(app: Flask, settings: Settings) -> None:
    """The pages of case managers stand in frames as well, under addresses of their own."""
    app.register_blueprint(blueprint)
    app.register_blueprint(
        case_managers.blueprint, name=FRAMED, url_prefix=f"{FRAMES}clients/<public_id:client_id>"
    )
    app.jinja_env.globals.update(frame_ancestors=settings.frame_ancestors, frame_theme=frame_theme)


@blueprint.get("/clients/by-external-id/<path:external_id>/case-managers")
def show(external_id: str) -> Response:
    """The Clinical tab alone. Colours and font of the address are kept for the pages that follow."""
    public_id = public_id_of(db.session(), current_actor(), external_id)
    if public_id is None:
        finds_no_client(external_id)
        abort(404)
    shows_client(public_id)
    asked = theme.read_theme(request.args)
    if request.args and session.get(THEME, {}) != asked:
        session[THEME] = asked
    return case_managers.index(public_id)


@blueprint.get("/theme.css")
def style() -> Response:
    """The host's colours and font, as far as they are ours to take."""
    asked = theme.read_theme(request.args)
    stylesheet = Path(current_app.static_folder or "") / "caseapp.css"
    response = make_response(theme.style(stylesheet, tuple(sorted(asked.items()))))
    response.mimetype = "text/css"
    return response


def frame_theme() -> theme.Theme:
    """What is kept of the host's colours and font."""
    kept = session.get(THEME)
    return kept if isinstance(kept, dict) else {}
