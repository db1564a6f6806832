"""Promises about passwords: slow to guess, and no rule that only annoys."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.accounts.passwords import Hasher, check_rules, new_password
from portal.errors import Refused

CHEAP = Hasher(memory_kib=64, passes=1, lanes=1)
OWNER = ("maria.okafor@example.org", "Maria Okafor")


def test_the_right_password_opens_and_another_does_not() -> None:
    kept = CHEAP.hash("three quiet otters")
    assert CHEAP.check("three quiet otters", kept)
    assert not CHEAP.check("three quiet otter", kept)


def test_an_unknown_name_is_refused_after_the_same_work_as_a_known_one() -> None:
    hasher = Hasher(memory_kib=16 * 1024, passes=3, lanes=1)
    kept = hasher.hash("three quiet otters")

    def quickest(hashed: str | None) -> float:
        times = []
        for _ in range(5):
            start = time.perf_counter()
            assert not hasher.check("wrong password here", hashed)
            times.append(time.perf_counter() - start)
        return min(times)

    assert quickest(None) > quickest(kept) / 3


def test_nobody_s_password_opens_an_unknown_account() -> None:
    assert not CHEAP.check("", None)


def test_a_damaged_hash_refuses_and_does_not_break() -> None:
    assert not CHEAP.check("three quiet otters", "damaged")


def test_the_same_password_opens_from_a_keyboard_that_composes_letters_differently() -> None:
    kept = CHEAP.hash("caf\u00e9 au lait blanc")
    assert CHEAP.check("cafe\u0301 au lait blanc", kept)


def test_a_hash_of_older_parameters_is_noticed() -> None:
    kept = CHEAP.hash("three quiet otters")
    assert Hasher(memory_kib=128, passes=2, lanes=1).is_outdated(kept)
    assert not CHEAP.is_outdated(kept)


def test_kept_hashes_follow_the_second_recommendation_of_rfc_9106() -> None:
    assert "$argon2id$v=19$m=65536,t=3,p=4$" in Hasher().hash("three quiet otters")


@pytest.mark.parametrize(
    "password",
    ["three quiet otters", "correct battery 7", "одиннадцать строк", "!!@@##$$%%^^&&", "x" * 4 * 4],
    ids=str,
)
def test_length_alone_makes_a_good_password_unless_it_is_a_pattern(password: str) -> None:
    if len(set(password)) < 5:
        with pytest.raises(Refused):
            check_rules(password, about=OWNER)
    else:
        check_rules(password, about=OWNER)


@pytest.mark.parametrize(
    ("password", "words"),
    [
        ("short words", "at least 12"),
        ("a b " * 51, "200 characters or shorter"),
        ("Password1234", "Many people"),
        ("qwertyuiopasdf", "Many people"),
        ("987654321098", "Many people"),
        ("ababababababab", "Many people"),
        ("Maria.Okafor@example.org", "too close"),
        ("MariaOkafor1!", "too close"),
        ("okafor-maria-99", "too close"),
    ],
)
def test_a_password_that_is_easy_to_guess_is_refused_with_what_to_change(
    password: str, words: str
) -> None:
    with pytest.raises(Refused, match=words):
        check_rules(password, about=OWNER)


def test_a_long_password_may_hold_the_owner_s_name() -> None:
    check_rules("maria walks four dogs at dawn", about=OWNER)


def test_a_password_made_for_somebody_follows_the_rules_and_is_new_each_time() -> None:
    made = {new_password() for _ in range(200)}
    assert len(made) == 200
    for password in made:
        check_rules(password, about=OWNER)


@given(st.text(st.characters(max_codepoint=0x24F), max_size=100))
def test_three_words_more_make_any_password_good_enough(start: str) -> None:
    check_rules(start + "three quiet otters", about=OWNER)
