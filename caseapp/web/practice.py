"""From the demonstration to a practice of one's own."""

from flask import Blueprint, abort, current_app, render_template, url_for
from werkzeug.wrappers import Response

from caseapp.forms.base import Form
from caseapp.web import hx, sessions

blueprint = Blueprint("practice", __name__, url_prefix="/practice")


class StartPracticeForm(Form):
    """Nothing but its token: the page is a question."""


@blueprint.route("/start", methods=["GET", "POST"])
def start() -> Response | str | tuple[str, int]:
    """Ask, then start the own practice: from the next request on it is served instead of the demonstration.

    404 where no demonstration is served: there is nothing to start.
    """
    start_own_practice = current_app.extensions["caseapp"].get("start_own_practice")
    if start_own_practice is None:
        abort(404)
    form = StartPracticeForm()
    if form.validate_on_submit():
        link = start_own_practice()
        if link is not None:
            # The administrator of the demonstration becomes the first of the practice.
            sessions.forget()
            return hx.see_other(url_for("sign_in.welcome", token=link))
        return hx.see_other(url_for("clients.index"))
    page = render_template("practice/start.html", form=form)
    return (page, 422) if form.is_submitted() else page
