"""Messages leave in one way: settings that contradict themselves do not start."""

import base64
from pathlib import Path

import pytest

from portal.mail_settings import NOTIFY_URL, Mail, read_mail

SECRET = base64.b64encode(bytes(range(32))).decode()
KEY = "office-11111111-2222-3333-4444-555555555555-66666666-7777-8888-9999-000000000000"
TEMPLATE = "aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee"
NOTIFY = {"ON_RECORD_NOTIFY_KEY": KEY, "ON_RECORD_NOTIFY_EMAIL_TEMPLATE": TEMPLATE}
HOOK = {
    "ON_RECORD_WEBHOOK_URL": "https://gateway.example/in",
    "ON_RECORD_WEBHOOK_SECRET": SECRET,
}


@pytest.mark.parametrize(
    ("env", "sends"),
    [
        ({"ON_RECORD_MAIL": "off"}, set()),
        ({"ON_RECORD_SMTP_HOST": "mail.example"}, {"email"}),
        ({"ON_RECORD_MAIL_FOLDER": "/somewhere"}, {"email", "text"}),
        (NOTIFY, {"email"}),
        (NOTIFY | {"ON_RECORD_NOTIFY_TEXT_TEMPLATE": TEMPLATE}, {"email", "text"}),
        (HOOK, {"email"}),
        (HOOK | {"ON_RECORD_WEBHOOK_SENDS": "email text"}, {"email", "text"}),
    ],
)
def test_each_way_says_what_can_leave_by_it(env: dict[str, str], sends: set[str]) -> None:
    mail, faults = read_mail(env)
    assert not faults
    assert mail.sends == sends


def test_a_way_is_read_whole() -> None:
    assert read_mail(NOTIFY)[0] == Mail(
        notify_key=KEY,
        notify_email=TEMPLATE,
        notify_url=NOTIFY_URL,
        webhook_sends={"email"},  # type: ignore[arg-type]
    )
    assert read_mail({"ON_RECORD_MAIL_FOLDER": "/x"})[0].folder == Path("/x")
    assert read_mail(HOOK)[0].webhook_secret == bytes(range(32))


@pytest.mark.parametrize(
    ("env", "said"),
    [
        ({}, "say how messages leave"),
        (NOTIFY | {"ON_RECORD_MAIL": "off"}, "choose one way"),
        (NOTIFY | HOOK, "choose one way"),
        ({"ON_RECORD_SMTP_HOST": "a", "ON_RECORD_MAIL_FOLDER": "b"}, "choose one way"),
        ({"ON_RECORD_NOTIFY_KEY": KEY}, "staff get their notices by e-mail"),
        (NOTIFY | {"ON_RECORD_NOTIFY_KEY": "short"}, "is not a key of GOV.UK Notify"),
        (NOTIFY | {"ON_RECORD_NOTIFY_TEXT_TEMPLATE": "x"}, "is not the id of a template"),
        (NOTIFY | {"ON_RECORD_NOTIFY_URL": "http://notify.example"}, "is not an https address"),
        (
            {"ON_RECORD_MAIL": "off", "ON_RECORD_NOTIFY_TEXT_TEMPLATE": TEMPLATE},
            "without ON_RECORD_NOTIFY_KEY",
        ),
        (
            {"ON_RECORD_MAIL": "off", "ON_RECORD_WEBHOOK_SECRET": SECRET},
            "without ON_RECORD_WEBHOOK_URL",
        ),
        (HOOK | {"ON_RECORD_WEBHOOK_URL": "http://gateway.example"}, "is not an https address"),
        (HOOK | {"ON_RECORD_WEBHOOK_URL": "https://["}, "is not an https address"),
        (HOOK | {"ON_RECORD_WEBHOOK_SECRET": "c2hvcnQ="}, "is not 32 random bytes"),
        (HOOK | {"ON_RECORD_WEBHOOK_SECRET": "%"}, "is not 32 random bytes"),
        (HOOK | {"ON_RECORD_WEBHOOK_SENDS": "text"}, "is neither"),
        ({"ON_RECORD_SMTP_HOST": "a", "ON_RECORD_SMTP_PORT": "x"}, "is not a number"),
    ],
)
def test_what_contradicts_itself_is_said_and_no_secret_is_repeated(
    env: dict[str, str], said: str
) -> None:
    mail, faults = read_mail(env)
    assert said in " ".join(faults)
    assert mail == Mail()
    assert SECRET not in " ".join(faults)
    assert KEY not in " ".join(faults)


def test_a_gateway_on_this_very_machine_needs_no_https() -> None:
    assert not read_mail(HOOK | {"ON_RECORD_WEBHOOK_URL": "http://127.0.0.1:9/in"})[1]


def test_secrets_are_never_printed() -> None:
    shown = repr(read_mail(HOOK)[0]) + repr(read_mail(NOTIFY)[0])
    assert KEY not in shown
    assert repr(bytes(range(32))) not in shown
