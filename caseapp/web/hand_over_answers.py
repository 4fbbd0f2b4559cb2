"""How the hand-over answers: the choice, the plan, one of its lines, and what was applied."""

from collections.abc import Iterable
from typing import Any

from flask import Response, url_for

from caseapp import clock
from caseapp.domain import words
from caseapp.domain.finding import Finding
from caseapp.domain.hand_over_entry import LEAVING, HandOverEntry
from caseapp.extensions import db
from caseapp.forms.hand_over import ENTRY, ActForm, ChooseForm, HandOverForm, UndoForm
from caseapp.usecases.hand_over_applied import applied as load_applied_rows
from caseapp.usecases.hand_over_applied import open_applied
from caseapp.usecases.hand_over_draft import Draft, drafts
from caseapp.usecases.hand_over_drawn import first_day_words
from caseapp.usecases.hand_over_facts import MOST, load_staff
from caseapp.usecases.hand_over_plan import NotUnderstood, Plan, open_plan
from caseapp.web import hx
from caseapp.web.actor import current_actor
from caseapp.web.current import current_practice


def overview(refused: ActForm) -> Response:
    """The first page again, where a button of its lists was refused."""
    return choose(HandOverEntry(), refused.form_findings, None)


def choose(
    entry: HandOverEntry,
    findings: Iterable[Finding],
    draft: Draft | None,
    *,
    carried: HandOverForm | None = None,
) -> Response:
    """Whose lines, and from when; with the drafts, and what was applied lately.

    `carried` is a posted plan whose days could not be read: what was typed into it goes along.
    """
    findings = list(findings)
    session, today = db.session(), clock.today()
    staff = sorted(
        (c for c in load_staff(session).clinicians.values() if c.active_to is None or c.active_to >= today),
        key=lambda c: (c.last_name.casefold(), c.first_name.casefold(), c.number),
    )
    form = ChooseForm(formdata=None)
    form.open_with(entry, [(c.id, f"{c.last_name}, {c.first_name}".strip(" ,") or c.number) for c in staff])
    form.refuse(findings)
    zone = current_practice().zone
    return hx.answer(
        "hand_over/index.html",
        "hand_over/_choose.html",
        422 if findings else 200,
        form=form,
        retarget="#hand-over-form" if carried else None,
        reswap="outerHTML" if carried else None,
        draft=draft,
        acts=ActForm(formdata=None),
        carried=carried,
        typed=carried.typed() if carried else (),
        drafts=[
            {
                "address": url_for("hand_over.draft", draft_id=row.public_id),
                "name": row.clinician_name,
                "what": "leaves" if row.kind == LEAVING else "is away from",
                "day": row.first,
                "lines": words.count(row.lines, "line"),
                "when": words.moment(row.saved_at, zone, today),
                "by": row.saved_by,
            }
            for row in drafts(session)
        ],
        applied=[
            {
                "address": url_for("hand_over.applied", hand_over_id=row.public_id),
                "text": row.text,
                "when": words.moment(row.at, zone, today),
                "by": row.by,
                "undone": row.undone,
            }
            for row in load_applied_rows(session)
        ],
    )


def plan(shown: Plan, draft: Draft | None) -> Response:
    """The plan on its page, opened anew or from a draft."""
    form = HandOverForm(formdata=None)
    form.open_with(
        shown,
        draft=draft.public_id if draft else "",
        version=draft.version if draft else None,
        ticked=draft.set_last_day if draft else True,
    )
    return hx.answer("hand_over/plan.html", "hand_over/_form.html", **_context(form, shown))


def looked(form: HandOverForm) -> Response:
    """The plan with what was typed, judged; nothing was stored."""
    return _again(form, 422 if form.form_findings else 200)


def refused(form: HandOverForm) -> Response:
    return _again(form, 422)


def line(form: HandOverForm, key: str) -> Response:
    """One line alone, with who now gets how many out of band."""
    shown = _planned(form, only=key)
    if isinstance(shown, NotUnderstood):
        return choose(form.entry(), shown.findings, None, carried=form)
    drawn = [line for line in shown.lines if line.key == key]
    if not drawn:
        return _again(form, 200)
    template = "hand_over/_line_swapped.html"
    return hx.answer(template, template, line=drawn[0], **_context(form, shown))


def _again(form: HandOverForm, status: int) -> Response:
    shown = _planned(form)
    if isinstance(shown, NotUnderstood):
        return choose(form.entry(), shown.findings, None, carried=form)
    form.tell(shown)
    if not form.form_token.data:
        form.begin(form.version_sent)
    template = "hand_over/_form.html"
    return hx.answer(
        "hand_over/plan.html",
        template,
        status,
        retarget="#hand-over-form",
        reswap="outerHTML",
        **_context(form, shown),
    )


def _planned(form: HandOverForm, only: str | None = None) -> Plan | NotUnderstood:
    return open_plan(
        db.session(),
        current_actor(),
        clock.now(),
        current_practice(),
        form.entry(),
        lines=form.lines,
        after=form.after_sent,
        only=only,
    )


def _context(form: HandOverForm, shown: Plan) -> dict[str, Any]:
    today, hand_over = clock.today(), shown.hand_over
    last_day = words.short_day(hand_over.last_day, today)
    form.set_last_day.label.text = f"Record {last_day} as {hand_over.clinician.name}'s last day"
    chosen = {name: getattr(shown.entry, name) for name in ENTRY if getattr(shown.entry, name)}
    return {
        "form": form,
        "plan": shown,
        "most": MOST,
        "clinician_name": hand_over.clinician.name,
        "clinician_address": url_for("clinicians.show", clinician_id=hand_over.clinician.id),
        "when": first_day_words(hand_over, today),
        "offers_last_day": hand_over.leaving and hand_over.clinician.active_to is None,
        "other_days": url_for("hand_over.index", clinician=hand_over.clinician.id, kind=shown.entry.kind),
        "next_address": url_for("hand_over.index", **chosen, after=shown.next) if shown.next else "",
        "first_address": url_for("hand_over.index", **chosen) if shown.after else "",
    }


def applied(hand_over_id: str, form: UndoForm | None = None) -> Response:
    """A hand-over that was applied; `form` is the refused undoing of it."""
    practice, now = current_practice(), clock.now()
    shown = open_applied(db.session(), current_actor(), now, practice, hand_over_id)
    return hx.answer(
        "hand_over/applied.html",
        "hand_over/_applied.html",
        422 if form else 200,
        shown=shown,
        when=words.moment(shown.row.at, practice.zone, clock.today()),
        form=form or UndoForm(formdata=None),
        address=url_for("hand_over.applied", hand_over_id=hand_over_id),
        clinician_address=url_for("clinicians.show", clinician_id=shown.clinician),
    )
