"""What every way of sending is: it sends one message, or says that it did not leave."""

from typing import Protocol


class NotSentError(Exception):
    """The message did not leave; it may be tried again."""


class Sender(Protocol):
    """Sends one message, or raises NotSentError."""

    def send(self, address: str, subject: str, body: str) -> None:
        """Send a plain-text message. `address` is as in `notifications.addresses`."""
