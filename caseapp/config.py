"""Every CASEAPP_… setting, with its default, checked once at the start."""

import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import Any, cast
from zoneinfo import ZoneInfo

from flask import current_app
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from caseapp import config_mail
from caseapp.config_error import SettingsError as SettingsError
from caseapp.config_mail import MailSettings

DATABASE_NAME = "caseapp.db"
CHECKOUT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True, kw_only=True)
class Settings:
    """What a running Caseapp knows of its surroundings.

    `database_url` is SQLAlchemy's, `data_dir` absolute; `secret_key` None means the key kept in the data
    folder; `now` is an aware instant that stands still, for tests, else None.
    """

    data_dir: Path
    database_url: str
    secret_key: str | None = field(default=None, repr=False)
    practice_name: str = "Caseapp"
    zone: ZoneInfo = field(default_factory=lambda: ZoneInfo("America/New_York"))
    url_prefix: str = ""
    frame_ancestors: str = "'none'"
    auth: str = "none"
    notice: timedelta = timedelta(hours=24)
    now: datetime | None = None
    demo: bool = False
    smtp_host: str = ""
    smtp_port: int | None = None
    smtp_user: str = ""
    smtp_password: str = field(default="", repr=False)
    smtp_security: str = "starttls"
    mail_from: str = ""
    mail_to: tuple[str, ...] = ()

    @classmethod
    def from_env(cls, environ: Mapping[str, str] | None = None, **overrides: Any) -> "Settings":
        """The settings of the environment; `overrides` are fields, and win over it.

        An empty variable counts as unset. Raises SettingsError for the first wrong value.
        """
        environ = os.environ if environ is None else environ
        values: dict[str, Any] = {}
        for variable, (field_name, read) in READERS.items():
            text = environ.get(variable, "").strip()
            if text:
                values[field_name] = read(variable, text)
        values |= {name: value for name, value in overrides.items() if value is not None}
        data_dir = Path(values.get("data_dir") or default_data_dir()).expanduser().absolute()
        values["data_dir"] = data_dir
        values.setdefault("database_url", sqlite_url(data_dir / DATABASE_NAME))
        settings = cls(**values)
        settings.refuse_bare_password()
        if not settings.uses_sqlite and not settings.secret_key:
            raise SettingsError(
                "CASEAPP_SECRET_KEY must be set where CASEAPP_DATABASE_URL is a PostgreSQL database: "
                "32 or more random characters, the same for every server process."
            )
        return settings

    @property
    def uses_sqlite(self) -> bool:
        return self.database_url.startswith("sqlite")

    @property
    def database_file(self) -> Path | None:
        """The file of the SQLite database; None for PostgreSQL."""
        return Path(make_url(self.database_url).database or "") if self.uses_sqlite else None

    @property
    def mail(self) -> MailSettings:
        """What sending a message needs. Raises SettingsError where one of the settings is missing."""
        wanted = {
            "CASEAPP_SMTP_HOST": self.smtp_host,
            "CASEAPP_MAIL_FROM": self.mail_from,
            "CASEAPP_MAIL_TO": self.mail_to,
        }
        missing = [name for name, value in wanted.items() if not value]
        if missing:
            raise SettingsError(f"To send mail, set {' and '.join(missing)}.")
        return MailSettings(
            host=self.smtp_host,
            port=self.smtp_port or config_mail.PORTS[self.smtp_security],
            security=self.smtp_security,
            user=self.smtp_user,
            password=self.smtp_password,
            sender=self.mail_from,
            recipients=self.mail_to,
        )

    def refuse_bare_password(self) -> None:
        """Raise SettingsError where a mail password is of no use, or would be sent in the clear."""
        if bool(self.smtp_user) != bool(self.smtp_password):
            raise SettingsError("Set both CASEAPP_SMTP_USER and CASEAPP_SMTP_PASSWORD, or neither.")
        if self.smtp_password and self.smtp_security == "none" and not is_loopback(self.smtp_host):
            raise SettingsError(
                "CASEAPP_SMTP_SECURITY=none would send CASEAPP_SMTP_PASSWORD in the clear: "
                "use starttls or tls."
            )

    def refuse_open_host(self, host: str) -> None:
        """Raise SettingsError where another computer could reach `host`, as nobody has to sign in."""
        if is_loopback(host):
            return
        if self.now is not None:
            raise SettingsError(f"CASEAPP_NOW is for tests, and refused on {host}: only on 127.0.0.1 or ::1.")
        raise SettingsError(
            f"--host {host} would let other computers in, and there is no sign-in yet (CASEAPP_AUTH=none): "
            "use 127.0.0.1, localhost or ::1."
        )


def current_settings() -> Settings:
    """The settings of the running app. Needs an app context."""
    return cast(Settings, current_app.extensions["caseapp"]["settings"])


def sqlite_url(path: Path) -> str:
    return f"sqlite:///{path}"


def default_data_dir() -> Path:
    """`data` in a checkout, `~/.caseapp` where Caseapp was installed from a wheel."""
    return CHECKOUT / "data" if (CHECKOUT / "pyproject.toml").is_file() else Path("~/.caseapp")


def is_loopback(host: str) -> bool:
    if host.casefold() == "localhost":
        return True
    try:
        return ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def _text(name: str, value: str) -> str:
    if not value.isprintable():
        raise SettingsError(f"{name} may hold printable characters only.")
    return value


def _path(name: str, value: str) -> Path:
    return Path(_text(name, value))


def _secret(name: str, value: str) -> str:
    if len(value) < 32:
        raise SettingsError(f"{name} is too short to be safe: it needs 32 or more random characters.")
    return value


def _database_url(name: str, value: str) -> str:
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


def _zone(name: str, value: str) -> ZoneInfo:
    try:
        return ZoneInfo(value)
    except (KeyError, ValueError, OSError) as error:  # ZoneInfoNotFoundError is a KeyError
        raise SettingsError(
            f"{name} must be a known time zone such as America/New_York, not {value!r}."
        ) from error


def _url_prefix(name: str, value: str) -> str:
    prefix = value.rstrip("/")
    if prefix and not re.fullmatch(r"(/[A-Za-z0-9._~-]+)+", prefix):
        raise SettingsError(f"{name} must look like /caseapp, not {value!r}.")
    return prefix


def _frame_ancestors(name: str, value: str) -> str:
    source = r"('none'|'self'|https?://[A-Za-z0-9.*-]+(:[0-9]+)?)"
    if not re.fullmatch(rf"{source}( {source})*", value):
        raise SettingsError(
            f"{name} must be 'none', 'self' or addresses such as https://portal.example.org, "
            f"with spaces between them, not {value!r}."
        )
    return value


def _auth(name: str, value: str) -> str:
    if value != "none":
        raise SettingsError(
            f"{name} can only be none in this version, not {value!r}: there are no accounts yet."
        )
    return value


def _notice(name: str, value: str) -> timedelta:
    if not re.fullmatch(r"[0-9]{1,3}", value):
        raise SettingsError(f"{name} must be a whole number of hours from 0 to 999, not {value!r}.")
    return timedelta(hours=int(value))


def _instant(name: str, value: str) -> datetime:
    try:
        instant = datetime.fromisoformat(value)
        if instant.tzinfo is not None:
            return instant.astimezone(UTC)
    except (ValueError, OverflowError):
        pass
    raise SettingsError(
        f"{name} must be an instant with its offset, such as 2026-11-23T09:00:00-05:00, not {value!r}."
    )


# variable: (field of Settings, what reads its text)
READERS: dict[str, tuple[str, Callable[[str, str], object]]] = {
    "CASEAPP_DATABASE_URL": ("database_url", _database_url),
    "CASEAPP_DATA_DIR": ("data_dir", _path),
    "CASEAPP_SECRET_KEY": ("secret_key", _secret),
    "CASEAPP_PRACTICE_NAME": ("practice_name", _text),
    "CASEAPP_TIMEZONE": ("zone", _zone),
    "CASEAPP_URL_PREFIX": ("url_prefix", _url_prefix),
    "CASEAPP_FRAME_ANCESTORS": ("frame_ancestors", _frame_ancestors),
    "CASEAPP_AUTH": ("auth", _auth),
    "CASEAPP_NOTICE_HOURS": ("notice", _notice),
    "CASEAPP_NOW": ("now", _instant),
    "CASEAPP_SMTP_HOST": ("smtp_host", config_mail.host),
    "CASEAPP_SMTP_PORT": ("smtp_port", config_mail.port),
    "CASEAPP_SMTP_USER": ("smtp_user", _text),
    "CASEAPP_SMTP_PASSWORD": ("smtp_password", _text),
    "CASEAPP_SMTP_SECURITY": ("smtp_security", config_mail.security),
    "CASEAPP_MAIL_FROM": ("mail_from", config_mail.address),
    "CASEAPP_MAIL_TO": ("mail_to", config_mail.addresses),
}
