"""What every way of sending is: it sends one message, or says that it did not leave.

Some can say afterwards what became of a message.
"""

from typing import Literal, Protocol

Delivery = Literal["arrived", "never", "lost", "unknown"]
"""What became of a message that was taken: it is there; it can never arrive at this address; it was
lost on the way and can be sent again; nobody knows yet.
"""


class NotSentError(Exception):
    """The message did not leave; it may be tried again."""


class NeverArrivesError(NotSentError):
    """The message did not leave, and never will: nothing can be sent to this address."""


class Sender(Protocol):
    """Sends one message, or raises NotSentError."""

    def send(self, address: str, subject: str, body: str) -> str | None:
        """Send a plain-text message. `address` is as in `notifications.addresses`.

        A reference by which a `Teller` knows it afterwards, None where there is none.
        """


class Teller(Protocol):
    """Says what became of a message."""

    def delivery(self, reference: str) -> Delivery:
        """What became of the message with this reference; "unknown" when that cannot be told."""
