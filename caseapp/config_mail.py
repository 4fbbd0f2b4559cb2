"""The CASEAPP_… settings of outgoing mail: their readers, and what is wanted before a message is sent."""

import re
from dataclasses import dataclass, field
from typing import Literal

from caseapp.config_error import SettingsError

Security = Literal["none", "starttls", "tls"]
PORTS: dict[str, int] = {"none": 25, "starttls": 587, "tls": 465}
_HOST = re.compile(r"[A-Za-z0-9]([A-Za-z0-9.:-]{0,251}[A-Za-z0-9])?|::1")
_ADDRESS = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]{1,64}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*")


@dataclass(frozen=True, kw_only=True)
class MailSettings:
    """Through which server a message goes, from whom and to whom."""

    host: str
    port: int
    security: str
    user: str
    password: str = field(repr=False)
    sender: str
    recipients: tuple[str, ...]


def host(name: str, value: str) -> str:
    if not _HOST.fullmatch(value):
        raise SettingsError(f"{name} must be a mail server such as smtp.example.org, not {value!r}.")
    return value


def port(name: str, value: str) -> int:
    if not re.fullmatch(r"[0-9]{1,5}", value) or not 1 <= int(value) <= 65_535:
        raise SettingsError(f"{name} must be a number from 1 to 65535, not {value!r}.")
    return int(value)


def security(name: str, value: str) -> str:
    if value not in PORTS:
        raise SettingsError(f"{name} must be none, starttls or tls, not {value!r}.")
    return value


def address(name: str, value: str) -> str:
    if not _ADDRESS.fullmatch(value):
        raise SettingsError(f"{name} must be a mail address such as caseapp@example.org, not {value!r}.")
    return value


def addresses(name: str, value: str) -> tuple[str, ...]:
    return tuple(address(name, part.strip()) for part in value.split(","))
