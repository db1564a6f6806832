"""GOV.UK Notify: texts and e-mails by templates that the office made there.

The template of an e-mail has the places `subject` and `body`, that of a text `body`. Its library
is imported when the first message leaves: nobody else waits for it. What became of a message is
asked by its id; of the answer, which repeats the address and the words, one word is read.
"""

import logging
from collections.abc import Mapping
from typing import Any

from portal.config import Mail
from portal.notifications.addresses import number_of
from portal.notifications.leaving import Delivery, NeverArrivesError, NotSentError

_TIMEOUT_SECONDS = 20
_BAD_REQUEST, _NOT_FOUND = 400, 404
_BAD_ADDRESS = ("email_address ", "phone_number ")
_DELIVERIES: Mapping[str, Delivery] = {
    "delivered": "arrived",
    "permanent-failure": "never",
    "temporary-failure": "lost",
    "technical-failure": "lost",
}
"""The statuses that are final (docs.notifications.service.gov.uk, REST, "get message status");
"created" and "sending" are not. "temporary-failure" is told after 72 hours of tries.
"""


class NotifySender:
    """Hands each message to GOV.UK Notify, and asks what became of it."""

    def __init__(self, mail: Mail) -> None:
        self._mail = mail
        self._client: Any = None
        # It would write what the service answered, and an answer can repeat an address.
        logging.getLogger("notifications_python_client").setLevel(logging.CRITICAL)

    def send(self, address: str, subject: str, body: str) -> str | None:
        """Send one message; its id there. Raises NotSentError when it is not taken, or no template
        is for it, and NeverArrivesError when it says that this is no address.
        """
        import requests
        from notifications_python_client.errors import HTTPError, InvalidResponse

        number = number_of(address)
        template = self._mail.notify_text if number else self._mail.notify_email
        if not template:
            raise NotSentError
        client = self._client or self._connect()
        try:
            if number:
                taken = client.send_sms_notification(number, template, {"body": body})
            else:
                places = {"subject": subject, "body": body}
                taken = client.send_email_notification(address, template, places)
        except (HTTPError, InvalidResponse, requests.RequestException, OSError) as error:
            # The error holds the answer, which can repeat the address: it ends here.
            never = isinstance(error, HTTPError) and _is_no_address(error)
            raise (NeverArrivesError if never else NotSentError)(type(error).__name__) from None
        reference = taken.get("id") if isinstance(taken, dict) else None
        return str(reference) if reference else None

    def delivery(self, reference: str) -> Delivery:
        """What became of a message: `GET /v2/notifications/{id}`. Notify forgets it after 7 days,
        or when the office set it so; then nothing more can be learnt, and it counts as arrived.
        """
        import requests
        from notifications_python_client.errors import HTTPError, InvalidResponse

        client = self._client or self._connect()
        try:
            found = client.get_notification_by_id(reference)
        except HTTPError as error:
            return "arrived" if error.status_code == _NOT_FOUND else "unknown"
        except (InvalidResponse, requests.RequestException, OSError):
            return "unknown"
        status = found.get("status") if isinstance(found, dict) else None
        return _DELIVERIES.get(str(status), "unknown")

    def _connect(self) -> Any:  # noqa: ANN401 - the library has no types
        from notifications_python_client.notifications import NotificationsAPIClient

        mail = self._mail
        self._client = NotificationsAPIClient(  # type: ignore[no-untyped-call]
            mail.notify_key, base_url=mail.notify_url, timeout=_TIMEOUT_SECONDS
        )
        return self._client


def _is_no_address(error: Any) -> bool:  # noqa: ANN401 - the library has no types
    """Whether Notify refused the address itself, and not our key, our template or our haste."""
    told = error.message if error.status_code == _BAD_REQUEST else None
    return isinstance(told, list) and any(
        isinstance(one, dict)
        and one.get("error") == "ValidationError"
        and str(one.get("message")).startswith(_BAD_ADDRESS)
        for one in told
    )
