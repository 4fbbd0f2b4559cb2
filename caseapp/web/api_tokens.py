"""Tokens for programs: made and shown once, and revoked."""

from flask import Blueprint, render_template, url_for
from werkzeug.wrappers import Response as AnyResponse

from caseapp import clock
from caseapp.config import current_settings
from caseapp.extensions import db
from caseapp.forms.user import ActForm, TokenForm
from caseapp.usecases.api_token import TokenRow, make_token, revoke_token, token_rows
from caseapp.usecases.outcome import UnknownRecord
from caseapp.web import hx
from caseapp.web.actor import current_actor

blueprint = Blueprint("api_tokens", __name__, url_prefix="/users/tokens")


@blueprint.get("/new")
def new() -> str:
    form = TokenForm(formdata=None)
    form.begin()
    return render_template("users/token.html", form=form)


@blueprint.post("/new")
def create() -> str | tuple[str, int]:
    """The token stands in this answer and nowhere else."""
    form = TokenForm()
    if form.validate():
        made = make_token(db.session(), current_actor(), clock.now(), form.entry(), form.token_sent)
        if isinstance(made, str):
            return render_template("users/token_made.html", token=made, name=form.name.data)
        form.refuse(made)
        form.begin()
    return render_template("users/token.html", form=form), 422


@blueprint.get("/<public_id:token_id>/revoke")
def ask_revoke(token_id: str) -> str:
    return render_template("users/revoke.html", row=_row(token_id), form=ActForm(formdata=None))


@blueprint.post("/<public_id:token_id>/revoke")
def revoke(token_id: str) -> AnyResponse | tuple[str, int]:
    form = ActForm()
    row = _row(token_id)
    if not form.validate():
        return render_template("users/revoke.html", row=row, form=form), 422
    revoke_token(db.session(), current_actor(), clock.now(), token_id)
    hx.flash_message(f"The token {row.name} opens nothing any more.")
    return hx.go_to(url_for("users.index"))


def _row(token_id: str) -> TokenRow:
    rows = token_rows(db.session(), clock.now(), current_settings().zone, clock.today())
    row = next((row for row in rows if row.public_id == token_id), None)
    if row is None:
        raise UnknownRecord
    return row
