"""The pages for people: address parts, what every template knows, headers, errors and blueprints."""

import hashlib
from datetime import datetime
from pathlib import Path
from typing import Any

from flask import Flask
from flask_wtf.csrf import generate_csrf
from werkzeug.routing import BaseConverter

from caseapp.config import Settings, current_settings
from caseapp.domain.words import time_of
from caseapp.web import (
    access,
    access_events,
    account,
    api_tokens,
    appointments,
    audit,
    case_manager_addresses,
    case_managers,
    caseloads,
    client_intake,
    client_records,
    client_service_lines,
    clients,
    clinicians,
    coverage,
    drawing,
    embed,
    emergency_access,
    enrollments,
    errors,
    funding_sources,
    hand_over,
    health,
    home,
    hx,
    leaves,
    mending,
    menu,
    payors,
    practice,
    request_log,
    request_text,
    same_origin,
    second_factor,
    security,
    service_lines,
    sessions,
    sign_in,
    sign_in_oidc,
    users,
)
from caseapp.web.options import options

BLUEPRINTS = (
    home.blueprint,
    clients.blueprint,
    client_intake.blueprint,
    client_records.blueprint,
    client_service_lines.blueprint,
    funding_sources.blueprint,
    case_managers.blueprint,
    caseloads.blueprint,
    coverage.blueprint,
    clinicians.blueprint,
    leaves.blueprint,
    payors.blueprint,
    service_lines.blueprint,
    enrollments.blueprint,
    appointments.blueprint,
    hand_over.blueprint,
    practice.blueprint,
    sign_in.blueprint,
    sign_in_oidc.blueprint,
    second_factor.blueprint,
    account.blueprint,
    users.blueprint,
    api_tokens.blueprint,
    audit.blueprint,
    emergency_access.blueprint,
    health.blueprint,
)


class PublicIdConverter(BaseConverter):
    """The ID of a record in an address: twenty letters and digits that say nothing about it."""

    regex = "[a-z0-9]{20}"


def init_app(app: Flask, settings: Settings) -> None:
    app.url_map.converters["public_id"] = PublicIdConverter
    app.jinja_options = {**app.jinja_options, "trim_blocks": True, "lstrip_blocks": True}
    drawing.init_app(app)
    # Globals, not a context processor: they are the same on every page, and macros see them too.
    app.jinja_env.globals.update(
        practice_name=settings.practice_name,
        zone_label=settings.zone.key,
        demo=settings.demo,
        options=options,
        form_token=generate_csrf,
        auth=settings.auth,
        clock_words=clock_words,
    )
    version_static_files(app)
    request_log.init_app(app)
    security.init_app(app, settings)
    sessions.init_app(app, settings)
    request_text.init_app(app)
    same_origin.init_app(app)
    access.init_app(app)
    access_events.init_app(app)
    errors.init_app(app)
    hx.init_app(app)
    mending.init_app(app)
    menu.init_app(app)
    case_manager_addresses.init_app(app)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    embed.init_app(app, settings)


def clock_words(instant: datetime) -> str:
    """9:05 am in the practice's zone."""
    return time_of(instant, current_settings().zone)


def version_static_files(app: Flask) -> None:
    """Add `?v=…` to every address of a static file: browsers keep the file until it changes."""
    version = app.extensions["caseapp"]["static_version"] = static_version(Path(app.static_folder or ""))

    def add_version(endpoint: str, values: dict[str, Any]) -> None:
        if endpoint == "static":
            values["v"] = version

    app.url_default_functions.setdefault(None, []).append(add_version)


def static_version(folder: Path) -> str:
    """A short digest of all files below `folder`."""
    digest = hashlib.sha256()
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        digest.update(path.relative_to(folder).as_posix().encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()[:12]
