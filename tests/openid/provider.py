"""The OpenID provider of the tests, in a process of its own, and what a browser does there."""

import json
import re
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from html import unescape
from pathlib import Path
from typing import IO, Any, cast
from urllib.parse import urljoin

import requests

CLIENT_ID, CLIENT_SECRET = "caseapp", "what the provider gave to Caseapp"
PASSWORD = "four green lamps burn"
PATIENCE = 20
REDIRECT = "http://localhost/sign-in/provider/answer"


class OpenIdProvider:
    """`address` is its issuer, under which its metadata are found."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self._sent, self._told = cast(IO[str], process.stdin), cast(IO[str], process.stdout)
        self.address = self._told.readline().strip()
        assert self.address, "the provider did not start: the reason stands above"

    def begin(self, redirect: str = REDIRECT) -> None:
        """Know nobody, and send browsers back to this address alone."""
        self._tell({"redirect": [redirect]})

    def knows(self, subject: str, username: str, name: str = "", groups: Sequence[str] = ()) -> None:
        """Know somebody by this subject, with PASSWORD; whoever had it before is called so from now on."""
        person = {"id": int(subject), "username": username, "name": name, "groups": list(groups)}
        self._tell({"person": person | {"password": PASSWORD}})

    def _tell(self, told: dict[str, Any]) -> None:
        self._sent.write(json.dumps(told) + "\n")
        self._sent.flush()
        assert self._told.readline() == "\n"


@contextmanager
def running_provider(folder: Path) -> Iterator[OpenIdProvider]:
    program = Path(__file__).with_name("serving.py")
    command = [sys.executable, str(program), str(folder), CLIENT_ID, CLIENT_SECRET]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield OpenIdProvider(process)
        finally:
            cast(IO[str], process.stdin).close()
            process.wait(PATIENCE)


def vouched(address: str, username: str, *, password: str = PASSWORD, consents: bool = True) -> str:
    """Sign in at the provider and say what it may tell: the address that it sends the browser back to.

    The address of the provider's own page where it does not, since the password is wrong.
    """
    browser = requests.Session()
    sign_in = browser.get(address, timeout=PATIENCE)
    sent = {"username": username, "password": password}
    asked = browser.post(sign_in.url, data=_hidden(sign_in.text) | sent, timeout=PATIENCE)
    if 'id="authorizationForm"' not in asked.text:
        return asked.url
    answer = browser.post(
        asked.url,
        data=_hidden(asked.text) | ({"allow": "Authorize"} if consents else {}),
        allow_redirects=False,
        timeout=PATIENCE,
    )
    return urljoin(asked.url, answer.headers["Location"])


def _hidden(page: str) -> dict[str, str]:
    """What the page's form sends by itself."""
    fields = (
        dict(re.findall(r'(\w+)="([^"]*)"', tag)) for tag in re.findall("<input[^>]+hidden[^>]*>", page)
    )
    return {field["name"]: unescape(field.get("value", "")) for field in fields}
