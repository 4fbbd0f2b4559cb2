"""Who asks."""

from datetime import date, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from flask import abort, g, session

from caseapp import clock
from caseapp.config import current_settings
from caseapp.domain.actor import LOCAL_USER, Actor, Role, Sight
from caseapp.domain.dates import first_instant
from caseapp.extensions import db
from caseapp.usecases.known_user import KnownUser, known_user
from caseapp.web import sessions, sign_on_header

SEEN_FOR = timedelta(days=90)
"""A clinician's past and coming clients are seen so long (docs/security.md)."""


def current_actor() -> Actor:
    """The actor of this request. The gate of web/access.py lets nobody pass without one."""
    return signed_in_actor() or abort(401)


def signed_in_actor() -> Actor | None:
    """The actor of this request, None where nobody is signed in all the way."""
    if "actor" not in g:
        g.actor = _find()
    actor: Actor | None = g.actor
    return actor


def known_actor() -> Actor | None:
    """The actor that this request has asked for; None where nobody has, or none is signed in."""
    actor: Actor | None = g.get("actor")
    return actor


def _find() -> Actor | None:
    auth = current_settings().auth
    if auth in ("", "none"):
        return LOCAL_USER
    if auth == "header":
        username = sign_on_header.username()
        actor = actor_of(known_user(db.session(), username, clock.now())) if username else None
        if actor is not None and session.get("whose") != actor.user_id:
            # What another user left in this browser is not theirs: tokens of forms, messages.
            session.clear()
            session["whose"] = actor.user_id
            g.signed_on = True
        return actor
    sign_in = sessions.current_sign_in()
    if sign_in is None or sign_in.stage != "signed_in":
        return None
    return actor_of(
        KnownUser(sign_in.user_id, sign_in.name, sign_in.role, sign_in.clinician_id, sign_in.emergency_ends)
    )


def actor_of(user: KnownUser | None) -> Actor | None:
    """Who a user is as an actor; a clinician sees their own clients, or all while an emergency lasts."""
    if user is None:
        return None
    role: Role = user.role
    emergency = user.emergency_ends if role == "clinician" else None
    sight = sight_of(user.clinician_id or 0, clock.today()) if role == "clinician" and not emergency else None
    return Actor(user.name, role, user.id, sight, emergency)


def sight_of(clinician_id: int, today: date) -> Sight:
    return _sight(clinician_id, today, current_settings().zone)


@lru_cache(maxsize=1_000)
def _sight(clinician_id: int, today: date, zone: ZoneInfo) -> Sight:
    """Kept: each request of a clinician asks for theirs, and it is another one only the next day."""
    since, last = today - SEEN_FOR, today + SEEN_FOR
    return Sight(
        clinician_id, since, first_instant(since, zone), first_instant(last + timedelta(days=1), zone)
    )
