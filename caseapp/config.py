"""Every CASEAPP_… setting, with its default, checked once at the start."""

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import Any, cast
from zoneinfo import ZoneInfo

from flask import current_app
from sqlalchemy.engine import make_url

from caseapp import config_mail
from caseapp import config_readers as read
from caseapp.config_error import SettingsError
from caseapp.config_mail import MailSettings
from caseapp.config_readers import sqlite_url

__all__ = ["DATABASE_NAME", "Settings", "SettingsError", "current_settings", "is_loopback", "sqlite_url"]

DATABASE_NAME = "caseapp.db"
CHECKOUT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True, kw_only=True)
class Settings:
    """What a running Caseapp knows of its surroundings.

    `database_url` is SQLAlchemy's, `data_dir` absolute; `secret_key` None means the key kept in the data
    folder; `now` is an aware instant that stands still, for tests, else None. `auth` is how people sign in:
    local, header, oidc, none; empty where it was not said.
    """

    data_dir: Path
    database_url: str
    secret_key: str | None = field(default=None, repr=False)
    practice_name: str = "Caseapp"
    zone: ZoneInfo = field(default_factory=lambda: ZoneInfo("America/New_York"))
    url_prefix: str = ""
    frame_ancestors: str = "'none'"
    hosts: tuple[str, ...] = ()
    auth: str = ""
    idle: timedelta = timedelta(minutes=15)
    session_length: timedelta = timedelta(hours=12)
    trusted_proxies: tuple[read.Network, ...] = ()
    auth_header: str = ""
    auth_header_secret: str = field(default="", repr=False)
    oidc_address: str = ""
    oidc_client_id: str = ""
    oidc_client_secret: str = field(default="", repr=False)
    oidc_scopes: str = "openid profile email"
    oidc_username_claim: str = "preferred_username"
    oidc_groups_claim: str = "groups"
    oidc_groups: tuple[tuple[str, str], ...] = ()
    oidc_new_users: bool = False
    notice: timedelta = timedelta(hours=24)
    now: datetime | None = None
    log_level: str = "warning"
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
        for variable, (field_name, reader) in READERS.items():
            text = environ.get(variable, "").strip()
            if text:
                values[field_name] = reader(variable, text)
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
        settings.refuse_half_a_sign_on()
        return settings

    @property
    def uses_sqlite(self) -> bool:
        return self.database_url.startswith("sqlite")

    @property
    def database_file(self) -> Path | None:
        """The file of the SQLite database; None for PostgreSQL."""
        return Path(make_url(self.database_url).database or "") if self.uses_sqlite else None

    @property
    def signs_in(self) -> bool:
        """Whether anybody has to say who they are."""
        return self.auth not in ("", "none")

    @property
    def keeps_passwords(self) -> bool:
        """Whether it is Caseapp that people prove to who they are, once they sign in."""
        return self.auth not in ("header", "oidc")

    @property
    def framed_elsewhere(self) -> bool:
        """Whether pages of another site may frame these."""
        return bool(set(self.frame_ancestors.split()) - {"'none'", "'self'"})

    def on_host(self, host: str) -> "Settings":
        """These settings where `host` is listened on. Where nothing is said, others have to sign in."""
        return self if self.auth or is_loopback(host) else replace(self, auth="local")

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
        """Raise SettingsError where another computer could reach `host`, and nobody has to sign in."""
        if is_loopback(host):
            return
        if self.now is not None:
            raise SettingsError(f"CASEAPP_NOW is for tests, and refused on {host}: only on 127.0.0.1 or ::1.")
        if self.auth == "none":
            raise SettingsError(
                f"--host {host} would let other computers in, and nobody signs in (CASEAPP_AUTH=none): "
                "use 127.0.0.1, localhost or ::1, or set CASEAPP_AUTH to local, header or oidc."
            )

    def refuse_half_a_sign_on(self) -> None:
        """Raise SettingsError where a way to sign in lacks what it needs."""
        needed: dict[str, dict[str, object]] = {
            "header": {
                "CASEAPP_AUTH_HEADER": self.auth_header,
                "CASEAPP_AUTH_HEADER_SECRET": self.auth_header_secret,
                "CASEAPP_TRUSTED_PROXIES": self.trusted_proxies,
            },
            "oidc": {
                "CASEAPP_OIDC_ADDRESS": self.oidc_address,
                "CASEAPP_OIDC_CLIENT_ID": self.oidc_client_id,
                "CASEAPP_OIDC_CLIENT_SECRET": self.oidc_client_secret,
            },
        }
        for variable, value in needed.get(self.auth, {}).items():
            if not value:
                raise SettingsError(f"{variable} must be set where CASEAPP_AUTH is {self.auth}.")


def current_settings() -> Settings:
    """The settings of the running app. Needs an app context."""
    return cast(Settings, current_app.extensions["caseapp"]["settings"])


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


# variable: (field of Settings, what reads its text)
READERS: dict[str, tuple[str, Callable[[str, str], object]]] = {
    "CASEAPP_DATABASE_URL": ("database_url", read.database_url),
    "CASEAPP_DATA_DIR": ("data_dir", read.path),
    "CASEAPP_SECRET_KEY": ("secret_key", read.secret),
    "CASEAPP_PRACTICE_NAME": ("practice_name", read.text),
    "CASEAPP_TIMEZONE": ("zone", read.zone),
    "CASEAPP_URL_PREFIX": ("url_prefix", read.url_prefix),
    "CASEAPP_FRAME_ANCESTORS": ("frame_ancestors", read.frame_ancestors),
    "CASEAPP_HOSTS": ("hosts", read.host_names),
    "CASEAPP_AUTH": ("auth", read.one_of("local", "header", "oidc", "none")),
    "CASEAPP_IDLE_MINUTES": ("idle", read.whole("minutes", 1, 720)),
    "CASEAPP_SESSION_HOURS": ("session_length", read.whole("hours", 1, 168)),
    "CASEAPP_TRUSTED_PROXIES": ("trusted_proxies", read.networks),
    "CASEAPP_AUTH_HEADER": ("auth_header", read.header_name),
    "CASEAPP_AUTH_HEADER_SECRET": ("auth_header_secret", read.secret),
    "CASEAPP_OIDC_ADDRESS": ("oidc_address", read.https_address),
    "CASEAPP_OIDC_CLIENT_ID": ("oidc_client_id", read.text),
    "CASEAPP_OIDC_CLIENT_SECRET": ("oidc_client_secret", read.text),
    "CASEAPP_OIDC_SCOPES": ("oidc_scopes", read.text),
    "CASEAPP_OIDC_USERNAME_CLAIM": ("oidc_username_claim", read.text),
    "CASEAPP_OIDC_GROUPS_CLAIM": ("oidc_groups_claim", read.text),
    "CASEAPP_OIDC_GROUPS": ("oidc_groups", read.groups),
    "CASEAPP_OIDC_NEW_USERS": ("oidc_new_users", read.flag),
    "CASEAPP_NOTICE_HOURS": ("notice", read.whole("hours", 0, 999)),
    "CASEAPP_NOW": ("now", read.instant),
    "CASEAPP_LOG_LEVEL": ("log_level", read.one_of("warning", "info")),
    "CASEAPP_SMTP_HOST": ("smtp_host", config_mail.host),
    "CASEAPP_SMTP_PORT": ("smtp_port", config_mail.port),
    "CASEAPP_SMTP_USER": ("smtp_user", read.text),
    "CASEAPP_SMTP_PASSWORD": ("smtp_password", read.text),
    "CASEAPP_SMTP_SECURITY": ("smtp_security", config_mail.security),
    "CASEAPP_MAIL_FROM": ("mail_from", config_mail.address),
    "CASEAPP_MAIL_TO": ("mail_to", config_mail.addresses),
}
