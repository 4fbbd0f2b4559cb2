from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text

from caseapp import create_app
from caseapp.config import Settings
from caseapp.extensions import db


def test_a_running_server_is_alive_and_ready(client: FlaskClient) -> None:
    assert client.get("/healthz").json == {"status": "ok"}
    assert client.get("/readyz").json == {"status": "ready"}


def test_a_database_of_another_version_is_not_ready(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        known = db.session.execute(text("SELECT version_num FROM caseapp_version")).scalar_one()
        db.session.execute(text("UPDATE caseapp_version SET version_num = '0000'"))
        db.session.commit()

        answer = client.get("/readyz")

        # The PostgreSQL database is shared with the tests that follow.
        db.session.execute(text("UPDATE caseapp_version SET version_num = :known"), {"known": known})
        db.session.commit()
    assert answer.status_code == 503
    assert answer.json == {
        "status": "not ready",
        "reason": "the database is not migrated to this version",
    }


def test_a_database_that_does_not_answer_is_not_ready(settings: Settings) -> None:
    app = create_app(
        Settings.from_env(
            {"CASEAPP_DATABASE_URL": "postgresql://somebody@127.0.0.1:1/practice"},
            data_dir=settings.data_dir,
            secret_key=settings.secret_key,
        )
    )

    answer = app.test_client().get("/readyz")

    assert answer.status_code == 503
    assert answer.json == {"status": "not ready", "reason": "the database does not answer"}
    assert app.test_client().get("/healthz").status_code == 200
