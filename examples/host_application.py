"""An intranet of one's own in Flask, with Caseapp mounted inside it at /caseapp.

    python examples/host_application.py

Each has a database of its own: the intranet its notices, Caseapp its practice. They share the process and the
address; two Flask-SQLAlchemy instances on one application are impossible, so Caseapp is mounted beside it.
"""

import logging
import secrets
from pathlib import Path
from typing import TYPE_CHECKING

from flask import Flask, redirect, render_template_string, request, session, url_for
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import select
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from werkzeug.middleware.dispatcher import DispatcherMiddleware
from werkzeug.wrappers import Response

from caseapp.config import Settings
from caseapp.practices import first_link, open_app

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

HOST, PORT = "127.0.0.1", 8000
MOUNTED_AT = "/caseapp"
PAGE = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>Intranet</title>
<h1>Intranet</h1>
<p><a href="{{ request.script_root }}{{ mounted_at }}/">Case managers</a></p>
<p>You have been here {{ visits }} times.</p>
<ul>{% for notice in notices %}<li>{{ notice.words }}</li>{% endfor %}</ul>
<form method="post"><label>Notice <input name="words" required></label> <button>Post</button></form>
</html>
"""


class Base(DeclarativeBase):
    pass


db = SQLAlchemy(model_class=Base)


class Notice(Base):
    __tablename__ = "notice"

    id: Mapped[int] = mapped_column(primary_key=True)
    words: Mapped[str]


def make_intranet(folder: Path, secret_key: str) -> Flask:
    """The host, which knows nothing of Caseapp but the address of its link."""
    app = Flask(__name__)
    app.config.update(
        SECRET_KEY=secret_key,
        SESSION_COOKIE_SAMESITE="Lax",
        SQLALCHEMY_DATABASE_URI=f"sqlite:///{folder / 'intranet.db'}",
    )
    db.init_app(app)
    with app.app_context():
        Base.metadata.create_all(db.engine)

    @app.get("/")
    def index() -> str:
        session["visits"] = session.get("visits", 0) + 1
        notices = db.session.scalars(select(Notice).order_by(Notice.id)).all()
        return render_template_string(PAGE, notices=notices, visits=session["visits"], mounted_at=MOUNTED_AT)

    @app.post("/")
    def post() -> Response:
        db.session.add(Notice(words=request.form["words"]))
        db.session.commit()
        return redirect(url_for("index"), 303)

    return app


def mount(intranet: "WSGIApplication", caseapp: "WSGIApplication") -> "WSGIApplication":
    """The intranet with Caseapp below it, as one WSGI application for any server."""
    return DispatcherMiddleware(intranet, {MOUNTED_AT: caseapp})


def main() -> None:
    import waitress

    logging.basicConfig(level=logging.INFO, format="%(message)s")
    settings = Settings.from_env().on_host(HOST)
    settings.refuse_open_host(HOST)
    caseapp = open_app(settings)
    # Never the key of Caseapp: each signs its own cookies.
    intranet = make_intranet(settings.data_dir, secrets.token_hex(32))
    logging.info("The intranet is at http://%s:%s/", HOST, PORT)
    link = first_link(caseapp)
    if link is not None:
        logging.info("Set the first password at http://%s:%s%s/welcome/%s", HOST, PORT, MOUNTED_AT, link)
    waitress.serve(mount(intranet.wsgi_app, caseapp.wsgi_app), host=HOST, port=PORT)


if __name__ == "__main__":
    main()
