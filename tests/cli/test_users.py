"""`caseapp users`: added, listed, deactivated, and brought in by a link."""

import re
from pathlib import Path

from click.testing import CliRunner, Result

from caseapp.cli import main
from caseapp.config import Settings
from caseapp.practices import open_app
from tests.cli.commands import BEHIND_SIGN_ON
from tests.closing_apps import closing_apps
from tests.web.accounts import PASSWORD, token_on, try_to_sign_in


def users(folder: Path, *arguments: str, typed: str = "", **environ: str) -> Result:
    with closing_apps():
        asked = ["users", *arguments, "--data", str(folder)]
        return CliRunner().invoke(main, asked, input=typed, env=environ)


def test_an_added_user_signs_in_with_the_password_of_standard_input(tmp_path: Path) -> None:
    done = users(tmp_path, "add", "dana", "--role", "office", "--password-stdin", typed=f"{PASSWORD}\n")
    assert (done.exit_code, done.output) == (0, "Added dana as office.\n")

    with closing_apps():
        app = open_app(Settings.from_env({}, data_dir=tmp_path, auth="local"))
        assert try_to_sign_in(app.test_client(), "dana").status_code == 303
    assert PASSWORD.encode() not in (tmp_path / "caseapp.db").read_bytes()


def test_without_a_password_a_link_is_printed(tmp_path: Path) -> None:
    done = users(tmp_path, "add", "dana", "--role", "billing", "--full-name", "Dana Ruiz")
    link = re.search(r"ADDRESS(/welcome/\S+)", done.output)
    assert link is not None
    with closing_apps():
        client = open_app(Settings.from_env({}, data_dir=tmp_path, auth="local")).test_client()
        fields = {"csrf_token": token_on(client.get(link[1]).text), "name": "Dana", "password": PASSWORD}
        assert client.post(link[1], data=fields).status_code == 303
    again = users(tmp_path, "link", "DANA")
    assert "/welcome/" in again.output


def test_where_people_sign_in_elsewhere_no_link_is_printed(tmp_path: Path) -> None:
    added = users(tmp_path, "add", "dana", "--role", "office", **BEHIND_SIGN_ON)
    assert (added.exit_code, added.output) == (0, "Added dana as office.\n")

    link = users(tmp_path, "link", "dana", **BEHIND_SIGN_ON)
    assert (link.exit_code, link.stdout) == (2, "")
    assert "with CASEAPP_AUTH=header people sign in elsewhere" in link.stderr


def test_of_two_roles_the_higher_wins(tmp_path: Path) -> None:
    users(tmp_path, "add", "dana", "--role", "billing", "--role", "office")
    users(tmp_path, "add", "ann", "--role", "administrator")

    listed = users(tmp_path, "list")
    assert listed.output == "ann  administrator  ann  (invited)\ndana  office  dana  (invited)\n"


def test_a_weak_password_or_a_taken_name_is_refused(tmp_path: Path) -> None:
    weak = users(tmp_path, "add", "dana", "--role", "office", "--password-stdin", typed="short\n")
    assert weak.exit_code == 2
    assert "15 characters" in weak.stderr
    users(tmp_path, "add", "dana", "--role", "office")
    taken = users(tmp_path, "add", "Dana", "--role", "office")
    assert (taken.exit_code, "already" in taken.stderr) == (2, True)
    unknown = users(tmp_path, "add", "priya", "--role", "clinician", "--clinician", "K-9")
    assert (unknown.exit_code, "No clinician" in unknown.stderr) == (2, True)


def test_a_deactivated_user_is_told_so_and_the_last_administrator_stays(tmp_path: Path) -> None:
    users(tmp_path, "add", "ann", "--role", "administrator")
    users(tmp_path, "add", "dana", "--role", "office")

    assert users(tmp_path, "deactivate", "dana").exit_code == 0
    assert "dana  office  dana  (deactivated)" in users(tmp_path, "list").output
    last = users(tmp_path, "deactivate", "ann")
    assert (last.exit_code, "administrator" in last.stderr) == (2, True)
    nobody = users(tmp_path, "deactivate", "nobody")
    assert (nobody.exit_code, "There is no user nobody" in nobody.stderr) == (2, True)
