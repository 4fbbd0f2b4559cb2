"""The client list, and the read-only tabs of a client."""

from flask import Blueprint, abort, render_template

from caseapp import clock
from caseapp.extensions import db
from caseapp.usecases import client_page
from caseapp.usecases.client_page import ClientHead
from caseapp.web.actor import current_actor

blueprint = Blueprint("clients", __name__)


def client_or_404(public_id: str) -> ClientHead:
    """The client of the address, whom the actor may see; else the page "not found"."""
    head = client_page.client_head(db.session(), current_actor(), public_id, clock.today())
    if head is None:
        abort(404)
    return head


@blueprint.get("/clients")
def index() -> str:
    return render_template("layouts/base.html", section="clients")


@blueprint.get("/clients/<public_id:public_id>")
def profile(public_id: str) -> str:
    return render_template("clients/profile.html", client=client_or_404(public_id), tab="profile")
