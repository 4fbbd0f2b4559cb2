"""Templates remember addresses, and still get those of the place where the application is mounted."""

from typing import Any

from flask import Flask, url_for

from caseapp.web.addresses import address_of
from tests.databases import ONE_DATABASE

PUBLIC_ID = "a" * 20


@ONE_DATABASE
def test_an_address_is_the_one_that_flask_makes(app: Flask) -> None:
    remembered = app.jinja_env.globals["url_for"]
    assert callable(remembered)
    with app.test_request_context("/clients"):
        for _ in range(2):
            assert remembered("clients.index") == "/clients"
            assert remembered("clients.profile", public_id=PUBLIC_ID) == f"/clients/{PUBLIC_ID}"
            address = url_for("static", filename="caseapp.css")
            assert remembered("static", filename="caseapp.css") == address


@ONE_DATABASE
def test_another_root_has_other_addresses(app: Flask) -> None:
    remembered = app.jinja_env.globals["url_for"]
    assert callable(remembered)
    with app.test_request_context("/clients"):
        assert remembered("clients.index") == "/clients"
    with app.test_request_context("/clients", environ_overrides={"SCRIPT_NAME": "/practice"}):
        assert remembered("clients.index") == "/practice/clients"


@ONE_DATABASE
def test_what_depends_on_the_request_is_made_anew(app: Flask) -> None:
    remembered = app.jinja_env.globals["url_for"]
    assert callable(remembered)
    with app.test_request_context("/clients", base_url="http://localhost"):
        assert remembered("clients.index", _external=True) == "http://localhost/clients"
    with app.test_request_context("/clients", base_url="http://127.0.0.1"):
        assert remembered("clients.index", _external=True) == "http://127.0.0.1/clients"


@ONE_DATABASE
def test_addresses_that_differ_by_ids_alone_keep_their_own_ids(app: Flask) -> None:
    remembered = app.jinja_env.globals["url_for"]
    assert callable(remembered)
    ids = [letter * 20 for letter in "abc"]
    with app.test_request_context("/clients"):
        for client in ids:
            for manager in ids:
                asked: dict[str, Any] = {"client_id": client, "case_manager_id": manager}
                assert remembered("case_managers.edit", **asked) == url_for("case_managers.edit", **asked)
            new: dict[str, Any] = {"client_id": client, "service_line": "A&B", "start_date": "2026-11-24"}
            assert remembered("case_managers.new", **new) == url_for("case_managers.new", **new)
            assert address_of("case_managers.new", **new) == url_for("case_managers.new", **new)


@ONE_DATABASE
def test_more_ids_than_are_kept_apart_are_still_written(app: Flask) -> None:
    asked: dict[str, Any] = {f"part{number}": letter * 20 for number, letter in enumerate("abcdef")}
    with app.test_request_context("/clients"):
        assert address_of("clients.index", **asked) == url_for("clients.index", **asked)
