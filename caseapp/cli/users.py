"""`caseapp users`: who may sign in."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
from sqlalchemy import select

from caseapp import create_app
from caseapp.cli import Refused
from caseapp.cli.context import OpenPractice, data_option, open_practice
from caseapp.domain.actor import LOCAL_USER, ROLES, highest
from caseapp.domain.finding import Finding
from caseapp.domain.password import normalised, password_findings
from caseapp.domain.sign_in import username_key
from caseapp.domain.user_entry import UserEntry
from caseapp.models import UserAccount
from caseapp.usecases import user_account
from caseapp.usecases.account_kit import common_passwords
from caseapp.usecases.user_account import UserSaved
from caseapp.usecases.user_list import user_list
from caseapp.web.account_kit import account_kit

MOST_READ = 4_000


@click.group("users")
def command() -> None:
    """Look after who may sign in."""


@command.command("add")
@click.argument("name")
@click.option("--role", "roles", type=click.Choice(ROLES), multiple=True, required=True)
@click.option("--full-name", metavar="TEXT", help="What the history shows. Default: NAME.")
@click.option("--clinician", metavar="NUMBER", default="", help="Who they are among the clinicians.")
@click.option("--password-stdin", is_flag=True, help="Read the password from standard input.")
@data_option
def add(
    name: str,
    roles: tuple[str, ...],
    full_name: str | None,
    clinician: str,
    password_stdin: bool,
    data: Path | None,
) -> None:
    """Add the user NAME; of two roles the higher wins.

    Without --password-stdin the end of a one-time link is printed, by which they set a password themselves;
    unless CASEAPP_AUTH says that people sign in elsewhere.
    """
    role = highest(roles)
    assert role is not None
    entry = UserEntry(username=name, name=full_name or name, role=role, clinician=clinician)
    password = normalised(sys.stdin.read(MOST_READ).rstrip("\r\n")) if password_stdin else None
    with open_practice(data, create=True) as practice:
        if password is not None:
            words = (name, full_name or "", practice.settings.practice_name, "caseapp")
            _refuse(password_findings(password, common_passwords(), words, second_factor=False))
        saved = user_account.add_user(
            practice.session,
            LOCAL_USER,
            practice.now,
            entry,
            password_hash=_hashed(practice, password),
            invited=practice.settings.keeps_passwords,
        )
        if not isinstance(saved, UserSaved):
            _refuse(saved)
            return
    click.echo(f"Added {name} as {role}.")
    if saved.link:
        click.echo(f"They set a password, once and within three days, at ADDRESS/welcome/{saved.link}")


@command.command("list")
@data_option
def list_users(data: Path | None) -> None:
    """List the users by user name."""
    with open_practice(data) as practice:
        after = ""
        while True:
            page = user_list(practice.session, practice.settings.zone, practice.today, after)
            for row in page.rows:
                state = f"  ({row.state})" if row.state else ""
                click.echo(f"{row.username}  {row.role.lower()}  {row.name}{state}")
            if page.next is None:
                return
            after = page.next


@command.command("deactivate")
@click.argument("name")
@data_option
def deactivate(name: str, data: Path | None) -> None:
    """Sign the user NAME out everywhere at once, and let them in no more."""
    with _user(name, data) as (practice, public_id):
        told = user_account.set_active(practice.session, LOCAL_USER, practice.now, public_id, False)
        if told is not None:
            _refuse([told])
    click.echo(f"{name} is signed out everywhere and can no longer sign in.")


@command.command("link")
@click.argument("name")
@data_option
def link(name: str, data: Path | None) -> None:
    """Print the end of a new one-time link for the user NAME, who lost the password or the first link."""
    with _user(name, data) as (practice, public_id):
        if not practice.settings.keeps_passwords:
            raise Refused(
                "Nobody has a password here: "
                f"with CASEAPP_AUTH={practice.settings.auth} people sign in elsewhere."
            )
        token = user_account.new_link(practice.session, LOCAL_USER, practice.now, public_id)
    click.echo(f"They set a password, once and within three days, at ADDRESS/welcome/{token}")


@contextmanager
def _user(name: str, data: Path | None) -> Iterator[tuple[OpenPractice, str]]:
    """The practice, and the public ID of the user of that name."""
    with open_practice(data) as practice:
        public_id = practice.session.execute(
            select(UserAccount.public_id).where(UserAccount.username_key == username_key(name))
        ).scalar_one_or_none()
        if public_id is None:
            raise Refused(f"There is no user {name}: `caseapp users list` shows them all.")
        yield practice, public_id


def _hashed(practice: OpenPractice, password: str | None) -> str | None:
    if password is None:
        return None
    with create_app(practice.settings).app_context():
        return account_kit().hash(password)


def _refuse(found: list[Finding]) -> None:
    if found:
        raise Refused(" ".join(finding.message for finding in found))
