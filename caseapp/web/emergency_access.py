"""Emergency access of a clinician: asked for with a reason, shown on every page while it lasts."""

from flask import Blueprint, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from caseapp import clock
from caseapp.extensions import db
from caseapp.forms.user import EmergencyForm, EndOfEmergencyForm
from caseapp.usecases.emergency_access import begin_emergency, end_emergency
from caseapp.web import hx
from caseapp.web.actor import current_actor
from caseapp.web.case_manager_addresses import FRAMES
from caseapp.web.sign_in import address_within
from caseapp.web.unsigned import own_path

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
    form = EndOfEmergencyForm()
    if not form.validate():
        return render_template("users/emergency.html", form=EmergencyForm(formdata=None)), 422
    end_emergency(db.session(), current_actor(), clock.now())
    wanted = own_path(form.next.data or "")
    if wanted.startswith(FRAMES):
        return hx.see_other(url_for(".ended", next=wanted))
    hx.flash_message("Emergency access has ended.")
    return hx.see_other(url_for("clients.index"))


@blueprint.get("/ended")
def ended() -> str:
    """The page after an end in a frame: it has no room for the list, and its client may be another's."""
    wanted = own_path(request.args.get("next", ""))
    return render_template("users/emergency_ended.html", back=address_within(wanted) if wanted else "")
