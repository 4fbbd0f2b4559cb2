"""Who may do what: one table of every route, and the gate that reads it.

A route that is not in the table is refused to everybody. Whose clients an actor sees is another matter: that
stands in usecases/visibility.py, and answers 404.
"""

from flask import Flask, request
from werkzeug.exceptions import Forbidden
from werkzeug.wrappers import Response as AnyResponse

from caseapp.domain.actor import ROLES, Role
from caseapp.web.actor import signed_in_actor
from caseapp.web.case_manager_addresses import FRAMED
from caseapp.web.unsigned import ask_to_sign_in

Roles = frozenset[Role]

EVERYBODY: Roles | None = None
"""Also whoever has not signed in."""

READ: Roles = frozenset(ROLES)
READ_ALL: Roles = frozenset(("administrator", "office", "billing"))
WRITE: Roles = frozenset(("administrator", "office"))
ADMINISTER: Roles = frozenset(("administrator",))
CLINICIAN: Roles = frozenset(("clinician",))

ROUTES: dict[str, Roles | None] = {
    # For everybody
    "static": EVERYBODY,
    "health.alive": EVERYBODY,
    "health.ready": EVERYBODY,
    "sign_in.show": EVERYBODY,
    "sign_in.send": EVERYBODY,
    "sign_in.signed_out": EVERYBODY,
    "sign_in.welcome": EVERYBODY,
    "sign_in.accept": EVERYBODY,
    "sign_in_oidc.start": EVERYBODY,
    "sign_in_oidc.answer": EVERYBODY,
    "sign_in_oidc.from_frame": EVERYBODY,
    # Half way in; each looks by itself how far a sign-in has come
    "second_factor.ask": EVERYBODY,
    "second_factor.check": EVERYBODY,
    "second_factor.set_up": EVERYBODY,
    "second_factor.keep": EVERYBODY,
    "sign_in.sign_out": EVERYBODY,
    # For whoever has signed in
    "home.index": READ,
    "sign_in.kept": READ,
    "account.show": READ,
    "account.change_password": READ,
    "account.new_recovery_codes": READ,
    "account.sign_out_everywhere": READ,
    # Clients
    "clients.index": READ,
    "clients.search": READ,
    "clients.profile": READ,
    "clients.funding": READ,
    "clients.appointments": READ,
    "clients.history": READ,
    "client_intake.new": WRITE,
    "client_intake.create": WRITE,
    "client_records.edit": WRITE,
    "client_records.update": WRITE,
    "client_records.ask_hold": WRITE,
    "client_records.hold": WRITE,
    "client_records.ask_discharge": WRITE,
    "client_records.discharge": WRITE,
    "client_records.ask_readmit": WRITE,
    "client_records.readmit": WRITE,
    "client_service_lines.show": READ,
    "client_service_lines.new": WRITE,
    "client_service_lines.create": WRITE,
    "client_service_lines.edit": WRITE,
    "client_service_lines.update": WRITE,
    "client_service_lines.ask_removal": WRITE,
    "client_service_lines.remove": WRITE,
    "funding_sources.show": READ,
    "funding_sources.new": WRITE,
    "funding_sources.create": WRITE,
    "funding_sources.edit": WRITE,
    "funding_sources.update": WRITE,
    "funding_sources.ask_removal": WRITE,
    "funding_sources.remove": WRITE,
    "funding_sources.who_must_change": WRITE,
    "case_managers.index": READ,
    "case_managers.show": READ,
    "case_managers.new": WRITE,
    "case_managers.create": WRITE,
    "case_managers.edit": WRITE,
    "case_managers.update": WRITE,
    "case_managers.remove": WRITE,
    "case_managers.destroy": WRITE,
    "appointments.index": READ,
    "appointments.show": READ,
    "appointments.new": WRITE,
    "appointments.create": WRITE,
    "appointments.edit": WRITE,
    "appointments.update": WRITE,
    "appointments.complete": WRITE,
    "appointments.no_show": WRITE,
    "appointments.cancel": WRITE,
    # What cannot be billed, of own clients for a clinician; and how much each clinician carries
    "coverage.index": READ,
    "coverage.csv": READ,
    "coverage.calendar": READ,
    "caseloads.index": READ,
    "caseloads.behind": READ,
    "caseloads.enrollments": READ,
    # A plan throughout, and of all clients of a clinician
    "hand_over.index": WRITE,
    "hand_over.draft": WRITE,
    "hand_over.discard": WRITE,
    "hand_over.act": WRITE,
    "hand_over.line": WRITE,
    "hand_over.applied": WRITE,
    "hand_over.undo": WRITE,
    # Clinicians and payors
    "clinicians.index": READ,
    "clinicians.search": READ,
    "clinicians.show": READ,
    "clinicians.new": WRITE,
    "clinicians.create": WRITE,
    "clinicians.edit": WRITE,
    "clinicians.update": WRITE,
    "clinicians.proposal": WRITE,
    "clinicians.check_npi": WRITE,
    "clinicians.taxonomy_codes": WRITE,
    "leaves.show": READ,
    "leaves.new": WRITE,
    "leaves.create": WRITE,
    "leaves.edit": WRITE,
    "leaves.update": WRITE,
    "leaves.remove": WRITE,
    "leaves.destroy": WRITE,
    "leaves.hand_over": WRITE,
    "enrollments.index": READ,
    "enrollments.show": READ,
    "enrollments.new": WRITE,
    "enrollments.create": WRITE,
    "enrollments.edit": WRITE,
    "enrollments.update": WRITE,
    "enrollments.remove": WRITE,
    "enrollments.destroy": WRITE,
    "enrollments.effect": READ_ALL,
    "enrollments.effect_csv": READ_ALL,
    "payors.index": READ,
    "payors.show": READ,
    "payors.grid": READ,
    "payors.new": WRITE,
    "payors.create": WRITE,
    "payors.edit": WRITE,
    "payors.update": WRITE,
    # The practice; beside its service lines stands the number of all their clients
    "service_lines.index": READ_ALL,
    "service_lines.show": READ_ALL,
    "service_lines.new": WRITE,
    "service_lines.create": WRITE,
    "service_lines.edit": WRITE,
    "service_lines.update": WRITE,
    "service_lines.ask_removal": WRITE,
    "service_lines.remove": WRITE,
    "practice.start": ADMINISTER,
    "users.index": ADMINISTER,
    "users.new": ADMINISTER,
    "users.create": ADMINISTER,
    "users.edit": ADMINISTER,
    "users.update": ADMINISTER,
    "users.ask_act": ADMINISTER,
    "users.act": ADMINISTER,
    "api_tokens.new": ADMINISTER,
    "api_tokens.create": ADMINISTER,
    "api_tokens.ask_revoke": ADMINISTER,
    "api_tokens.revoke": ADMINISTER,
    "audit.index": ADMINISTER,
    "audit.search": ADMINISTER,
    "audit.csv": ADMINISTER,
    "audit.viewers": ADMINISTER,
    "emergency_access.ask": CLINICIAN,
    "emergency_access.begin": CLINICIAN,
    "emergency_access.end": CLINICIAN,
    "emergency_access.ended": CLINICIAN,
    # In frames of other pages; the style holds colours and a font alone
    "embed.show": READ,
    "embed.style": EVERYBODY,
}
ROUTES |= {
    endpoint.replace("case_managers.", f"{FRAMED}.", 1): roles
    for endpoint, roles in ROUTES.items()
    if endpoint.startswith("case_managers.")
}


class NotForThisRole(Forbidden):
    """The actor's role does not have this."""


def init_app(app: Flask) -> None:
    app.before_request(gate)
    app.jinja_env.globals.update(
        signed_in_actor=signed_in_actor, may=may, may_write=may_write, role_may=role_may
    )


def gate() -> AnyResponse | None:
    """Let a request pass that its actor may make; else 403, or the way to sign in."""
    if request.endpoint is None:
        return None  # nothing is at this address
    if request.endpoint not in ROUTES:
        raise NotForThisRole
    roles = ROUTES[request.endpoint]
    if roles is None:
        return None
    actor = signed_in_actor()
    if actor is None:
        return ask_to_sign_in()
    if actor.role not in roles:
        raise NotForThisRole
    return None


def may(endpoint: str) -> bool:
    """Whether the actor of this request may go there: else its button is not drawn."""
    actor = signed_in_actor()
    return role_may(actor.role if actor else None, endpoint)


def role_may(role: Role | None, endpoint: str) -> bool:
    """The same of a role, for what is drawn once for all who have it."""
    roles = ROUTES.get(endpoint, frozenset())
    return roles is None or role in roles


def may_write() -> bool:
    """Whether the actor of this request changes records: else no button that does is drawn."""
    actor = signed_in_actor()
    return actor is not None and actor.may_write
