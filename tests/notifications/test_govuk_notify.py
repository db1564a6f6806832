"""Promises about GOV.UK Notify: by the office's templates, and nothing of an answer is repeated."""

import json
import logging

import pytest

from portal.config import Mail
from portal.notifications.govuk_notify import NotifySender
from portal.notifications.leaving import NeverArrivesError, NotSentError
from tests.rig.gateways import Fake, gateway

KEY = "office-11111111-2222-3333-4444-555555555555-66666666-7777-8888-9999-000000000000"


def sender(fake: Fake, text: str = "text-template") -> NotifySender:
    return NotifySender(
        Mail(
            notify_key=KEY,
            notify_email="email-template",
            notify_text=text,
            notify_url=fake.address,
        )
    )


def test_an_email_and_a_text_leave_by_their_templates() -> None:
    with gateway() as fake:
        notify = sender(fake)
        notify.send("a@example.org", "Your number", "Your number is 1234 5678\n")
        notify.send("tel:+447700900982", "Your number", "Your number is 1234 5678\n")
    email, text = fake.came
    assert email.path == "/v2/notifications/email"
    assert email.told == {
        "email_address": "a@example.org",
        "template_id": "email-template",
        "personalisation": {"subject": "Your number", "body": "Your number is 1234 5678\n"},
    }
    assert email.headers["authorization"].startswith("Bearer ")
    assert text.path == "/v2/notifications/sms"
    assert text.told["phone_number"] == "+447700900982"
    assert text.told["personalisation"] == {"body": "Your number is 1234 5678\n"}


@pytest.mark.parametrize("status", [400, 403, 429, 500])
def test_what_notify_refuses_was_not_sent_and_no_log_repeats_the_address(
    status: int, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    with gateway() as fake:
        fake.status = status
        error = {"error": "ValidationError", "message": "narwhal@example.org is not right"}
        fake.answer = json.dumps({"errors": [error], "status_code": status}).encode()
        with pytest.raises(NotSentError) as refused:
            sender(fake).send("narwhal@example.org", "s", "b")
    assert "narwhal" not in str(refused.value)
    assert "narwhal" not in caplog.text


def test_an_answer_that_is_no_json_and_a_server_that_is_gone_are_tried_again() -> None:
    with gateway() as fake:
        fake.answer = b"<html>"
        with pytest.raises(NotSentError):
            sender(fake).send("a@example.org", "s", "b")
    with pytest.raises(NotSentError):
        sender(fake).send("a@example.org", "s", "b")


def test_without_a_template_for_texts_none_leaves() -> None:
    with gateway() as fake, pytest.raises(NotSentError):
        sender(fake, text="").send("tel:+447700900982", "s", "b")
    assert not fake.came


def test_the_id_of_a_message_asks_what_became_of_it_and_one_word_is_read() -> None:
    with gateway() as fake:
        fake.answer = b'{"id": "740e5834-3a29-46b4-9a6f-16142fde533a"}'
        reference = sender(fake).send("a@example.org", "s", "b")
        assert reference == "740e5834-3a29-46b4-9a6f-16142fde533a"
        fake.status = 200
        fake.answer = b'{"status": "permanent-failure", "email_address": "a@example.org"}'
        assert sender(fake).delivery(reference) == "never"
    assert fake.came[1].path == f"/v2/notifications/{reference}"
    assert fake.came[1].body == b""


@pytest.mark.parametrize(
    ("status", "became"),
    [
        ("created", "unknown"),
        ("sending", "unknown"),
        ("delivered", "arrived"),
        ("permanent-failure", "never"),
        ("temporary-failure", "lost"),
        ("technical-failure", "lost"),
        ("something-new", "unknown"),
        (None, "unknown"),
    ],
)
def test_each_status_says_what_became_of_it(status: str | None, became: str) -> None:
    with gateway() as fake:
        fake.status, fake.answer = 200, json.dumps({"status": status}).encode()
        assert sender(fake).delivery("1") == became


@pytest.mark.parametrize(
    ("status", "answer", "became"),
    [
        (404, b'{"errors": [{"error": "NoResultFound", "message": "No result"}]}', "arrived"),
        (403, b"{}", "unknown"),
        (500, b"{}", "unknown"),
        (200, b"<html>", "unknown"),
        (200, b"[]", "unknown"),
    ],
)
def test_what_cannot_be_told_is_not_known_and_what_is_forgotten_is_not_asked_again(
    status: int, answer: bytes, became: str
) -> None:
    with gateway() as fake:
        fake.status, fake.answer = status, answer
        assert sender(fake).delivery("1") == became


def test_a_service_that_is_not_there_can_tell_nothing() -> None:
    with gateway() as fake:
        gone = sender(fake)
    assert gone.delivery("1") == "unknown"


@pytest.mark.parametrize(
    ("status", "error", "message", "never"),
    [
        (400, "ValidationError", "email_address Not a valid email address", True),
        (400, "ValidationError", "phone_number Must not contain letters or symbols", True),
        (400, "ValidationError", "template_id is not a valid UUID", False),
        (400, "BadRequestError", "Missing personalisation: body", False),
        (400, "BadRequestError", "Can’t send to this recipient using a team-only API key", False),
        (403, "AuthError", "email_address Invalid token", False),
        (429, "RateLimitError", "Exceeded rate limit", False),
    ],
)
def test_only_an_address_that_is_none_is_refused_for_good(
    status: int, error: str, message: str, never: bool
) -> None:
    with gateway() as fake:
        fake.status = status
        told = {"errors": [{"error": error, "message": message}], "status_code": status}
        fake.answer = json.dumps(told).encode()
        with pytest.raises(NotSentError) as refused:
            sender(fake).send("a@example.org", "s", "b")
    assert isinstance(refused.value, NeverArrivesError) == never
