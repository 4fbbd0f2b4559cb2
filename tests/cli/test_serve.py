import os
import re
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from urllib.request import urlopen

import pytest
from click.testing import CliRunner, Result

from caseapp.cli import main
from tests.cli.commands import BEHIND_SIGN_ON

Start = Callable[..., "subprocess.Popen[str]"]

SLOW_SERVER = """
import time
from caseapp.cli.serve import listen, run

def app(environ, start_response):
    print("asked", flush=True)
    time.sleep(1)
    start_response("200 OK", [("Content-Length", "200000")])
    return [b"x" * 200000]

listener = listen("127.0.0.1", 0)
print(listener.getsockname()[1], flush=True)
run(app, listener)
"""


@pytest.fixture
def start() -> Iterator[Start]:
    """Start a Python process with pipes for its output; it is ended with the test."""
    started: list[subprocess.Popen[str]] = []

    def start(*arguments: str, **environ: str) -> "subprocess.Popen[str]":
        inherited = {name: value for name, value in os.environ.items() if not name.startswith("CASEAPP_")}
        process = subprocess.Popen(
            [sys.executable, *arguments],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env=inherited | environ,
        )
        started.append(process)
        return process

    yield start
    for process in started:
        process.kill()
        process.communicate()


def address_in(process: "subprocess.Popen[str]") -> str:
    assert process.stdout is not None
    found = re.search(r"http://\S+", process.stdout.readline())
    assert found is not None
    return found.group()


def run_main(*arguments: str, **environ: str | None) -> Result:
    return CliRunner().invoke(main, arguments, env=environ)


def test_it_says_its_address_and_how_to_sign_in_and_serves(start: Start, tmp_path: Path) -> None:
    process = start("-m", "caseapp", "serve", "--port", "0", "--empty", "--data", str(tmp_path))
    address = address_in(process)

    with urlopen(f"{address}readyz") as answer:
        assert answer.read().strip() == b'{"status":"ready"}'
    process.send_signal(signal.SIGINT)
    assert process.wait(timeout=20) == 0

    assert process.stdout is not None
    assert process.stderr is not None
    output = process.stdout.read()
    assert "Nobody signs in (CASEAPP_AUTH=none): only this computer can reach it." in output
    assert str(tmp_path / "caseapp.db") in output
    assert process.stderr.read() == ""


def test_a_fresh_folder_shows_the_demonstration(start: Start, tmp_path: Path) -> None:
    process = start("-m", "caseapp", "serve", "--port", "0", "--data", str(tmp_path))

    with urlopen(f"{address_in(process)}clients") as answer:
        page = answer.read().decode()

    assert "Start my own practice" in page
    assert not (tmp_path / "caseapp.db").exists()
    assert (tmp_path / "demo" / "caseapp.db").exists()


def test_the_pages_stand_below_the_prefix_that_is_set(start: Start, tmp_path: Path) -> None:
    process = start(
        *("-m", "caseapp", "serve", "--port", "0", "--empty", "--data", str(tmp_path)),
        CASEAPP_URL_PREFIX="/desk/caseapp",
    )
    address = address_in(process)
    assert address.endswith("/desk/caseapp/")

    with urlopen(f"{address}clients") as answer:
        page = answer.read().decode()

    links = re.findall(r'(?:href|src|action)="(/[^"]*)"', page)
    assert links
    assert all(link.startswith("/desk/caseapp/") for link in links)


def test_a_request_in_flight_is_finished_before_it_stops(start: Start) -> None:
    process = start("-c", SLOW_SERVER)
    assert process.stdout is not None
    port = int(process.stdout.readline())
    bodies: list[bytes] = []

    def ask() -> None:
        with urlopen(f"http://127.0.0.1:{port}/") as answer:
            bodies.append(answer.read())

    asking = threading.Thread(target=ask)
    asking.start()
    assert process.stdout.readline() == "asked\n"
    process.send_signal(signal.SIGTERM)
    asking.join()

    assert [len(body) for body in bodies] == [200000]
    assert process.wait(timeout=20) == 0


def test_a_port_in_use_is_told_before_anything_is_made(tmp_path: Path) -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as other:
        port = other.getsockname()[1]
        result = run_main("serve", "--port", str(port), "--data", str(tmp_path / "data"))

    assert result.exit_code == 2
    assert result.stderr == (
        f"Error: Port {port} on 127.0.0.1 cannot be opened: another program is using it; stop that one, "
        "or choose another with --port.\n"
    )
    assert not (tmp_path / "data").exists()


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--port", "70000"], "70000 is not in the range"),
        (["--port", "web"], "'web' is not a valid integer"),
        (["--demo", "--empty"], "Say either --demo or --empty, not both."),
        (["--nonsense"], "No such option '--nonsense'"),
    ],
)
def test_a_wrong_use_is_told_and_makes_nothing(tmp_path: Path, arguments: list[str], sentence: str) -> None:
    result = run_main("serve", "--data", str(tmp_path / "data"), *arguments)

    assert result.exit_code == 2
    assert sentence in result.stderr
    assert "Traceback" not in result.output
    assert not (tmp_path / "data").exists()


@pytest.mark.parametrize("host", ["0.0.0.0", "practice.example"])
def test_nobody_is_let_in_from_elsewhere_without_signing_in(tmp_path: Path, host: str) -> None:
    result = run_main("serve", "--data", str(tmp_path / "data"), "--host", host, CASEAPP_AUTH="none")

    assert result.exit_code == 2
    assert f"--host {host} would let other computers in" in result.stderr
    assert not (tmp_path / "data").exists()


@pytest.mark.parametrize("arguments", [["--empty"], []], ids=["own", "demonstration"])
def test_the_first_start_for_others_prints_a_link_for_the_administrator(
    start: Start, tmp_path: Path, arguments: list[str]
) -> None:
    process = start(
        *("-m", "caseapp", "serve", "--port", "0", "--host", "0.0.0.0", *arguments, "--data", str(tmp_path))
    )
    assert process.stdout is not None
    lines = [process.stdout.readline() for _ in range(5)]
    link = re.search(r"http://0\.0\.0\.0:([0-9]+)(/welcome/[A-Za-z0-9_-]{43})", "".join(lines))
    assert link is not None, lines

    with urlopen(f"http://127.0.0.1:{link[1]}{link[2]}") as answer:
        assert "Welcome to Caseapp" in answer.read().decode()
    with urlopen(f"http://127.0.0.1:{link[1]}/clients") as answer:
        assert answer.url.endswith("/sign-in?next=/clients")


def test_a_start_behind_a_sign_on_proxy_says_when_nobody_would_be_let_in(
    start: Start, tmp_path: Path
) -> None:
    def said() -> str:
        process = start(
            *("-m", "caseapp", "serve", "--port", "0", "--empty", "--data", str(tmp_path)), **BEHIND_SIGN_ON
        )
        assert process.stdout is not None
        lines = list(iter(process.stdout.readline, "Press Ctrl-C to stop.\n"))
        with urlopen(f"{lines[0].split()[-1]}readyz") as answer:  # from now on it can be stopped in peace
            assert answer.status == 200
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=20) == 0
        return "".join(lines)

    assert "caseapp users add NAME --role administrator" in said()
    added = run_main(
        "users", "add", "ann", "--role", "administrator", "--data", str(tmp_path), **BEHIND_SIGN_ON
    )
    assert added.exit_code == 0
    assert "users add" not in said()


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("CASEAPP_TIMEZONE", "Mars/Olympus"),
        ("CASEAPP_AUTH", "maybe"),
        ("CASEAPP_DATABASE_URL", "mysql://host/name"),
    ],
)
def test_a_wrong_setting_is_told_by_its_name(tmp_path: Path, variable: str, value: str) -> None:
    result = run_main("serve", "--data", str(tmp_path), **{variable: value})

    assert result.exit_code == 2
    assert re.fullmatch(rf"Error: {variable} .+\.\n", result.stderr)


def test_a_file_in_the_data_folders_place_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    result = run_main("serve", "--port", "0", "--data", str(tmp_path / "file"))

    assert result.exit_code == 2
    assert re.fullmatch(r"Error: The data folder .+ is a file, not a folder\.\n", result.stderr)
