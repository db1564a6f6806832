"""Promises about GOV.UK Notify: by the office's templates, and nothing of an answer is repeated."""

import json
import logging

import pytest

from portal.config import Mail
from portal.notifications.govuk_notify import NotifySender
from portal.notifications.leaving import NotSentError
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
