"""The settings of outgoing mail: a wrong value stops the start with one sentence that names it."""

import pytest

from caseapp.config import Settings, SettingsError
from caseapp.config_mail import MailSettings

GOOD = {
    "CASEAPP_SMTP_HOST": "smtp.example.org",
    "CASEAPP_MAIL_FROM": "caseapp@example.org",
    "CASEAPP_MAIL_TO": "dana@example.org, ruiz@example.org",
}


def test_what_is_set_is_where_mail_goes() -> None:
    login = {"CASEAPP_SMTP_USER": "us", "CASEAPP_SMTP_PASSWORD": "secret"}
    settings = Settings.from_env(GOOD | login | {"CASEAPP_SMTP_PORT": "2525"})
    assert settings.mail == MailSettings(
        host="smtp.example.org",
        port=2525,
        security="starttls",
        user="us",
        password="secret",
        sender="caseapp@example.org",
        recipients=("dana@example.org", "ruiz@example.org"),
    )
    assert "secret" not in repr(settings)
    assert "secret" not in repr(settings.mail)


@pytest.mark.parametrize(("security", "port"), [("starttls", 587), ("tls", 465), ("none", 25)])
def test_each_kind_of_security_has_its_port(security: str, port: int) -> None:
    assert Settings.from_env(GOOD | {"CASEAPP_SMTP_SECURITY": security}).mail.port == port


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("CASEAPP_SMTP_HOST", "smtp example"),
        ("CASEAPP_SMTP_PORT", "0"),
        ("CASEAPP_SMTP_PORT", "65536"),
        ("CASEAPP_SMTP_PORT", "smtp"),
        ("CASEAPP_SMTP_SECURITY", "ssl"),
        ("CASEAPP_MAIL_FROM", "Dana Ruiz"),
        ("CASEAPP_MAIL_FROM", "a@b.org\nBcc: c@d.org"),
        ("CASEAPP_MAIL_TO", "dana@example.org;ruiz@example.org"),
        ("CASEAPP_MAIL_TO", "dana@example.org,"),
        ("CASEAPP_SMTP_USER", "alone"),
        ("CASEAPP_SMTP_PASSWORD", "alone"),
    ],
)
def test_a_wrong_value_stops_the_start(name: str, value: str) -> None:
    with pytest.raises(SettingsError, match=name):
        Settings.from_env(GOOD | {name: value})


def test_a_password_is_not_sent_in_the_clear() -> None:
    bare = {"CASEAPP_SMTP_SECURITY": "none", "CASEAPP_SMTP_USER": "us", "CASEAPP_SMTP_PASSWORD": "secret"}
    with pytest.raises(SettingsError, match="CASEAPP_SMTP_SECURITY"):
        Settings.from_env(GOOD | bare)
    assert Settings.from_env(GOOD | bare | {"CASEAPP_SMTP_HOST": "127.0.0.1"}).mail.user == "us"
