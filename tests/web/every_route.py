"""Every address that the application answers to, with the IDs of real records in it."""

from typing import Any

from flask import Flask, url_for
from sqlalchemy import select, update
from sqlalchemy.orm import Session
from werkzeug.routing import Rule

from caseapp.models import (
    Appointment,
    CaseManager,
    Client,
    ClientServiceLine,
    Enrollment,
    FundingSource,
    Leave,
    ServiceLine,
)
from tests.builders import Row
from tests.web.accounts import User
from tests.web.desk import Scene

TABLES: dict[str, Any] = {
    "case_manager_id": CaseManager,
    "appointment_id": Appointment,
    "line_id": ClientServiceLine,
    "source_id": FundingSource,
    "enrollment_id": Enrollment,
    "leave_id": Leave,
}


def rules(app: Flask) -> list[Rule]:
    return sorted(app.url_map.iter_rules(), key=lambda rule: rule.rule)


def addresses(
    app: Flask, session: Session, scene: Scene, client: Row, user: User
) -> list[tuple[str, str, str]]:
    """(method, address, endpoint) of every route, with IDs of this client and of what is theirs."""
    session.rollback()
    session.execute(update(Client).where(Client.id == client.id).values(external_id="of the portal"))
    session.commit()
    values: dict[str, str] = {
        "external_id": "of the portal",
        "client_id": client.public_id,
        "public_id": client.public_id,
        "clinician_id": scene.priya.public_id,
        "payor_id": scene.aetna.public_id,
        "user_id": user.public_id,
        "token_id": "0" * 20,
        "act": "reactivate",
        "token": "x" * 43,
        "filename": "caseapp.css",
        "draft_id": "0" * 20,
        "hand_over_id": "0" * 20,
        "kind": "clients",
    }
    for name, model in TABLES.items():
        of_client = getattr(model, "client_id", None)
        statement = select(model.public_id).order_by(model.id.desc()).limit(1)
        if of_client is not None:
            statement = statement.where(of_client == client.id)
        elif hasattr(model, "clinician_id"):
            statement = statement.where(model.clinician_id == scene.priya.id)
        values[name] = session.execute(statement).scalar_one()
    # A service line of the practice, and not what a client receives of it
    of_practice = {"line_id": session.execute(select(ServiceLine.public_id).limit(1)).scalar_one()}
    found = []
    with app.test_request_context():
        for rule in rules(app):
            known = values | of_practice if rule.endpoint.startswith("service_lines.") else values
            address = url_for(rule.endpoint, **{name: known[name] for name in rule.arguments})  # type: ignore[arg-type]
            found += [
                (method, address, rule.endpoint)
                for method in sorted((rule.methods or set()) - {"OPTIONS", "HEAD"})
            ]
    # What only reads stands first: what follows may take the rest away.
    return sorted(found)
