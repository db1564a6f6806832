"""Promises about how a message leaves: whole, to one address, or it says that it did not."""

import email
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from threading import Thread

import pytest

from portal.config import Mail
from portal.notifications.senders import (
    FileSender,
    NotSentError,
    NullSender,
    SmtpSender,
    sender_for,
)

SUBJECT = "Something new in your inbox"
BODY = "Sign in to read it – it is there.\n"


class Server:
    """A mail server that takes one message, or answers `refusal` to its recipient."""

    def __init__(self, listener: socket.socket, refusal: str = "") -> None:
        self.listener = listener
        self.refusal = refusal
        self.recipients: list[str] = []
        self.taken = b""

    def serve(self) -> None:
        """Talk to one client (RFC 5321), line by line."""
        peer, _ = self.listener.accept()
        with peer, peer.makefile("rwb") as lines:

            def say(words: str) -> None:
                lines.write(words.encode() + b"\r\n")
                lines.flush()

            say("220 here")
            for raw in lines:
                line = raw.decode().strip()
                word = line[:4].upper()
                if word == "DATA":
                    say("354 go on")
                    self.taken = self._read(lines)
                    say("250 taken")
                elif word == "RCPT":
                    self.recipients.append(line)
                    say(self.refusal or "250 yes")
                elif word == "QUIT":
                    say("221 bye")
                    return
                else:
                    say("250 yes")

    @staticmethod
    def _read(lines: Iterator[bytes]) -> bytes:
        taken = []
        for line in lines:
            if line == b".\r\n":
                break
            taken.append(line)
        return b"".join(taken)


@contextmanager
def server(refusal: str = "") -> Iterator[tuple[Server, Mail]]:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        made = Server(listener, refusal)
        thread = Thread(target=made.serve, daemon=True)
        thread.start()
        yield made, Mail("127.0.0.1", listener.getsockname()[1], "on-record@example.invalid")
        thread.join(5)


def parse(raw: bytes) -> EmailMessage:
    message = email.message_from_bytes(raw, policy=default)
    assert isinstance(message, EmailMessage)
    return message


def test_a_file_holds_the_whole_message(tmp_path: Path) -> None:
    sender = FileSender(tmp_path / "messages", "on-record@example.invalid")
    for _ in range(2):
        sender.send("jo@example.org", SUBJECT, BODY)
    files = list((tmp_path / "messages").iterdir())
    assert len(files) == 2
    message = parse(files[0].read_bytes())
    assert message["To"] == "jo@example.org"
    assert message["Subject"] == SUBJECT
    assert message.get_content() == BODY


def test_a_folder_that_cannot_be_written_is_told_so_that_it_is_tried_again(tmp_path: Path) -> None:
    (tmp_path / "messages").write_text("a file where a folder should be")
    with pytest.raises(NotSentError):
        FileSender(tmp_path / "messages", "a@example.invalid").send("b@example.org", "x", "y")


@pytest.mark.parametrize("address", ["jo@example.org\r\nBcc: all@example.org", "jo\n@example.org"])
def test_an_address_cannot_smuggle_in_a_second_one(tmp_path: Path, address: str) -> None:
    with pytest.raises(NotSentError):
        FileSender(tmp_path, "a@example.invalid").send(address, SUBJECT, BODY)
    assert list(tmp_path.iterdir()) == []


def test_a_mail_server_gets_the_whole_message() -> None:
    with server() as (here, mail):
        SmtpSender(mail).send("jo@example.org", SUBJECT, BODY)
    assert here.recipients == ["rcpt TO:<jo@example.org>"]
    message = parse(here.taken)
    assert message["From"] == "on-record@example.invalid"
    assert message["Subject"] == SUBJECT
    assert message.get_content().strip() == BODY.strip()
    assert "localhost" not in message["Message-ID"]


def test_a_server_that_does_not_take_it_is_told() -> None:
    with server("550 no such person") as (_, mail), pytest.raises(NotSentError):
        SmtpSender(mail).send("jo@example.org", SUBJECT, BODY)


def test_a_server_that_is_not_there_is_told() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    with pytest.raises(NotSentError):
        SmtpSender(Mail("127.0.0.1", port, "a@example.invalid")).send("b@example.org", "x", "y")


def test_a_password_never_goes_to_a_server_without_encryption() -> None:
    with server() as (here, mail):
        secured = replace(mail, username="us", password="secret")
        with pytest.raises(NotSentError):
            SmtpSender(secured).send("jo@example.org", SUBJECT, BODY)
    assert here.taken == b""


def test_the_settings_choose_how_messages_leave(tmp_path: Path) -> None:
    assert isinstance(sender_for(Mail(host="mail.example.org", folder=tmp_path)), SmtpSender)
    assert isinstance(sender_for(Mail(folder=tmp_path)), FileSender)
    nowhere = sender_for(Mail())
    assert isinstance(nowhere, NullSender)
    nowhere.send("jo@example.org", SUBJECT, BODY)
