"""Debian's nginx, with the very configuration that examples/ holds."""

import shutil
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.e2e.embedding.conftest import Certificate
from tests.missing_part import missing_part

EXAMPLE = Path(__file__).parents[3] / "examples" / "nginx.conf"
AROUND = """
daemon off;
master_process off;
pid {folder}/nginx.pid;
error_log {folder}/error.log;
events {{}}
http {{
    access_log off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    {example}
}}
"""


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as found:
        port: int = found.getsockname()[1]
        return port


def changed(text: str, changes: dict[str, str]) -> str:
    """The example with the names of this test in the place of its own."""
    for old, new in changes.items():
        assert old in text, old
        text = text.replace(old, new)
    return text


@contextmanager
def nginx(folder: Path, certificate: Certificate, behind: str, more: str = "") -> Iterator[str]:
    """nginx before `behind`, with `more` in the location of Caseapp; its address."""
    program = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
    if program is None:
        missing_part("nginx is not installed.")
    port = free_port()
    example = changed(
        EXAMPLE.read_text(),
        {
            "listen 443 ssl;": f"listen 127.0.0.1:{port} ssl;",
            "intranet.example.org;": "intranet.localhost;",
            "/etc/ssl/certs/intranet.example.org.pem": str(certificate.chain),
            "/etc/ssl/private/intranet.example.org.key": str(certificate.key),
            "http://127.0.0.1:8000": behind,
            "client_max_body_size 4m;": f"client_max_body_size 4m;\n{more}",
        },
    )
    configuration = folder / "nginx.conf"
    configuration.write_text(AROUND.format(folder=folder, example=example))
    process = subprocess.Popen([program, "-e", str(folder / "error.log"), "-c", str(configuration)])
    try:
        await_port(process, port)
        yield f"https://intranet.localhost:{port}"
    finally:
        process.terminate()
        process.wait(timeout=20)


def await_port(process: "subprocess.Popen[bytes]", port: int) -> None:
    """Return once somebody listens; fail where the process ends instead."""
    while True:
        try:
            socket.create_connection(("127.0.0.1", port)).close()
        except ConnectionRefusedError:
            try:
                pytest.fail(f"nginx ended with {process.wait(timeout=0.05)}.", pytrace=False)
            except subprocess.TimeoutExpired:
                continue
        return
