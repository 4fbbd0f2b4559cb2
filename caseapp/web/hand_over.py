"""The hand-over: choose whose lines, plan, keep as a draft, apply, undo; as pages and as their parts."""

from flask import Blueprint, Response, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from caseapp import clock
from caseapp.extensions import db
from caseapp.forms.hand_over import ActForm, HandOverForm, UndoForm, read_choice
from caseapp.usecases.hand_over import ApplyRequest, apply_hand_over
from caseapp.usecases.hand_over_draft import DraftRequest, discard_draft, open_draft, save_draft
from caseapp.usecases.hand_over_plan import NotUnderstood, open_plan
from caseapp.usecases.hand_over_undo import undo_hand_over
from caseapp.usecases.outcome import Refused, Saved
from caseapp.web import hand_over_answers as answers
from caseapp.web import hx
from caseapp.web.actor import current_actor
from caseapp.web.asked import public_id_asked
from caseapp.web.current import current_practice

blueprint = Blueprint("hand_over", __name__, url_prefix="/hand-over")


@blueprint.get("")
def index() -> Response:
    """Whose lines are handed over; where the address says it already, the plan."""
    entry, faults = read_choice(request.args)
    public_id = public_id_asked("draft")
    draft = open_draft(db.session(), current_actor(), public_id) if public_id else None
    if faults or ("last_day" not in request.args and "first_away" not in request.args):
        return answers.choose(entry, faults, draft)
    plan = open_plan(
        db.session(),
        current_actor(),
        clock.now(),
        current_practice(),
        entry,
        lines=draft.lines if draft else None,
        after=public_id_asked("after") or (draft.after if draft else ""),
    )
    if isinstance(plan, NotUnderstood):
        return answers.choose(entry, plan.findings, draft)
    return answers.plan(plan, draft)


@blueprint.get("/drafts/<public_id:draft_id>")
def draft(draft_id: str) -> Response:
    """A draft as it was kept; what changed since is told line by line."""
    kept = open_draft(db.session(), current_actor(), draft_id)
    plan = open_plan(
        db.session(),
        current_actor(),
        clock.now(),
        current_practice(),
        kept.entry,
        lines=kept.lines,
        after=kept.after,
    )
    if isinstance(plan, NotUnderstood):
        return answers.choose(kept.entry, plan.findings, kept)
    return answers.plan(plan, kept)


@blueprint.post("/drafts/<public_id:draft_id>/discard")
def discard(draft_id: str) -> AnyResponse:
    form = ActForm()
    if not form.validate():
        return answers.overview(form)
    outcome = discard_draft(db.session(), current_actor(), clock.now(), draft_id)
    hx.flash_message(outcome.message)
    return hx.go_to(url_for(".index"))


@blueprint.post("")
def act() -> AnyResponse:
    """Apply, keep as a draft, or look again at what was typed, by the button that was pressed."""
    form = HandOverForm()
    form.read_lines(request.form)
    if not form.validate():
        return answers.refused(form)
    if form.apply.data:
        return _apply(form)
    if form.keep.data:
        return _keep(form)
    return answers.looked(form)


@blueprint.post("/line")
def line() -> AnyResponse:
    """One line as it stands with what was typed; without scripts the whole plan."""
    form = HandOverForm()
    form.read_lines(request.form)
    key = public_id_asked("line")
    if not form.validate() or key is None or not hx.wants_fragment():
        return answers.looked(form)
    return answers.line(form, key)


@blueprint.get("/<public_id:hand_over_id>")
def applied(hand_over_id: str) -> Response:
    """A hand-over that was applied, and the button that undoes it."""
    return answers.applied(hand_over_id)


@blueprint.post("/<public_id:hand_over_id>/undo")
def undo(hand_over_id: str) -> AnyResponse:
    form = UndoForm()
    if not form.validate():
        return answers.applied(hand_over_id, form)
    outcome = undo_hand_over(db.session(), current_actor(), clock.now(), current_practice(), hand_over_id)
    if isinstance(outcome, Refused):
        form.refuse(outcome.errors)
        return answers.applied(hand_over_id, form)
    return _done(outcome)


def _apply(form: HandOverForm) -> AnyResponse:
    outcome = apply_hand_over(
        db.session(),
        current_actor(),
        clock.now(),
        current_practice(),
        ApplyRequest(
            entry=form.entry(),
            lines=form.lines,
            set_last_day=bool(form.set_last_day.data),
            form_token=form.token_sent,
            draft=form.draft_sent,
        ),
    )
    if isinstance(outcome, Refused):
        return _refuse(form, outcome)
    return _done(outcome)


def _keep(form: HandOverForm) -> AnyResponse:
    outcome = save_draft(
        db.session(),
        current_actor(),
        clock.now(),
        DraftRequest(
            entry=form.entry(),
            lines=form.lines,
            set_last_day=bool(form.set_last_day.data),
            after=form.after_sent,
            draft=form.draft_sent,
            version=form.version_sent,
            form_token=form.token_sent,
        ),
    )
    if isinstance(outcome, Refused):
        return _refuse(form, outcome)
    hx.flash_message(outcome.message)
    return hx.go_to(url_for(".draft", draft_id=outcome.public_id))


def _refuse(form: HandOverForm, outcome: Refused) -> AnyResponse:
    form.refuse(outcome.errors)
    form.begin(outcome.version if outcome.version is not None else form.version_sent)
    return answers.refused(form)


def _done(outcome: Saved) -> AnyResponse:
    hx.flash_message(outcome.message, outcome.warnings)
    return hx.go_to(url_for(".applied", hand_over_id=outcome.public_id))
