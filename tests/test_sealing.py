"""Sealing: what is sealed opens only where it belongs, and only with the right key."""

import hashlib
import hmac
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.errors import Busy, Unavailable
from portal.sealing import TAG_BYTES, DataKey, Keyring, SlowHash, Tokens

OLD, NEW = hashlib.sha256(b"old").digest(), hashlib.sha256(b"new").digest()
DATA_KEY = DataKey(hashlib.sha256(b"data").digest())
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=8,
)


def fast(key: bytes) -> SlowHash:
    return SlowHash(key, memory_kib=64, passes=1)


@given(st.binary(), st.text())
def test_what_is_sealed_opens_again_in_its_own_place(plain: bytes, context: str) -> None:
    sealed = DATA_KEY.seal(plain, context)
    assert DATA_KEY.open(sealed, context) == plain
    assert len(sealed) == len(plain) + 29


@given(JSON)
def test_an_answer_comes_back_as_it_was_given(value: object) -> None:
    assert DATA_KEY.open_json(DATA_KEY.seal_json(value, "here"), "here") == value


@given(st.text(), st.text())
def test_a_sealed_value_moved_to_another_place_does_not_open(here: str, there: str) -> None:
    sealed = DATA_KEY.seal(b"words", here)
    if here != there:
        with pytest.raises(Unavailable):
            DATA_KEY.open(sealed, there)


def test_a_sealed_value_with_any_one_bit_changed_does_not_open() -> None:
    sealed = DATA_KEY.seal(b"words", "here")
    for bit in range(8 * len(sealed)):
        changed = bytearray(sealed)
        changed[bit // 8] ^= 1 << bit % 8
        with pytest.raises(Unavailable):
            DATA_KEY.open(bytes(changed), "here")


def test_a_sealed_value_cut_short_anywhere_does_not_open() -> None:
    keyring = Keyring({"new": NEW})
    sealed, alone = DATA_KEY.seal(b"words", "here"), keyring.seal_alone(b"words", "here")
    for length in range(len(sealed)):
        with pytest.raises(Unavailable):
            DATA_KEY.open(sealed[:length], "here")
    for length in range(len(alone)):
        with pytest.raises(Unavailable):
            keyring.open_alone(alone[:length], "here")


def test_sealing_the_same_words_twice_shows_no_likeness() -> None:
    first, second = DATA_KEY.seal(b"words", "here"), DATA_KEY.seal(b"words", "here")
    assert first[1:13] != second[1:13]
    assert first[13:] != second[13:]


def test_another_reports_key_opens_nothing() -> None:
    keyring = Keyring({"new": NEW})
    (mine, _), (theirs, _) = keyring.new_data_key(), keyring.new_data_key()
    with pytest.raises(Unavailable):
        theirs.open(mine.seal(b"words", "here"), "here")


def test_a_wrapped_key_is_not_the_key_and_opens_only_with_its_wrapping_key() -> None:
    data_key, wrapped = Keyring({"new": NEW}).new_data_key()
    assert len(wrapped) == 64
    assert data_key.key not in wrapped
    assert Keyring({"new": NEW}).unwrap(wrapped) == data_key
    for other in ({"new": OLD}, {"old": OLD}):
        with pytest.raises(Unavailable):
            Keyring(other).unwrap(wrapped)


def test_a_wrapped_key_with_any_one_bit_changed_does_not_open() -> None:
    keyring = Keyring({"new": NEW, "old": OLD})
    _, wrapped = keyring.new_data_key()
    for bit in range(8 * len(wrapped)):
        changed = bytearray(wrapped)
        changed[bit // 8] ^= 1 << bit % 8
        with pytest.raises(Unavailable):
            keyring.unwrap(bytes(changed))


def test_a_value_sealed_alone_carries_its_key_and_keeps_to_its_place() -> None:
    keyring = Keyring({"new": NEW})
    sealed = keyring.seal_alone(b"someone@example.org", "here")
    assert b"someone" not in sealed
    assert keyring.open_alone(sealed, "here") == b"someone@example.org"
    with pytest.raises(Unavailable):
        keyring.open_alone(sealed, "there")


def test_after_a_rotation_old_content_opens_and_the_new_key_wraps() -> None:
    before, after = Keyring({"old": OLD}), Keyring({"new": NEW, "old": OLD})
    data_key, wrapped = before.new_data_key()
    assert after.unwrap(wrapped) == data_key
    _, fresh = after.new_data_key()
    assert Keyring({"new": NEW}).unwrap(fresh)
    with pytest.raises(Unavailable):
        before.unwrap(fresh)


def test_rewrapping_frees_content_from_the_old_key_without_sealing_it_again() -> None:
    before, after = Keyring({"old": OLD}), Keyring({"new": NEW, "old": OLD})
    data_key, wrapped = before.new_data_key()
    sealed = data_key.seal(b"words", "here")
    rewrapped = after.rewrap(wrapped)
    without_old = Keyring({"new": NEW})
    assert without_old.unwrap(rewrapped).open(sealed, "here") == b"words"
    assert after.rewrap(rewrapped) == rewrapped


@pytest.mark.parametrize("keys", [{}, {"short": b"x" * 31}, {"good": NEW, "long": b"x" * 33}])
def test_a_keyring_without_whole_keys_is_not_made(keys: dict[str, bytes]) -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        Keyring(keys)


def test_no_key_shows_itself_in_a_log_or_a_trace() -> None:
    for holder in (
        DataKey(NEW),
        Keyring({"name of it": NEW}),
        Tokens(NEW),
        fast(NEW),
    ):
        for shown in (repr(holder), str(holder), f"{holder!r}"):
            assert repr(NEW)[2:-1] not in shown
            assert NEW.hex() not in shown
            assert "name of it" not in shown


@given(st.text(), st.text())
def test_tokens_tell_equal_values_and_nothing_else(left: str, right: str) -> None:
    tokens = Tokens(NEW)
    same = tokens.token("reference", left) == tokens.token("reference", right)
    assert same == (left == right)
    assert len(tokens.token("reference", left)) == 16


def test_one_value_of_two_kinds_or_under_two_keys_gives_two_tokens() -> None:
    tokens = Tokens(NEW)
    assert tokens.token("reference", "54/1/26") != tokens.token("incident", "54/1/26")
    assert tokens.token("reference", "54/1/26") != Tokens(OLD).token("reference", "54/1/26")


def test_a_return_code_is_found_again_by_its_hash_only_with_the_key() -> None:
    one, again, other = fast(NEW), fast(NEW), fast(OLD)
    assert one.digest(b"code") == again.digest(b"code")
    assert one.digest(b"code") != one.digest(b"Code")
    assert one.digest(b"code") != other.digest(b"code")
    assert len(one.digest(b"code")) == 32
    assert b"code" not in one.digest(b"code")


def test_a_hash_depends_on_how_slow_it_is_made() -> None:
    assert SlowHash(NEW, 64, 1).digest(b"code") != SlowHash(NEW, 128, 1).digest(b"code")


def test_many_people_opening_at_once_each_get_their_own_hash() -> None:
    hashed = fast(NEW)
    expected = {number: hashed.digest(b"%d" % number) for number in range(20)}
    start = threading.Barrier(10)

    def work(number: int) -> bytes:
        if number < 10:
            start.wait(timeout=10)
        return hashed.digest(b"%d" % number)

    with ThreadPoolExecutor(10) as workers:
        assert dict(enumerate(workers.map(work, range(20)))) == expected


def test_a_flood_is_told_to_try_again_and_stops_nobody_for_good() -> None:
    hashed = SlowHash(NEW, 64, 1, longest_wait=0.01)
    for _ in range(2):
        hashed._turns.acquire()
    with pytest.raises(Busy, match="try again"):
        hashed.digest(b"code")
    hashed._turns.release()
    assert hashed.digest(b"code") == fast(NEW).digest(b"code")


def test_a_right_code_waits_its_turn_for_up_to_two_seconds() -> None:
    hashed = fast(NEW)
    assert hashed.longest_wait == 2
    for _ in range(2):
        hashed._turns.acquire()
    threading.Timer(0.2, hashed._turns.release).start()
    assert len(hashed.digest(b"code")) == 32


def test_a_tag_is_told_at_once_and_needs_the_key() -> None:
    hashed = fast(NEW)
    for _ in range(2):
        hashed._turns.acquire()
    assert len(hashed.tag(b"code")) == TAG_BYTES
    assert hashed.tag(b"code") == fast(NEW).tag(b"code")
    assert hashed.tag(b"code") not in {hashed.tag(b"kode"), fast(OLD).tag(b"code")}


def test_a_tag_gives_away_no_part_of_the_hash() -> None:
    hashed = fast(NEW)
    assert hashed.tag(b"code") not in hashed.digest(b"code")
    assert hashed.tag(b"code") not in hmac.digest(NEW, b"code", "sha256")


def test_a_code_that_is_sent_again_waits_for_nobody() -> None:
    hashed = SlowHash(NEW, 64, 1, longest_wait=0.01)
    known = hashed.digest_typed(b"code")
    for _ in range(2):
        hashed._turns.acquire()
    assert hashed.digest_typed(b"code") == known == fast(NEW).digest(b"code")
    with pytest.raises(Busy):
        hashed.digest_typed(b"another")


def test_a_slow_hash_gives_a_seed_beside_the_hash_and_neither_tells_the_other() -> None:
    hashed = SlowHash(NEW, 64, 1)
    first, again, other = (hashed.derive(secret) for secret in (b"code", b"code", b"other"))
    assert first == again
    assert first.digest == hashed.digest(b"code")
    assert len({first.digest, first.seed, other.digest, other.seed}) == 4
    assert len(first.seed) == 32
    assert SlowHash(OLD, 64, 1).derive(b"code").seed != first.seed
    assert first.seed.hex() not in repr(first)
    assert repr(first.seed) not in repr(first)


def test_a_binding_fits_its_parts_its_purpose_and_its_key_and_nothing_else() -> None:
    key = DataKey(NEW)
    bound = key.bind("code", b"report", b"hash")
    assert len(bound) == 32
    assert bound == key.bind("code", b"report", b"hash")
    others = [
        key.bind("visit", b"report", b"hash"),
        key.bind("code", b"reporth", b"ash"),
        key.bind("code", b"report", b"hash", b""),
        DataKey(OLD).bind("code", b"report", b"hash"),
    ]
    assert bound not in others


@pytest.mark.parametrize("key", [b"", b"k" * 32, b"k" * 64, b"k" * 100])
def test_a_number_is_the_beginning_of_the_same_keyed_hash(key: bytes) -> None:
    whole = hmac.digest(key, "name\x00añn".encode(), "sha256")
    expected = int.from_bytes(whole[:8], "big", signed=True)
    assert [Tokens(key).number("name", "añn") for _ in range(2)] == [expected] * 2
