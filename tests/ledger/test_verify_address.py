"""The digits in a QR code's address are a receipt like any other, and have one form only."""

import base64
import json
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.ledger import verify
from portal.ledger.verify import (
    NOT_PROVED,
    PROVED,
    SIGNER_UNKNOWN,
    UNREADABLE,
    NotProved,
    Unreadable,
    judge,
    judge_address,
    read_address,
)
from tests.rig.address import HOME, to_address, to_digits, to_raw
from tests.rig.after import COSIGNED, EARLIER, cosigned_note, make_after_file
from tests.rig.ledger import make_file, make_note, make_policy

TWO = make_policy("group two 2 pcc inspector court", quorum="two")
RECEIPT = json.loads(make_file({"kind", "at"}, make_note(cosigned=COSIGNED)))
RAW = to_raw(RECEIPT)


def test_an_address_is_judged_as_the_file_that_it_was_made_of() -> None:
    for names in ({"kind", "after"}, {"kind"}, None):
        data = make_after_file(cosigned_note(EARLIER), names=names)
        address = to_address(json.loads(data))
        for policy in (TWO, make_policy(), None):
            assert judge_address(address, policy) == judge(data, policy)


def test_it_is_read_back_as_it_was() -> None:
    found = read_address(to_address(RECEIPT))
    assert found["fields"] == RECEIPT["fields"]
    assert found["proof"] == RECEIPT["proof"]
    assert sorted(found["hidden"]) == sorted(RECEIPT["hidden"])


def test_digits_alone_and_blanks_around_them_are_taken() -> None:
    digits = to_digits(RAW)
    for text in (digits, f"  {HOME}{digits}\r\n", f"http://localhost/x#{digits}"):
        assert judge_address(text, TWO).code == PROVED
    assert judge_address(HOME + digits).code == SIGNER_UNKNOWN


def test_a_changed_value_is_caught() -> None:
    verdict = judge_address(HOME + to_digits(RAW.replace(b"2026", b"2025")), TWO)
    assert verdict.code == NOT_PROVED
    assert "The fields do not give the entry" in verdict.summary


def not_sorted() -> bytes:
    one, two = sorted(base64.b64decode(each) for each in RECEIPT["hidden"])[:2]
    return RAW.replace(one + two, two + one)


@pytest.mark.parametrize(
    "digits",
    [
        "0",
        "12",
        "257" + "0" * 10,
        to_digits(RAW) + "000",
        to_digits(RAW)[:-1],
        to_digits(RAW)[:-13],
        "9" * 13 + to_digits(RAW)[13:],
        to_digits(RAW).replace("0", "\u0660"),
        "+" + to_digits(RAW)[1:],
        to_digits(b"\0" + RAW[1:]),
        to_digits(b"\2" + RAW[1:]),
        to_digits(RAW + b"\0"),
        to_digits(RAW.replace(b'\x00\x0b"submitted"', b'\x00\x0c"submitted" ')),
        to_digits(RAW.replace(b"\x04kind", b"\x04k\xffnd")),
        to_digits(RAW[:-1] + b"\xff"),
        to_digits(not_sorted()),
        "0" * 1_000_001,
    ],
)
def test_what_is_not_written_in_the_one_right_way_is_not_read(digits: str) -> None:
    with pytest.raises(Unreadable, match="does not hold a whole receipt"):
        read_address(HOME + digits)
    assert judge_address(HOME + digits, TWO).code == UNREADABLE


@pytest.mark.parametrize("address", ["", HOME, HOME[:-1], f" {HOME}\r\n"])
def test_an_address_without_its_digits_is_called_that(address: str) -> None:
    assert "lacks the digits after the #" in judge_address(address, TWO).summary


def test_every_address_that_is_cut_short_is_refused() -> None:
    for end in range(len(RAW)):
        assert judge_address(to_digits(RAW[:end]), TWO).code == UNREADABLE


@given(st.binary(min_size=1, max_size=40))
def test_digits_give_back_the_bytes_that_they_stand_for(raw: bytes) -> None:
    assert verify._from_digits(to_digits(raw)) == raw


@given(st.text(alphabet="0123456789", max_size=60))
def test_no_two_rows_of_digits_stand_for_the_same_bytes(digits: str) -> None:
    try:
        raw = verify._from_digits(digits)
    except Unreadable:
        return
    assert to_digits(raw) == digits


@given(st.binary(max_size=60), st.integers(0, len(RAW)), st.integers(0, 40))
def test_no_bytes_make_the_reader_fail(junk: bytes, place: int, width: int) -> None:
    raw = RAW[:place] + junk + RAW[place + width :]
    try:
        found = read_address(to_digits(raw))
    except (Unreadable, NotProved):
        assert judge_address(to_digits(raw), TWO).code in (UNREADABLE, NOT_PROVED)
    else:
        assert to_raw(found) == raw


def test_the_command_takes_an_address_instead_of_a_file(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    policy = tmp_path_factory.mktemp("desk") / "policy"
    policy.write_bytes(TWO)
    command = [sys.executable, "-I", "-S", verify.__file__]
    address = ["--address", to_address(RECEIPT)]
    runs = {
        (*address, "--policy", str(policy)): 0,
        (*address,): 3,
        ("--address", "x", "--policy", str(policy)): 2,
        (str(policy), *address): 2,
        ("--policy", str(policy)): 2,
    }
    for arguments, code in runs.items():
        done = subprocess.run([*command, *arguments], capture_output=True, text=True, check=False)
        assert done.returncode == code, done.stdout + done.stderr
        assert "Traceback" not in done.stderr
