"""`caseapp check --email`: what changed in the coverage since the last message, sent by mail."""

import click

from caseapp.cli import Refused
from caseapp.cli.context import OpenPractice
from caseapp.domain.actor import LOCAL_USER
from caseapp.domain.practice import Practice
from caseapp.formats.digest_text import digest_message
from caseapp.mail import MailNotSent, send
from caseapp.usecases.access_event import record_export
from caseapp.usecases.coverage_digest import NotUpToDate, coverage_digest, record_sent


def send_digest(opened: OpenPractice, *, always: bool) -> bool:
    """Send, and record what was told once the server has taken it; True where gaps are left.

    Raises Refused, with nothing recorded, and SettingsError.
    """
    mail = opened.settings.mail
    session, rules = opened.session, Practice(opened.settings.zone, opened.settings.notice)
    try:
        digest = coverage_digest(session, LOCAL_USER, opened.today, rules)
    except NotUpToDate as error:
        raise Refused("Another change is being saved just now: nothing was sent. Try again.") from error
    changes = f"{len(digest.new)} new, {len(digest.mended)} mended"
    if not (digest.changed or always):
        click.echo("Nothing has changed since the last message: no mail was sent.")
        return bool(digest.gaps)
    subject, text = digest_message(digest, opened.settings.practice_name, opened.settings.zone)
    try:
        refused = send(mail, subject, text, opened.now)
    except MailNotSent as error:
        raise Refused(str(error)) from error
    record_sent(session, LOCAL_USER, opened.now, digest)
    record_export(session, LOCAL_USER, opened.now, "caseapp check --email")
    click.echo(f"Mail sent to {', '.join(sorted(set(mail.recipients) - set(refused)))}: {changes}.")
    if refused:
        click.echo(f"The mail server refused {', '.join(sorted(refused))}.", err=True)
    return bool(digest.gaps) or bool(refused)
