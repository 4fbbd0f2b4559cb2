"""How long a sign-in lasts, and how long whoever fails to sign in has to wait."""

import unicodedata
from datetime import datetime, timedelta
from ipaddress import ip_address, ip_network
from typing import Literal

Scope = Literal["account", "address"]

_FREE = {"account": 5, "address": 100}
_FIRST_WAIT = timedelta(seconds=30)
_LONGEST_WAIT = timedelta(minutes=15)
FORGOTTEN_AFTER = timedelta(hours=24)
LONGEST_USERNAME = 100
SEEN_STEP = 15
"""A sign-in's last use is written down once in a fifteenth of the idle time, and not for every page."""


def username_key(username: str) -> str:
    """The user name by which a person is found: accents composed, case and outer spaces ignored."""
    return unicodedata.normalize("NFKC", username.strip()).casefold()


def address_key(address: str) -> str:
    """By which attempts of an address are counted: of IPv6 its first half; one computer has the rest."""
    try:
        found = ip_address(address)
    except ValueError:
        return address
    if found.version == 4:
        return str(found)
    return str(found.ipv4_mapped or ip_network((found, 64), strict=False).network_address)


def wait_until(scope: Scope, failures: int, last_at: datetime) -> datetime | None:
    """Until when nothing is tried after so many failures; None where the next one may be tried at once.

    Five of one account, a hundred from one address are free, since a practice shares one; then the wait
    doubles from half a minute to a quarter of an hour.
    """
    over = failures - _FREE[scope]
    if over < 0:
        return None
    return last_at + min(_FIRST_WAIT * (1 << min(over, 10)), _LONGEST_WAIT)


def has_run_out(
    began_at: datetime, seen_at: datetime, now: datetime, idle: timedelta, length: timedelta
) -> bool:
    """Whether a sign-in is over: unused for `idle`, or `length` old."""
    return now - seen_at >= idle or now - began_at >= length


def is_worth_noting(seen_at: datetime, now: datetime, idle: timedelta) -> bool:
    """Whether its last use was so long ago that this one must be written down."""
    return now - seen_at >= idle / SEEN_STEP


def wait_words(until: datetime, now: datetime) -> str:
    """`a few seconds`, `30 seconds`, `a minute`, `15 minutes`: how long to wait."""
    seconds = -(-(until - now) // timedelta(seconds=1))
    if seconds < 5:
        return "a few seconds"
    if seconds <= 60:
        return f"{seconds} seconds" if seconds < 60 else "a minute"
    return f"{-(-seconds // 60)} minutes"
