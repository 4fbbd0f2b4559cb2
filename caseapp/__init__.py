"""Caseapp: who is case manager of each client's service line, on each day."""

from flask import Flask
from htmx_flask import Htmx
from werkzeug.middleware.dispatcher import DispatcherMiddleware

from caseapp import web
from caseapp.config import Settings
from caseapp.data_folder import kept_secret_key
from caseapp.extensions import db
from caseapp.models import engine as database_engine
from caseapp.web import addresses
from caseapp.web.request_log import Application
from caseapp.web.security import MOST_FIELDS, bare_answer
from caseapp.web.sign_on_header import TrustedProxies

BODY_LIMIT = 4 * 1024 * 1024


def create_app(settings: Settings) -> Flask:
    """The web application over the database that `settings` name. It neither makes nor migrates it."""
    app = Application(__name__)
    app.config.update(
        SECRET_KEY=settings.secret_key or kept_secret_key(settings.data_dir),
        SQLALCHEMY_DATABASE_URI=settings.database_url,
        # Errors of a statement must not put what people typed into a log.
        SQLALCHEMY_ENGINE_OPTIONS={"hide_parameters": True, "pool_pre_ping": not settings.uses_sqlite},
        SESSION_COOKIE_NAME="caseapp_session",
        SESSION_COOKIE_HTTPONLY=True,
        WTF_CSRF_TIME_LIMIT=None,
        MAX_CONTENT_LENGTH=BODY_LIMIT,
        MAX_FORM_MEMORY_SIZE=BODY_LIMIT,
        MAX_FORM_PARTS=MOST_FIELDS,
        TEMPLATES_AUTO_RELOAD=False,
    )
    app.extensions["caseapp"] = {"settings": settings}

    db.init_app(app)
    with app.app_context():
        database_engine.install(db.engine)
    Htmx(app)
    web.init_app(app, settings)
    addresses.init_app(app)

    if settings.trusted_proxies:
        app.wsgi_app = TrustedProxies(app.wsgi_app, settings)  # type: ignore[method-assign]  # as below
    if settings.url_prefix:
        app.wsgi_app = DispatcherMiddleware(  # type: ignore[method-assign]  # the way Flask documents
            bare_answer(settings, 404, "Nothing is at this address."), {settings.url_prefix: app.wsgi_app}
        )
    return app
