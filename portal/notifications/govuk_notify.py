"""GOV.UK Notify: texts and e-mails by templates that the office made there.

The template of an e-mail has the places `subject` and `body`, that of a text `body`. Its library
is imported when the first message leaves: nobody else waits for it.
"""

import logging
from typing import Any

from portal.config import Mail
from portal.notifications.addresses import number_of
from portal.notifications.leaving import NotSentError

_TIMEOUT_SECONDS = 20


class NotifySender:
    """Hands each message to GOV.UK Notify."""

    def __init__(self, mail: Mail) -> None:
        self._mail = mail
        self._client: Any = None
        # It would write what the service answered, and an answer can repeat an address.
        logging.getLogger("notifications_python_client").setLevel(logging.CRITICAL)

    def send(self, address: str, subject: str, body: str) -> None:
        """Send one message. Raises NotSentError when it is not taken, or no template is for it."""
        import requests
        from notifications_python_client.errors import HTTPError, InvalidResponse

        number = number_of(address)
        template = self._mail.notify_text if number else self._mail.notify_email
        if not template:
            raise NotSentError
        client = self._client or self._connect()
        try:
            if number:
                client.send_sms_notification(number, template, {"body": body})
            else:
                places = {"subject": subject, "body": body}
                client.send_email_notification(address, template, places)
        except (HTTPError, InvalidResponse, requests.RequestException, OSError) as error:
            # The error holds the answer, which can repeat the address: it ends here.
            raise NotSentError(type(error).__name__) from None

    def _connect(self) -> Any:  # noqa: ANN401 - the library has no types
        from notifications_python_client.notifications import NotificationsAPIClient

        mail = self._mail
        self._client = NotificationsAPIClient(  # type: ignore[no-untyped-call]
            mail.notify_key, base_url=mail.notify_url, timeout=_TIMEOUT_SECONDS
        )
        return self._client
