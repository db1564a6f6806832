"""The ways a message leaves: SMTP, files in a folder (for demonstrations), or nowhere.

GOV.UK Notify and an office's own gateway have modules beside this one.
"""

import smtplib
import ssl
from email.message import EmailMessage
from email.utils import make_msgid
from pathlib import Path
from uuid import uuid4

from portal.config import Mail
from portal.notifications.addresses import number_of
from portal.notifications.gateway import GatewaySender
from portal.notifications.govuk_notify import NotifySender
from portal.notifications.leaving import NotSentError, Sender, Teller

__all__ = [
    "FileSender",
    "NotSentError",
    "NullSender",
    "Sender",
    "SmtpSender",
    "sender_for",
    "teller_for",
]

_TIMEOUT_SECONDS = 20


class NullSender:
    """Sends nothing and says that it did: for installations that tell nobody by message."""

    def send(self, address: str, subject: str, body: str) -> None:
        """Do nothing."""


class FileSender:
    """Writes each message as a file, for demonstrations and tests."""

    def __init__(self, folder: Path, sender: str) -> None:
        self._folder = folder
        self._sender = sender

    def send(self, address: str, subject: str, body: str) -> None:
        """Write one .eml file, or a .txt file for a text message.

        Raises NotSentError when the folder cannot be written.
        """
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            if number := number_of(address):
                text = f"To: {number}\n\n{body}"
                (self._folder / f"{uuid4()}.txt").write_text(text, encoding="utf-8")
                return
            message = _compose(self._sender, address, subject, body)
            (self._folder / f"{uuid4()}.eml").write_bytes(bytes(message))
        except (OSError, ValueError) as error:
            raise NotSentError from error


class SmtpSender:
    """Hands each message to a mail server, with STARTTLS when a user name is configured."""

    def __init__(self, mail: Mail) -> None:
        self._mail = mail

    def send(self, address: str, subject: str, body: str) -> None:
        """Send one message. Raises NotSentError when the server does not take it.

        A mail server takes no text messages.
        """
        if number_of(address):
            raise NotSentError
        try:
            message = _compose(self._mail.sender, address, subject, body)
            with smtplib.SMTP(self._mail.host, self._mail.port, timeout=_TIMEOUT_SECONDS) as server:
                if self._mail.username:
                    server.starttls(context=ssl.create_default_context())
                    server.login(self._mail.username, self._mail.password)
                server.send_message(message)
        except (OSError, smtplib.SMTPException, ValueError) as error:
            raise NotSentError from error


def teller_for(mail: Mail) -> Teller | None:
    """Who says what became of the messages; None where nobody does."""
    return NotifySender(mail) if mail.notify_key else None


def sender_for(mail: Mail) -> Sender:
    """The sender that the settings ask for."""
    if mail.notify_key:
        return NotifySender(mail)
    if mail.webhook_url:
        return GatewaySender(mail)
    if mail.host:
        return SmtpSender(mail)
    if mail.folder is not None:
        return FileSender(mail.folder, mail.sender)
    return NullSender()


def _compose(sender: str, address: str, subject: str, body: str) -> EmailMessage:
    message = EmailMessage()
    message["From"] = sender
    message["To"] = address
    message["Subject"] = subject
    message["Message-ID"] = make_msgid(domain="on-record.invalid")
    message.set_content(body)
    return message
