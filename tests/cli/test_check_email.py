"""`caseapp check --email`: against a mail server that is really there."""

from collections.abc import Iterator
from email.headerregistry import Address
from pathlib import Path

import pytest
import trustme

from caseapp.domain.actor import LOCAL_USER
from tests.cli.commands import Commands
from tests.mail_server import HOST, PASSWORD, USER, Kept, free_port, mail_server
from tests.practice_files import SAMPLE, SMALL, write_files


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture
def trusted(authority: trustme.CA, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> trustme.CA:
    """The authority, which this computer trusts for the time of the test."""
    path = tmp_path / "authority.pem"
    authority.cert_pem.write_to_path(path)
    monkeypatch.setenv("SSL_CERT_FILE", str(path))
    return authority


@pytest.fixture
def server() -> Iterator[Kept]:
    with mail_server() as kept:
        yield kept


@pytest.fixture
def practice(caseapp: Commands) -> Commands:
    """The sample practice, whose mail goes to two people through a server without security."""
    caseapp.set(
        SMTP_HOST=HOST,
        SMTP_SECURITY="none",
        MAIL_FROM="caseapp@example.org",
        MAIL_TO="dana@example.org, ruiz@example.org",
    )
    assert caseapp("import", SAMPLE).exit_code == 0
    return caseapp


def through(practice: Commands, server: Kept, **settings: str) -> Commands:
    practice.set(SMTP_PORT=str(server.port), **settings)
    return practice


def test_the_first_message_tells_every_gap(practice: Commands, server: Kept) -> None:
    result = through(practice, server)("check", "--email")

    assert result.exit_code == 1
    assert result.stdout.startswith("Mail sent to dana@example.org, ruiz@example.org: ")
    (message,) = server.messages
    assert server.recipients == [["dana@example.org", "ruiz@example.org"]]
    assert message["from"].addresses == (Address("", "caseapp", "example.org"),)
    assert message["subject"].startswith("Coverage gaps: ")
    assert message["auto-submitted"] == "auto-generated"
    assert message.get_content_type() == "text/plain"
    assert "This is the first message: every gap is new." in server.text()
    line = "- C-10002, OT: no case manager, mend by Sun 22 Nov 2026, 4 sessions at risk"
    assert line in server.text().splitlines()


def test_a_message_is_on_record_as_taken_out(practice: Commands, server: Kept) -> None:
    through(practice, server)("check", "--email")
    practice("check", "--email")  # nothing has changed: nothing is sent

    assert [detail for _, detail in practice.exported()] == ["caseapp check --email"]


def test_a_message_names_nobody(practice: Commands, server: Kept) -> None:
    through(practice, server)("check", "--email")

    people = {
        word
        for name in ("clients.csv", "clinicians.csv")
        for line in (SAMPLE / name).read_text(encoding="utf-8").splitlines()[1:]
        for word in line.split(",")[1:3]
        if len(word) > 3
    }
    told = server.messages[0].as_string()
    assert not [word for word in people if word in told]


def test_the_next_message_tells_only_what_changed(practice: Commands, server: Kept) -> None:
    run = through(practice, server)
    run("check", "--email")
    assert run("check", "--email").stdout == "Nothing has changed since the last message: no mail was sent.\n"
    assert len(server.messages) == 1

    practice.set(NOW="2026-12-10T17:00:00Z")
    result = run("check", "--email")

    assert result.exit_code == 1
    text = str(server.messages[1].get_content())
    assert "What changed since the message of 23 Nov 2026:" in text
    assert "\nNew (" in text
    assert "\nMended (" in text
    assert result.stdout.split(": ")[1].endswith("mended.\n")


def test_always_sends_also_where_nothing_changed(practice: Commands, server: Kept) -> None:
    run = through(practice, server)
    run("check", "--email")
    assert run("check", "--email", "--always").stdout.endswith(": 0 new, 0 mended.\n")
    assert "nothing." in str(server.messages[1].get_content()).splitlines()


def test_a_practice_without_gaps_sends_nothing_and_ends_well(
    caseapp: Commands, server: Kept, tmp_path: Path
) -> None:
    files = write_files(tmp_path / "files", {"service_lines": SMALL["service_lines"]})
    caseapp("import", files)
    run = through(
        caseapp, server, SMTP_HOST=HOST, SMTP_SECURITY="none", MAIL_FROM="a@b.org", MAIL_TO="c@d.org"
    )

    assert run("check", "--email").exit_code == 0
    assert server.messages == []
    assert run("check", "--email", "--always").exit_code == 0
    assert "Coverage gaps now: 0 errors and 0 warnings." in server.text()


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_a_secure_server_is_signed_in_to(practice: Commands, trusted: trustme.CA, security: str) -> None:
    with mail_server(trusted, security=security, wants_login=security == "starttls") as kept:
        login = {"SMTP_USER": USER, "SMTP_PASSWORD": PASSWORD} if security == "starttls" else {}
        result = through(practice, kept, SMTP_SECURITY=security, **login)("check", "--email")
        assert result.exit_code == 1, result.output
        assert kept.secure == [True]


def refused(practice: Commands, server: Kept, **settings: str) -> str:
    """Why nothing was sent, in one sentence; nothing may be recorded by it."""
    run = through(practice, server, **settings)
    result = run("check", "--email")
    assert (result.exit_code, result.stdout) == (2, "")
    assert server.messages == []
    assert result.stderr.startswith("Error: ")
    assert result.stderr.count("\n") == 1
    return result.stderr.removeprefix("Error: ").strip()


def test_a_wrong_password_is_told(practice: Commands, trusted: trustme.CA) -> None:
    with mail_server(trusted, wants_login=True) as kept:
        why = refused(practice, kept, SMTP_SECURITY="starttls", SMTP_USER=USER, SMTP_PASSWORD="wrong")
        assert why == (
            f"The mail server {HOST}:{kept.port} did not take CASEAPP_SMTP_USER and CASEAPP_SMTP_PASSWORD."
        )


def test_a_certificate_that_nobody_trusts_is_refused(practice: Commands, authority: trustme.CA) -> None:
    with mail_server(authority) as kept:
        why = refused(practice, kept, SMTP_SECURITY="starttls")
    assert why.startswith(f"No secure connection to the mail server {HOST}:")


def test_a_server_without_what_is_asked_of_it_is_told(practice: Commands, server: Kept) -> None:
    assert "does not offer STARTTLS" in refused(practice, server, SMTP_SECURITY="starttls")
    why = refused(practice, server, SMTP_SECURITY="none", SMTP_USER=USER, SMTP_PASSWORD=PASSWORD)
    assert why.endswith("does not offer a sign-in.")


def test_a_server_that_refuses_is_told_and_nothing_is_recorded(practice: Commands, server: Kept) -> None:
    server.refuses_message = True
    assert refused(practice, server).endswith("refused the message: 554 Message looks like spam.")
    server.refuses_message = False
    server.refuses = {"dana@example.org", "ruiz@example.org"}
    assert refused(practice, server).endswith("refused dana@example.org, ruiz@example.org.")
    server.refuses = set()
    assert practice("check", "--email").exit_code == 1
    assert "This is the first message" in server.text()
    assert practice.exported() == [(LOCAL_USER.name, "caseapp check --email")]


def test_one_refused_address_does_not_keep_the_others_from_it(practice: Commands, server: Kept) -> None:
    server.refuses = {"ruiz@example.org"}
    result = through(practice, server)("check", "--email")
    assert result.exit_code == 1
    assert result.stdout.startswith("Mail sent to dana@example.org: ")
    assert result.stderr == "The mail server refused ruiz@example.org.\n"


def test_a_server_that_is_not_there_is_told(practice: Commands, server: Kept) -> None:
    server.port = free_port()
    where = f"{HOST}:{server.port}"
    assert refused(practice, server) == f"The mail server {where} cannot be reached: connection refused."


def test_what_is_not_set_is_named(caseapp: Commands) -> None:
    caseapp("import", SAMPLE)
    caseapp.set(MAIL_FROM="caseapp@example.org")
    result = caseapp("check", "--email")
    assert result.exit_code == 2
    assert result.stderr == "Error: To send mail, set CASEAPP_SMTP_HOST and CASEAPP_MAIL_TO.\n"


@pytest.mark.parametrize(
    "options", [["--email", "--on", "2026-11-24"], ["--email", "--format", "csv"], ["--always"]]
)
def test_options_that_do_not_go_together_are_refused(caseapp: Commands, options: list[str]) -> None:
    assert caseapp("check", *options).exit_code == 2
