"""A real mail server for tests: it keeps what it takes, and refuses what it is told to refuse."""

import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any, cast

import trustme
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

USER, PASSWORD = "caseapp", "a password for tests"
HOST = "127.0.0.1"


@dataclass
class Kept:
    """What the server took: each message with its envelope, and whether the connection was secure."""

    messages: list[EmailMessage] = field(default_factory=list)
    recipients: list[list[str]] = field(default_factory=list)
    secure: list[bool] = field(default_factory=list)
    refuses: set[str] = field(default_factory=set)
    refuses_message: bool = False
    port: int = 0

    async def handle_RCPT(  # noqa: N802  # the library's name
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if address in self.refuses:
            return "550 no such mailbox"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        if self.refuses_message:
            return "554 Message looks like spam."
        content = cast(bytes, envelope.content)
        self.messages.append(message_from_bytes(content, policy=policy.default))
        self.recipients.append(list(envelope.rcpt_tos))
        transport = server.transport
        self.secure.append(transport is not None and transport.get_extra_info("sslcontext") is not None)
        return "250 taken"

    def text(self) -> str:
        """The text of the only message."""
        (message,) = self.messages
        return str(message.get_content())


def _knows(server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: Any) -> AuthResult:
    known = isinstance(data, LoginPassword) and (data.login, data.password) == (
        USER.encode(),
        PASSWORD.encode(),
    )
    return AuthResult(success=known, handled=known)


def a_context(authority: trustme.CA) -> ssl.SSLContext:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert(HOST).configure_cert(context)
    return context


def free_port() -> int:
    """A port at which nobody listens."""
    with socket.socket() as free:
        free.bind((HOST, 0))
        port: int = free.getsockname()[1]
        return port


@contextmanager
def mail_server(
    authority: trustme.CA | None = None, *, security: str = "none", wants_login: bool = False
) -> Iterator[Kept]:
    """A server on a free port; with an authority it is secure: by STARTTLS, with `tls` from the start."""
    kept = Kept()
    context = a_context(authority) if authority else None
    more: dict[str, Any] = {"ssl_context": context} if security == "tls" else {"tls_context": context}
    if wants_login:
        more |= {"authenticator": _knows, "auth_required": True, "auth_require_tls": context is not None}
    kept.port = free_port()
    controller = Controller(kept, hostname=HOST, port=kept.port, **more)
    controller.start()
    try:
        yield kept
    finally:
        controller.stop()
