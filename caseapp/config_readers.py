"""Read the text of a setting: a value, or one sentence that names the setting and says what it may be."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from caseapp.config_error import SettingsError

Network = IPv4Network | IPv6Network
ROLES = ("administrator", "office", "billing", "clinician")


def sqlite_url(path: Path) -> str:
    return f"sqlite:///{path}"


def text(name: str, value: str) -> str:
    if not value.isprintable():
        raise SettingsError(f"{name} may hold printable characters only.")
    return value


def path(name: str, value: str) -> Path:
    return Path(text(name, value))


def secret(name: str, value: str) -> str:
    if len(value) < 32:
        raise SettingsError(f"{name} is too short to be safe: it needs 32 or more random characters.")
    return value


def database_url(name: str, value: str) -> str:
    try:
        url = make_url(value)
    except (ArgumentError, ValueError):
        url = None
    backend = url.drivername.split("+")[0] if url is not None else ""
    if (
        url is None
        or url.database in {None, "", ":memory:"}
        or backend not in {"sqlite", "postgresql", "postgres"}
    ):
        raise SettingsError(
            f"{name} is not a database address: sqlite:////folder/file.db or "
            "postgresql://user:password@host/database."
        )
    if backend == "sqlite":
        return sqlite_url(Path(url.database or "").expanduser().absolute())
    return url.set(drivername="postgresql+psycopg").render_as_string(hide_password=False)


def zone(name: str, value: str) -> ZoneInfo:
    try:
        return ZoneInfo(value)
    except (KeyError, ValueError, OSError) as error:  # ZoneInfoNotFoundError is a KeyError
        raise SettingsError(
            f"{name} must be a known time zone such as America/New_York, not {value!r}."
        ) from error


def url_prefix(name: str, value: str) -> str:
    prefix = value.rstrip("/")
    if prefix and not re.fullmatch(r"(/[A-Za-z0-9._~-]+)+", prefix):
        raise SettingsError(f"{name} must look like /caseapp, not {value!r}.")
    return prefix


def frame_ancestors(name: str, value: str) -> str:
    source = r"('none'|'self'|https?://(\*\.)?[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*(:[0-9]+)?)"
    if not re.fullmatch(rf"{source}( {source})*", value) or ("'none'" in value and value != "'none'"):
        raise SettingsError(
            f"{name} must be 'none', 'self' or addresses such as https://portal.example.org, "
            f"with spaces between them, not {value!r}."
        )
    return value


def host_names(name: str, value: str) -> tuple[str, ...]:
    """Names as browsers show them, without port, with spaces or commas between them."""
    found = tuple(value.casefold().replace(",", " ").split())
    if not all(re.fullmatch(r"[a-z0-9-]+(\.[a-z0-9-]+)*|[0-9a-f:]+", part) for part in found):
        raise SettingsError(
            f"{name} must be names such as caseapp.example.org, with spaces between them and without ports, "
            f"not {value!r}."
        )
    return found


def instant(name: str, value: str) -> datetime:
    try:
        instant = datetime.fromisoformat(value)
        if instant.tzinfo is not None:
            return instant.astimezone(UTC)
    except (ValueError, OverflowError):
        pass
    raise SettingsError(
        f"{name} must be an instant with its offset, such as 2026-11-23T09:00:00-05:00, not {value!r}."
    )


def one_of(*choices: str) -> Callable[[str, str], str]:
    def read(name: str, value: str) -> str:
        if value not in choices:
            raise SettingsError(f"{name} must be {', '.join(choices[:-1])} or {choices[-1]}, not {value!r}.")
        return value

    return read


def whole(unit: str, least: int, most: int) -> Callable[[str, str], timedelta]:
    """A whole number of `unit` (hours, minutes)."""

    def read(name: str, value: str) -> timedelta:
        if not re.fullmatch(r"[0-9]{1,4}", value) or not least <= int(value) <= most:
            raise SettingsError(
                f"{name} must be a whole number of {unit} from {least} to {most}, not {value!r}."
            )
        return timedelta(**{unit: int(value)})

    return read


def flag(name: str, value: str) -> bool:
    if value not in ("true", "false"):
        raise SettingsError(f"{name} must be true or false, not {value!r}.")
    return value == "true"


def networks(name: str, value: str) -> tuple[Network, ...]:
    """Addresses or networks with spaces or commas between them."""
    try:
        return tuple(ip_network(part) for part in value.replace(",", " ").split())
    except ValueError as error:
        raise SettingsError(
            f"{name} must be addresses such as 127.0.0.1 or 10.0.0.0/24, with spaces between them, "
            f"not {value!r}."
        ) from error


def header_name(name: str, value: str) -> str:
    """The name of a request header. An underscore is refused: servers take it for a hyphen."""
    if not re.fullmatch(r"[A-Za-z][A-Za-z0-9]*(-[A-Za-z0-9]+)*", value):
        raise SettingsError(
            f"{name} must be a header's name of letters, digits and hyphens, such as X-Remote-User, "
            f"not {value!r}."
        )
    return value


def https_address(name: str, value: str) -> str:
    """An https address; http only for this computer, for tests."""
    parts = urlsplit(value)
    if not parts.hostname or not (
        parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in ("127.0.0.1", "localhost"))
    ):
        raise SettingsError(f"{name} must be an https address, not {value!r}.")
    return value


def groups(name: str, value: str) -> tuple[tuple[str, str], ...]:
    """`Front desk=office; Clinical leads=administrator`: (group, role)."""
    pairs = [part.rpartition("=") for part in value.split(";") if part.strip()]
    found = tuple((group.strip(), role.strip()) for group, _, role in pairs)
    if not found or any(not group or role not in ROLES for group, role in found):
        raise SettingsError(
            f"{name} must look like 'Front desk=office; Billing team=billing' with the roles "
            f"{', '.join(ROLES)}, not {value!r}."
        )
    return found
