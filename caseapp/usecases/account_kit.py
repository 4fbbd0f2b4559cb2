"""What use-cases of accounts are given to hash and to prove with: web/account_kit.py has it."""

import hashlib
import secrets
from functools import cache
from importlib import resources
from typing import Protocol


class AccountKit(Protocol):
    """Hashes passwords and checks codes. It keeps nothing."""

    def hash(self, password: str) -> str:
        """argon2id of a normalised password."""

    def verify(self, password: str, stored: str | None) -> bool:
        """Whether it is the password; without a stored one, False after the same work."""

    def new_secret(self) -> str:
        """The encrypted secret of a new authenticator app."""

    def step_of(self, code: str, secret: str, last: int | None) -> int | None:
        """The time step to which the code belongs; None where it is wrong, or was used before."""

    def new_recovery_codes(self) -> list[str]:
        """Codes to write down, each good for one sign-in."""

    def digest(self, text: str) -> str:
        """Of something short, keyed, so that it cannot be found by trying all."""


def new_token() -> str:
    """What nobody guesses: 256 random bits for an address, a cookie or a program."""
    return secrets.token_urlsafe(32)


def token_digest(token: str) -> str:
    """By which a token is kept: whoever reads the database cannot use it."""
    return hashlib.sha256(token.encode()).hexdigest()


@cache
def common_passwords() -> frozenset[str]:
    """Passwords that are tried first, in lower case; see data/common_passwords.LICENSE.txt."""
    text = resources.files("caseapp").joinpath("data/common_passwords.txt").read_text(encoding="utf-8")
    return frozenset(text.split("\n"))
