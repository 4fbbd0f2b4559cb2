"""`caseapp check`: which service lines cannot be billed, or soon cannot."""

import csv
import io
import json
from datetime import date
from pathlib import Path

import click

from caseapp.cli.check_email import send_digest
from caseapp.cli.context import data_option, open_practice
from caseapp.cli.day import Day
from caseapp.domain.actor import LOCAL_USER
from caseapp.domain.practice import Practice
from caseapp.practices import settle_memory
from caseapp.usecases.access_event import record_export
from caseapp.usecases.gap_report import ReportedGap, gaps_on, gaps_today


@click.command("check")
@data_option
@click.option("--on", type=Day(), metavar="DATE", help="The day to judge. Default: today.")
@click.option("--email", is_flag=True, help="Send by mail what is new or mended since the last message.")
@click.option("--always", is_flag=True, help="With --email: send also where nothing has changed.")
@click.option(
    "--format", "form", type=click.Choice(["text", "csv", "json"]), default="text", show_default=True
)
def command(data: Path | None, on: date | None, email: bool, always: bool, form: str) -> None:
    """List the coverage gaps, most urgent first. The exit status is 1 where there are any.

    With --email they are sent instead of listed: as what changed since the last message that a mail server
    took. CASEAPP_SMTP_… and CASEAPP_MAIL_… say through which server and to whom.
    """
    if email and (on or form != "text"):
        raise click.UsageError("--email tells of today, as text: leave out --on and --format.")
    if always and not email:
        raise click.UsageError("--always goes with --email.")
    if email:
        with open_practice(data) as opened:
            gaps_left = send_digest(opened, always=always)
        if gaps_left:
            raise click.exceptions.Exit(1)
        return
    with open_practice(data) as opened:
        settle_memory()
        rules = Practice(opened.settings.zone, opened.settings.notice)
        if on is None or on == opened.today:
            gaps = gaps_today(opened.session, LOCAL_USER, opened.today, rules)
        else:
            gaps = gaps_on(opened.session, LOCAL_USER, on, rules)
        day = on or opened.today
        # Before a line of it leaves: what cannot be put on record is not read out.
        record_export(opened.session, LOCAL_USER, opened.now, "caseapp check")
    if form == "json":
        click.echo(json.dumps([_plain(gap) for gap in gaps], ensure_ascii=False, indent=2))
    elif form == "csv":
        click.echo(_as_csv(gaps), nl=False)
    elif gaps:
        click.echo(_as_text(gaps), nl=False)
    else:
        click.echo(f"No coverage gaps on {day}.")
    if gaps:
        raise click.exceptions.Exit(1)


def _plain(gap: ReportedGap) -> dict[str, str | int | None]:
    return gap._asdict() | {"mend_by": gap.mend_by.isoformat() if gap.mend_by else None}


def _as_csv(gaps: list[ReportedGap]) -> str:
    written = io.StringIO(newline="")
    writer = csv.writer(written, lineterminator="\n")
    writer.writerow(ReportedGap._fields)
    writer.writerows(_plain(gap).values() for gap in gaps)
    return written.getvalue()


def _as_text(gaps: list[ReportedGap]) -> str:
    rows = [list(ReportedGap._fields)]
    rows += [["" if cell is None else str(cell) for cell in _plain(gap).values()] for gap in gaps]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = ("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) for row in rows)
    return "".join(f"{line.rstrip()}\n" for line in lines)
