"""Emergency access of a clinician: asked for with a reason, shown on every page while it lasts."""

from flask import Blueprint, render_template, url_for
from werkzeug.wrappers import Response as AnyResponse

from caseapp import clock
from caseapp.extensions import db
from caseapp.forms.base import Form
from caseapp.forms.user import EmergencyForm
from caseapp.usecases.emergency_access import begin_emergency, end_emergency
from caseapp.web import hx
from caseapp.web.actor import current_actor

blueprint = Blueprint("emergency_access", __name__, url_prefix="/emergency-access")


@blueprint.get("")
def ask() -> str:
    return render_template("users/emergency.html", form=EmergencyForm(formdata=None))


@blueprint.post("")
def begin() -> AnyResponse | tuple[str, int]:
    form = EmergencyForm()
    if form.validate():
        begun = begin_emergency(db.session(), current_actor(), clock.now(), form.reason.data or "")
        if not isinstance(begun, list):
            return hx.see_other(url_for("clients.index"))
        form.refuse(begun)
    return render_template("users/emergency.html", form=form), 422


@blueprint.post("/end")
def end() -> AnyResponse | tuple[str, int]:
    form = Form()
    if not form.validate():
        return render_template("users/emergency.html", form=EmergencyForm(formdata=None)), 422
    end_emergency(db.session(), current_actor(), clock.now())
    hx.flash_message("Emergency access has ended.")
    return hx.see_other(url_for("clients.index"))
