"""How messages leave, read from the environment: one way, or none, and never two at once."""

import base64
import binascii
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

NOTIFY_URL = "https://api.notifications.service.gov.uk"
_WAYS = {
    "ON_RECORD_SMTP_HOST": "a mail server",
    "ON_RECORD_MAIL_FOLDER": "a folder",
    "ON_RECORD_NOTIFY_KEY": "GOV.UK Notify",
    "ON_RECORD_WEBHOOK_URL": "an office's own gateway",
    "ON_RECORD_MAIL": "none",
}
_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_NOTIFY_KEY = re.compile(rf".*{_UUID.pattern}-{_UUID.pattern}")
_LEAST_SECRET_BYTES = 32
_HERE = frozenset({"127.0.0.1", "localhost", "::1"})
_ON = frozenset({"email", "text"})


@dataclass(frozen=True)
class Mail:
    """Where messages leave: a mail server, GOV.UK Notify, a gateway, files in a folder, or nowhere.

    `notify_email` and `notify_text` are ids of templates with the places `subject` and `body`
    (a text has `body` alone); without one, nothing leaves that way. `webhook_sends` names what
    the gateway takes: "email", "text" or both.
    """

    host: str = ""
    port: int = 25
    sender: str = ""
    username: str = ""
    password: str = field(default="", repr=False)
    folder: Path | None = None
    notify_key: str = field(default="", repr=False)
    notify_email: str = ""
    notify_text: str = ""
    notify_url: str = NOTIFY_URL
    webhook_url: str = ""
    webhook_secret: bytes = field(default=b"", repr=False)
    webhook_sends: frozenset[str] = frozenset()

    @property
    def sends(self) -> frozenset[str]:
        """What can leave: "email", "text", both or neither."""
        if self.folder is not None:
            return _ON
        if self.notify_key:
            ways = {"email": self.notify_email, "text": self.notify_text}
            return frozenset(way for way, template in ways.items() if template)
        if self.webhook_url:
            return self.webhook_sends
        return frozenset({"email"}) if self.host else frozenset()


def read_mail(env: Mapping[str, str]) -> tuple[Mail, list[str]]:
    """The way that ON_RECORD_* variables name, and what is wrong with them, in words."""
    faults = [*_choice_faults(env), *_notify_faults(env), *_webhook_faults(env)]
    port = env.get("ON_RECORD_SMTP_PORT", "25")
    if not port.isdecimal():
        faults.append("ON_RECORD_SMTP_PORT is not a number.")
    if faults:
        return Mail(), faults
    folder = env.get("ON_RECORD_MAIL_FOLDER")
    return (
        Mail(
            host=env.get("ON_RECORD_SMTP_HOST", ""),
            port=int(port),
            sender=env.get("ON_RECORD_MAIL_SENDER", ""),
            username=env.get("ON_RECORD_SMTP_USERNAME", ""),
            password=env.get("ON_RECORD_SMTP_PASSWORD", ""),
            folder=Path(folder) if folder else None,
            notify_key=env.get("ON_RECORD_NOTIFY_KEY", ""),
            notify_email=env.get("ON_RECORD_NOTIFY_EMAIL_TEMPLATE", ""),
            notify_text=env.get("ON_RECORD_NOTIFY_TEXT_TEMPLATE", ""),
            notify_url=env.get("ON_RECORD_NOTIFY_URL") or NOTIFY_URL,
            webhook_url=env.get("ON_RECORD_WEBHOOK_URL", ""),
            webhook_secret=_secret(env),
            webhook_sends=frozenset(env.get("ON_RECORD_WEBHOOK_SENDS", "email").split()),
        ),
        [],
    )


def _choice_faults(env: Mapping[str, str]) -> list[str]:
    chosen = [name for name in _WAYS if env.get(name)]
    if not chosen:
        return [
            "ON_RECORD_MAIL is not set, and neither is ON_RECORD_SMTP_HOST, ON_RECORD_NOTIFY_KEY, "
            "ON_RECORD_WEBHOOK_URL or ON_RECORD_MAIL_FOLDER: say how messages leave, or "
            "ON_RECORD_MAIL=off to send none."
        ]
    if len(chosen) > 1:
        return [f"{' and '.join(chosen)} are both set: choose one way in which messages leave."]
    return []


def _notify_faults(env: Mapping[str, str]) -> list[str]:
    key = env.get("ON_RECORD_NOTIFY_KEY", "")
    templates = ("ON_RECORD_NOTIFY_EMAIL_TEMPLATE", "ON_RECORD_NOTIFY_TEXT_TEMPLATE")
    named = [name for name in (*templates, "ON_RECORD_NOTIFY_URL") if env.get(name)]
    if not key:
        return [f"{name} is set without ON_RECORD_NOTIFY_KEY." for name in named]
    faults = []
    if not _NOTIFY_KEY.fullmatch(key):
        faults.append("ON_RECORD_NOTIFY_KEY is not a key of GOV.UK Notify.")
    if not env.get(templates[0]):
        faults.append(f"{templates[0]} is not set: staff get their notices by e-mail.")
    faults += [
        f"{name} is not the id of a template."
        for name in templates
        if env.get(name) and not _UUID.fullmatch(env[name])
    ]
    if env.get("ON_RECORD_NOTIFY_URL") and not _is_safe(env["ON_RECORD_NOTIFY_URL"]):
        faults.append("ON_RECORD_NOTIFY_URL is not an https address.")
    return faults


def _webhook_faults(env: Mapping[str, str]) -> list[str]:
    url = env.get("ON_RECORD_WEBHOOK_URL", "")
    if not url:
        more = ("ON_RECORD_WEBHOOK_SECRET", "ON_RECORD_WEBHOOK_SENDS")
        return [f"{name} is set without ON_RECORD_WEBHOOK_URL." for name in more if env.get(name)]
    faults = []
    if not _is_safe(url):
        faults.append("ON_RECORD_WEBHOOK_URL is not an https address.")
    if len(_secret(env)) < _LEAST_SECRET_BYTES:
        faults.append("ON_RECORD_WEBHOOK_SECRET is not 32 random bytes or more, in base64.")
    sends = set(env.get("ON_RECORD_WEBHOOK_SENDS", "email").split())
    if not sends or not sends <= _ON or "email" not in sends:
        faults.append("ON_RECORD_WEBHOOK_SENDS is neither 'email' nor 'email text'.")
    return faults


def _is_safe(url: str) -> bool:
    """Whether nobody on the way can read what is sent there: https, or this very machine."""
    try:
        parts = urlsplit(url)
        host = parts.hostname
    except ValueError:
        return False
    return bool(host) and (parts.scheme == "https" or (parts.scheme == "http" and host in _HERE))


def _secret(env: Mapping[str, str]) -> bytes:
    try:
        return base64.b64decode(env.get("ON_RECORD_WEBHOOK_SECRET", ""), validate=True)
    except (binascii.Error, ValueError):
        return b""
