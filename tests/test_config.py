from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from caseapp.config import Settings, SettingsError


def test_an_empty_environment_gives_the_documented_defaults() -> None:
    settings = Settings.from_env({})

    assert settings.data_dir == Path(__file__).parent.parent / "data"
    assert settings.database_url == f"sqlite:///{settings.data_dir}/caseapp.db"
    assert settings.database_file == settings.data_dir / "caseapp.db"
    assert settings.zone.key == "America/New_York"
    assert settings.notice == timedelta(hours=24)
    assert settings.frame_ancestors == "'none'"
    assert (settings.secret_key, settings.now, settings.url_prefix) == (None, None, "")


def test_an_empty_variable_counts_as_unset() -> None:
    assert Settings.from_env({"CASEAPP_TIMEZONE": " "}) == Settings.from_env({})


def test_every_setting_is_read_from_its_variable(tmp_path: Path) -> None:
    settings = Settings.from_env(
        {
            "CASEAPP_DATA_DIR": str(tmp_path),
            "CASEAPP_DATABASE_URL": "postgres://user:p%40ss@db.example/caseapp",
            "CASEAPP_SECRET_KEY": "k" * 32,
            "CASEAPP_PRACTICE_NAME": "Elm Street Therapy",
            "CASEAPP_TIMEZONE": "Europe/Berlin",
            "CASEAPP_URL_PREFIX": "/case/app/",
            "CASEAPP_FRAME_ANCESTORS": "'self' https://portal.example.org:8443",
            "CASEAPP_HOSTS": "Caseapp.example.org, 10.0.0.7",
            "CASEAPP_AUTH": "none",
            "CASEAPP_NOTICE_HOURS": "48",
            "CASEAPP_NOW": "2026-11-23T09:00:00-05:00",
        }
    )

    assert settings.data_dir == tmp_path
    assert settings.database_url == "postgresql+psycopg://user:p%40ss@db.example/caseapp"
    assert settings.database_file is None
    assert settings.secret_key == "k" * 32
    assert settings.practice_name == "Elm Street Therapy"
    assert settings.zone.key == "Europe/Berlin"
    assert settings.url_prefix == "/case/app"
    assert settings.frame_ancestors == "'self' https://portal.example.org:8443"
    assert settings.framed_elsewhere
    assert settings.hosts == ("caseapp.example.org", "10.0.0.7")
    assert settings.notice == timedelta(hours=48)
    assert settings.now == datetime(2026, 11, 23, 14, tzinfo=UTC)


def test_an_override_wins_over_the_environment_unless_it_is_none(tmp_path: Path) -> None:
    environ = {"CASEAPP_DATA_DIR": "/elsewhere"}

    assert Settings.from_env(environ, data_dir=tmp_path).data_dir == tmp_path
    assert Settings.from_env(environ, data_dir=None).data_dir == Path("/elsewhere")


def test_a_relative_database_path_counts_from_the_working_folder(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)

    settings = Settings.from_env({"CASEAPP_DATABASE_URL": "sqlite:///one.db"})

    assert settings.database_file == tmp_path / "one.db"


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("CASEAPP_DATABASE_URL", "mysql://host/database"),
        ("CASEAPP_DATABASE_URL", "not an address"),
        ("CASEAPP_DATABASE_URL", "postgresql://host:port/database"),
        ("CASEAPP_DATABASE_URL", "sqlite://"),
        ("CASEAPP_DATABASE_URL", "sqlite:///:memory:"),
        ("CASEAPP_DATA_DIR", "a\x00b"),
        ("CASEAPP_SECRET_KEY", "short"),
        ("CASEAPP_PRACTICE_NAME", "two\nlines"),
        ("CASEAPP_TIMEZONE", "Mars/Olympus"),
        ("CASEAPP_TIMEZONE", "../etc/passwd"),
        ("CASEAPP_TIMEZONE", "America"),
        ("CASEAPP_URL_PREFIX", "caseapp"),
        ("CASEAPP_URL_PREFIX", "/a//b"),
        ("CASEAPP_FRAME_ANCESTORS", "*"),
        ("CASEAPP_FRAME_ANCESTORS", "https://*"),
        ("CASEAPP_FRAME_ANCESTORS", "https://portal.*.org"),
        ("CASEAPP_FRAME_ANCESTORS", "https://a.example; script-src *"),
        ("CASEAPP_FRAME_ANCESTORS", "'none' https://a.example"),
        ("CASEAPP_HOSTS", "https://caseapp.example.org"),
        ("CASEAPP_HOSTS", "caseapp.example.org:8443"),
        ("CASEAPP_HOSTS", "*"),
        ("CASEAPP_AUTH", "maybe"),
        ("CASEAPP_AUTH", "header"),
        ("CASEAPP_AUTH", "oidc"),
        ("CASEAPP_IDLE_MINUTES", "0"),
        ("CASEAPP_SESSION_HOURS", "forever"),
        ("CASEAPP_TRUSTED_PROXIES", "proxy.example.org"),
        ("CASEAPP_AUTH_HEADER", "X_Remote_User"),
        ("CASEAPP_AUTH_HEADER_SECRET", "short"),
        ("CASEAPP_OIDC_ADDRESS", "http://id.example.org"),
        ("CASEAPP_OIDC_GROUPS", "Front desk=chief"),
        ("CASEAPP_OIDC_GROUPS", "Front desk"),
        ("CASEAPP_OIDC_NEW_USERS", "yes"),
        ("CASEAPP_NOTICE_HOURS", "-1"),
        ("CASEAPP_NOTICE_HOURS", "a day"),
        ("CASEAPP_NOW", "2026-11-23"),
        ("CASEAPP_NOW", "2026-11-23T09:00:00"),
        ("CASEAPP_NOW", "0001-01-01T00:00:00+23:00"),
        ("CASEAPP_NOW", "tomorrow"),
    ],
)
def test_a_wrong_value_is_refused_by_the_name_of_its_variable(variable: str, value: str) -> None:
    with pytest.raises(SettingsError, match=r"^CASEAPP_\w+ .+\.$") as told:
        Settings.from_env({variable: value})
    assert str(told.value).startswith(variable) or variable == "CASEAPP_AUTH"


def test_ways_to_sign_in_are_read_with_what_they_need() -> None:
    header = {
        "CASEAPP_AUTH": "header",
        "CASEAPP_AUTH_HEADER": "X-Remote-User",
        "CASEAPP_AUTH_HEADER_SECRET": "s" * 32,
        "CASEAPP_TRUSTED_PROXIES": "127.0.0.1, 10.0.0.0/24",
    }
    oidc = {
        "CASEAPP_AUTH": "oidc",
        "CASEAPP_OIDC_ADDRESS": "https://id.example.org/realm",
        "CASEAPP_OIDC_CLIENT_ID": "caseapp",
        "CASEAPP_OIDC_CLIENT_SECRET": "secret",
        "CASEAPP_OIDC_GROUPS": "Front desk=office; Leads=administrator",
        "CASEAPP_OIDC_NEW_USERS": "true",
        "CASEAPP_IDLE_MINUTES": "20",
        "CASEAPP_SESSION_HOURS": "8",
    }

    assert [str(network) for network in Settings.from_env(header).trusted_proxies] == [
        "127.0.0.1/32",
        "10.0.0.0/24",
    ]
    settings = Settings.from_env(oidc)
    assert settings.oidc_groups == (("Front desk", "office"), ("Leads", "administrator"))
    assert (settings.oidc_new_users, settings.idle) == (True, timedelta(minutes=20))
    assert settings.session_length == timedelta(hours=8)
    for variable in ("CASEAPP_AUTH_HEADER_SECRET", "CASEAPP_TRUSTED_PROXIES"):
        with pytest.raises(SettingsError, match=f"^{variable} must be set"):
            Settings.from_env(header | {variable: ""})
    assert "s" * 32 not in repr(Settings.from_env(header))


def test_where_nothing_is_said_others_have_to_sign_in() -> None:
    settings = Settings.from_env({})

    assert not settings.on_host("127.0.0.1").signs_in
    assert settings.on_host("192.168.1.5").auth == "local"
    assert Settings.from_env({"CASEAPP_AUTH": "none"}).on_host("192.168.1.5").auth == "none"
    settings.on_host("192.168.1.5").refuse_open_host("192.168.1.5")


def test_postgresql_wants_a_secret_key_that_every_process_shares() -> None:
    with pytest.raises(SettingsError, match=r"^CASEAPP_SECRET_KEY must be set"):
        Settings.from_env({"CASEAPP_DATABASE_URL": "postgresql://user@host/database"})


def test_the_secret_key_does_not_stand_in_the_words_of_the_settings() -> None:
    assert "kkkk" not in repr(Settings.from_env({"CASEAPP_SECRET_KEY": "k" * 32}))


@pytest.mark.parametrize("host", ["127.0.0.1", "127.8.9.1", "localhost", "::1", "[::1]"])
def test_this_computer_alone_may_be_listened_on(host: str) -> None:
    Settings.from_env({}).refuse_open_host(host)


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.5", "example.org", ""])
def test_a_host_that_others_can_reach_is_refused(host: str) -> None:
    with pytest.raises(SettingsError, match="nobody signs in"):
        Settings.from_env({"CASEAPP_AUTH": "none"}).refuse_open_host(host)
    with pytest.raises(SettingsError, match=r"^CASEAPP_NOW is for tests"):
        Settings.from_env({"CASEAPP_NOW": "2026-11-23T09:00:00Z"}).refuse_open_host(host)
