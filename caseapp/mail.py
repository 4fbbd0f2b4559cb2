"""Sends one message through a mail server."""

import smtplib
import ssl
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid

from caseapp.config_mail import MailSettings

SECONDS = 30


class MailNotSent(Exception):
    """One sentence on why the server did not take the message."""


def message(mail: MailSettings, subject: str, text: str, now: datetime) -> EmailMessage:
    made = EmailMessage()
    made["From"] = mail.sender
    made["To"] = ", ".join(mail.recipients)
    made["Subject"] = subject
    made["Date"] = format_datetime(now)
    made["Message-ID"] = make_msgid(domain=mail.sender.rpartition("@")[2])
    made["Auto-Submitted"] = "auto-generated"
    made.set_content(text)
    return made


def send(mail: MailSettings, subject: str, text: str, now: datetime) -> list[str]:
    """Send, and return the recipients that the server refused beside others. Raises MailNotSent."""
    where = f"{mail.host}:{mail.port}"
    try:
        with _connected(mail) as server:
            if mail.user:
                server.login(mail.user, mail.password)
            return list(server.send_message(message(mail, subject, text, now)))
    except smtplib.SMTPAuthenticationError as error:
        raise MailNotSent(
            f"The mail server {where} did not take CASEAPP_SMTP_USER and CASEAPP_SMTP_PASSWORD."
        ) from error
    except smtplib.SMTPRecipientsRefused as error:
        raise MailNotSent(
            f"The mail server {where} refused {', '.join(sorted(error.recipients))}."
        ) from error
    except smtplib.SMTPResponseException as error:
        raise MailNotSent(
            f"The mail server {where} refused the message: {error.smtp_code} {_told(error.smtp_error)}."
        ) from error
    except smtplib.SMTPNotSupportedError as error:
        what = (
            "a sign-in" if "AUTH" in str(error) else "STARTTLS: set CASEAPP_SMTP_SECURITY to what it offers"
        )
        raise MailNotSent(f"The mail server {where} does not offer {what}.") from error
    except ssl.SSLError as error:
        reason = getattr(error, "verify_message", "") or error.reason or "the secure connection failed"
        raise MailNotSent(f"No secure connection to the mail server {where}: {reason}.") from error
    except (OSError, smtplib.SMTPException) as error:
        reason = getattr(error, "strerror", None) or str(error) or type(error).__name__
        raise MailNotSent(f"The mail server {where} cannot be reached: {str(reason).lower()}.") from error


def _connected(mail: MailSettings) -> smtplib.SMTP:
    if mail.security == "tls":
        return smtplib.SMTP_SSL(mail.host, mail.port, timeout=SECONDS, context=ssl.create_default_context())
    server = smtplib.SMTP(mail.host, mail.port, timeout=SECONDS)
    if mail.security == "starttls":
        try:
            server.starttls(context=ssl.create_default_context())
        except BaseException:
            server.close()
            raise
    return server


def _told(answer: bytes | str) -> str:
    """The server's words in one line, without the dot at their end."""
    text = answer.decode("utf-8", "replace") if isinstance(answer, bytes) else answer
    return " ".join(text.split()).rstrip(".")
