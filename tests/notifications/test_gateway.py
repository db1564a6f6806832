"""Promises about an office's own gateway: each message signed, to one address, or not sent."""

import hmac
from hashlib import sha256

import pytest

from portal.config import Mail
from portal.notifications.gateway import SIGNATURE_HEADER, TIME_HEADER, GatewaySender, sign
from portal.notifications.leaving import NotSentError
from tests.rig.gateways import Fake, gateway

SECRET = bytes(range(32))


def sender(fake: Fake, sends: str = "email text") -> GatewaySender:
    mail = Mail(
        webhook_url=f"{fake.address}/in",
        webhook_secret=SECRET,
        webhook_sends=frozenset(sends.split()),
    )
    return GatewaySender(mail, seconds=lambda: 1_767_225_600.5)


def test_a_gateway_gets_each_message_with_a_signature_that_it_can_check() -> None:
    with gateway() as fake:
        sender(fake).send("a@example.org", "Your number", "Your number is 1234 5678\n")
        sender(fake).send("tel:+447700900982", "Your number", "Your number is é\n")
    first, second = fake.came
    assert first.path == "/in"
    assert first.headers["content-type"] == "application/json"
    assert first.headers[TIME_HEADER.lower()] == "1767225600"
    expected = hmac.new(SECRET, b"1767225600." + first.body, sha256).hexdigest()
    assert first.headers[SIGNATURE_HEADER.lower()] == f"v1={expected}"
    assert sign(SECRET, "1767225600", first.body) == f"v1={expected}"
    told = first.told
    assert told.pop("id") != second.told["id"]
    assert told == {
        "channel": "email",
        "to": "a@example.org",
        "subject": "Your number",
        "body": "Your number is 1234 5678\n",
    }
    assert (second.told["channel"], second.told["to"]) == ("text", "+447700900982")


@pytest.mark.parametrize("status", [302, 400, 401, 404, 500, 503])
def test_what_a_gateway_does_not_take_was_not_sent_and_goes_nowhere_else(status: int) -> None:
    with gateway() as fake, gateway() as other:
        fake.status, fake.location = status, f"{other.address}/elsewhere"
        with pytest.raises(NotSentError) as refused:
            sender(fake).send("a@example.org", "s", "b")
    assert not other.came
    assert "example.org" not in str(refused.value)


def test_what_a_gateway_was_not_asked_to_send_stays_here() -> None:
    with gateway() as fake, pytest.raises(NotSentError):
        sender(fake, "email").send("tel:+447700900982", "s", "b")
    assert not fake.came


def test_a_gateway_that_is_not_there_is_tried_again_later() -> None:
    with gateway() as fake:
        gone = sender(fake)
    with pytest.raises(NotSentError):
        gone.send("a@example.org", "s", "b")
