"""`caseapp serve`: the pages, on this computer."""

import errno
import signal
import socket
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING

import click

from caseapp import logs
from caseapp.cli import Refused
from caseapp.cli.context import data_option
from caseapp.cli.serve_limits import limited_server
from caseapp.config import Settings
from caseapp.practices import PracticeSwitch, first_link, knows_nobody, open_for_serving, served_by
from caseapp.sealing import Sealing

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

# Each thread keeps a connection with pages of its own; more of them would only wait for the interpreter.
THREADS = 4


@click.command("serve")
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option(
    "--port", default=8000, show_default=True, type=click.IntRange(0, 65535), help="0: any free one."
)
@data_option
@click.option("--demo", is_flag=True, help="Open the demonstration practice, kept in DIR/demo.")
@click.option("--empty", is_flag=True, help="Start an own, empty practice where DIR holds none yet.")
def command(host: str, port: int, data: Path | None, demo: bool, empty: bool) -> None:
    """Serve the practice of the data folder.

    Where the folder holds no practice yet, the demonstration is opened. Ctrl-C stops the server.
    """
    if demo and empty:
        raise Refused("Say either --demo or --empty, not both.")
    settings = Settings.from_env(data_dir=data).on_host(host)
    settings.refuse_open_host(host)
    logs.set_up(settings.log_level)
    # The port first: where it is taken, no folder or database is made.
    with listen(host, port) as listener:
        app = open_for_serving(settings, demo=demo, empty=empty)
        address = address_of(settings, listener)
        words = sign_in_words(settings.auth, address, first_link(app), nobody=knows_nobody(app))
        click.echo(welcome(settings, address, words, shows_demo=isinstance(app, PracticeSwitch)))
        sealing = Sealing(lambda: served_by(app))
        sealing.start()
        try:
            run(app, listener)
        finally:
            sealing.stop()


def listen(host: str, port: int) -> socket.socket:
    """A listening socket. Raises Refused where the port cannot be had."""
    try:
        family, _, _, _, address = socket.getaddrinfo(host.strip("[]"), port, type=socket.SOCK_STREAM)[0]
        return socket.create_server(address[:2], family=family)
    except OSError as error:
        reason = {
            errno.EADDRINUSE: "another program is using it; stop that one, or choose another with --port",
            errno.EACCES: "this user may not use it; choose one above 1023 with --port",
        }.get(error.errno or 0, (error.strerror or str(error)).lower())
        raise Refused(f"Port {port} on {host} cannot be opened: {reason}.") from error


def address_of(settings: Settings, listener: socket.socket) -> str:
    """Where the pages are, without a slash at its end."""
    host, port = listener.getsockname()[:2]
    shown_host = f"[{host}]" if ":" in host else host
    return f"http://{shown_host}:{port}{settings.url_prefix}"


def welcome(settings: Settings, address: str, words: list[str], *, shows_demo: bool) -> str:
    """What the terminal says once the server listens: the address, what is open, and how to sign in."""
    return "\n".join(
        [
            f"Caseapp is at {address}/",
            "It shows the demonstration practice: plainly invented clients."
            if shows_demo
            else f"It shows the practice in {settings.database_file or 'CASEAPP_DATABASE_URL'}.",
            *words,
            "Press Ctrl-C to stop.",
        ]
    )


def sign_in_words(auth: str, address: str, link: str | None, *, nobody: bool) -> list[str]:
    """How to sign in. `link` is the first administrator's; `nobody`: no sign-in elsewhere leads in yet."""
    if link is not None:
        return [
            "Nobody has signed in yet. Set the administrator's name and password with this link, which works",
            f"once and for three days: {address}/welcome/{link}",
        ]
    words = {
        "local": [f"Sign in at {address}/sign-in with your user name and password."],
        "header": ["People are signed in by the sign-on proxy: open it through that."],
        "oidc": [f"Sign in at {address}/sign-in with your practice's account."],
    }.get(auth, ["Nobody signs in (CASEAPP_AUTH=none): only this computer can reach it."])
    if nobody:
        words.append(
            "Nobody would be let in yet: add the first with `caseapp users add NAME --role administrator`."
        )
    return words


def run(app: "WSGIApplication", listener: socket.socket) -> None:
    """Serve until Ctrl-C or SIGTERM; requests in flight are finished first."""
    signal.signal(signal.SIGTERM, _stop)
    server = limited_server(app, sockets=[listener], threads=THREADS)
    try:
        server.run()  # returns on KeyboardInterrupt and SystemExit, after its threads are done
    finally:
        server.close()


def _stop(_number: int, _frame: FrameType | None) -> None:
    raise SystemExit(0)
