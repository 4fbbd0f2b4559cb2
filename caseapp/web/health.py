"""For whoever watches the server: is it alive, can it serve. No sign-in, no personal data."""

from flask import Blueprint, Response, jsonify
from sqlalchemy.exc import SQLAlchemyError

from caseapp.extensions import db
from caseapp.models import migrate

blueprint = Blueprint("health", __name__)


@blueprint.get("/healthz")
def alive() -> Response:
    return jsonify(status="ok")


@blueprint.get("/readyz")
def ready() -> tuple[Response, int]:
    """200 where the database answers and is migrated to this version, else 503 with the reason."""
    try:
        current = migrate.is_current(db.engine)
    except SQLAlchemyError:
        return jsonify(status="not ready", reason="the database does not answer"), 503
    if not current:
        return jsonify(status="not ready", reason="the database is not migrated to this version"), 503
    return jsonify(status="ready"), 200
