"""Settings: what is missing or weak is named in one message, and nothing starts without it."""

import base64
import hashlib
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from portal.config import Settings
from portal.errors import Misconfigured
from portal.sealing import Keyring

SECRETS = (
    "ON_RECORD_COOKIE_KEY",
    "ON_RECORD_SEALING_KEY",
    "ON_RECORD_TOKEN_KEY",
    "ON_RECORD_CODE_KEY",
    "ON_RECORD_LEDGER_KEY",
)
PLAIN = {
    "ON_RECORD_DATABASE_URL": "sqlite:///somewhere/on-record.sqlite",
    "ON_RECORD_PUBLIC_URL": "https://record.example/",
    "ON_RECORD_LEDGER_NAME": "record.example/log",
    "ON_RECORD_MAIL": "off",
}


def strong(seed: str) -> str:
    """A key that looks random and is the same in every run."""
    return base64.b64encode(hashlib.sha256(seed.encode()).digest()).decode()


def environment(**changes: str) -> dict[str, str]:
    """Everything that an installation needs, with these variables changed."""
    return {name: strong(name) for name in SECRETS} | PLAIN | changes


def faults(env: dict[str, str]) -> str:
    """What an operator reads when the site does not start."""
    with pytest.raises(Misconfigured) as refusal:
        Settings.from_environment(env)
    return refusal.value.message


def test_a_complete_environment_starts_and_each_key_goes_to_its_own_use() -> None:
    settings = Settings.from_environment(environment())
    used = {
        "ON_RECORD_COOKIE_KEY": settings.cookie_key,
        "ON_RECORD_SEALING_KEY": next(iter(settings.sealing_keys.values())),
        "ON_RECORD_TOKEN_KEY": settings.token_key,
        "ON_RECORD_CODE_KEY": settings.code_key,
        "ON_RECORD_LEDGER_KEY": settings.ledger_keys[0],
    }
    assert {name: base64.b64encode(key).decode() for name, key in used.items()} == {
        name: strong(name) for name in SECRETS
    }
    assert settings.public_url == "https://record.example"
    assert settings.secure_cookies
    assert not settings.demonstration


def test_an_operator_reads_everything_that_is_missing_at_once() -> None:
    said = faults({})
    for name in (*SECRETS, *PLAIN):
        assert f"{name} is not set" in said
    assert said.count("does not start") == 1


@pytest.mark.parametrize("name", [*SECRETS, *PLAIN])
def test_nothing_starts_without_any_one_of_them_and_only_that_one_is_named(name: str) -> None:
    said = faults(environment(**{name: ""}))
    assert [one for one in (*SECRETS, *PLAIN) if one in said] == [name]


@pytest.mark.parametrize(
    ("weak", "why"),
    [
        ("not base64!", "is not base64"),
        (base64.b64encode(b"short").decode(), "is 5 bytes long"),
        (base64.b64encode(bytes(range(33))).decode(), "is 33 bytes long"),
        (base64.b64encode(bytes(32)).decode(), "is too regular"),
        (base64.b64encode(b"passwordpasswordpasswordpassword").decode(), "is too regular"),
    ],
)
@pytest.mark.parametrize("name", SECRETS)
def test_a_weak_key_is_refused_by_name_and_never_repeated(name: str, weak: str, why: str) -> None:
    said = faults(environment(**{name: weak}))
    assert f"{name} {why}" in said
    assert weak not in said


def test_one_key_for_two_purposes_is_refused() -> None:
    shared = strong("shared")
    said = faults(environment(ON_RECORD_TOKEN_KEY=shared, ON_RECORD_CODE_KEY=shared))
    assert "Two of the keys are the same" in said
    assert shared not in said


def test_weak_missing_and_doubled_keys_are_told_in_one_message() -> None:
    shared = strong("shared")
    said = faults(
        environment(
            ON_RECORD_COOKIE_KEY="",
            ON_RECORD_SEALING_KEY="x",
            ON_RECORD_TOKEN_KEY=shared,
            ON_RECORD_CODE_KEY=shared,
            ON_RECORD_SMTP_PORT="post",
        )
    )
    assert "ON_RECORD_COOKIE_KEY is not set" in said
    assert "ON_RECORD_SEALING_KEY is not base64" in said
    assert "Two of the keys are the same" in said
    assert "ON_RECORD_SMTP_PORT is not a number" in said


def test_older_sealing_keys_still_open_and_the_configured_one_seals() -> None:
    older = Settings.from_environment(environment(ON_RECORD_SEALING_KEY=strong("old")))
    newer = Settings.from_environment(environment(ON_RECORD_OLDER_SEALING_KEYS=strong("old")))
    sealed = Keyring(older.sealing_keys).seal_alone(b"words", "here")
    assert Keyring(newer.sealing_keys).open_alone(sealed, "here") == b"words"
    _, wrapped = Keyring(newer.sealing_keys).new_data_key()
    alone = Settings.from_environment(environment())
    assert Keyring(alone.sealing_keys).unwrap(wrapped)


def test_a_weak_older_sealing_key_is_refused() -> None:
    said = faults(environment(ON_RECORD_OLDER_SEALING_KEYS=f"{strong('old')} AAAA"))
    assert "ON_RECORD_OLDER_SEALING_KEYS" in said


def test_settings_never_show_a_key_or_a_password() -> None:
    settings = Settings.from_environment(
        environment(
            ON_RECORD_MAIL="",
            ON_RECORD_SMTP_HOST="mail.example",
            ON_RECORD_SMTP_PASSWORD="tell nobody",
        )
    )
    shown = repr(settings)
    keys = [settings.cookie_key, settings.token_key, settings.code_key, settings.ledger_keys[0]]
    for key in [*keys, *settings.sealing_keys.values()]:
        assert repr(key) not in shown
        assert key.hex() not in shown
    assert "tell nobody" not in shown
    assert settings.mail.password == "tell nobody"


def test_a_demonstration_keeps_its_secrets_across_restarts(tmp_path: Path) -> None:
    env = {"ON_RECORD_DEMONSTRATION": "1", "ON_RECORD_INSTANCE": str(tmp_path / "kept")}
    first, second = Settings.from_environment(env), Settings.from_environment(env)
    assert first == second
    assert first.demonstration
    other = Settings.for_demonstration(tmp_path / "elsewhere")
    assert other.sealing_keys != first.sealing_keys


def test_nobody_else_on_the_machine_reads_a_demonstrations_secrets(tmp_path: Path) -> None:
    Settings.for_demonstration(tmp_path)
    kept = list(tmp_path.iterdir())
    assert len(kept) == 1
    assert stat.S_IMODE(kept[0].stat().st_mode) == 0o600


def test_two_first_starts_at_once_agree_on_one_set_of_secrets(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as workers:
        made = list(workers.map(lambda _: Settings.for_demonstration(tmp_path), range(16)))
    assert all(one == made[0] for one in made)


def test_a_demonstration_gives_every_purpose_its_own_key(tmp_path: Path) -> None:
    made = Settings.for_demonstration(tmp_path)
    keys = [made.cookie_key, made.token_key, made.code_key, made.ledger_keys[0]]
    assert len({*keys, *made.sealing_keys.values()}) == 5


def test_an_installation_says_how_messages_leave_or_that_none_do() -> None:
    with pytest.raises(Misconfigured, match="ON_RECORD_MAIL=off"):
        Settings.from_environment(environment(ON_RECORD_MAIL=""))


def test_the_keys_of_forces_that_share_no_names_come_by_name_the_newest_first() -> None:
    keys = f"2026-2:{strong('new')} 2026-1:{strong('old')}"
    settings = Settings.from_environment(environment(ON_RECORD_SHARED_KEYS=keys))
    assert list(settings.shared_keys) == ["2026-2", "2026-1"]
    assert len(settings.shared_keys["2026-1"]) == 32
    assert Settings.from_environment(environment()).shared_keys == {}


@pytest.mark.parametrize("told", ["AAAA", ":{}", "a:{} a:{}", "a:AAAA", "a"])
def test_a_shared_key_without_a_name_or_of_little_chance_stops_the_start(told: str) -> None:
    assert "ON_RECORD_SHARED_KEYS" in faults(
        environment(ON_RECORD_SHARED_KEYS=told.replace("{}", strong("old")))
    )
