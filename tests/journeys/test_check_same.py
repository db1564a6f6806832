"""The page and the program say the same of every receipt, word for word."""

import hashlib
import json
import random
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from playwright.sync_api import Browser, Page

from portal.ledger.verify import ORDER, check_ed25519
from tests.rig.address import to_digits, to_raw
from tests.rig.after import COSIGNED, EARLIER, cosigned_note, make_after_file
from tests.rig.checking import answers, is_signed
from tests.rig.ed25519 import NOT_CANONICAL, NOT_ON_THE_CURVE, SMALL_ORDER, neutral_signature
from tests.rig.ledger import LOG
from tests.rig.verdicts import WATCHED, Case, answer, cases, is_small, thawed

pytestmark = pytest.mark.journey
VECTORS = Path(__file__).parents[1] / "vectors" / "verdicts_v1.json"
RECEIPT = make_after_file(cosigned_note(EARLIER), names={"kind", "after"})
ADDRESS = to_digits(to_raw(json.loads(RECEIPT)))


@pytest.fixture
def backend() -> str:
    """One kind of database: a page from disk depends on none."""
    return "sqlite"


@pytest.fixture
def page(client: FlaskClient, browser: Browser, tmp_path: Path) -> Iterator[Page]:
    """The saved file, opened from disk in a browser without a network."""
    saved = tmp_path / "check.html"
    saved.write_bytes(client.get("/receipts/check.html").data)
    context = browser.new_context(offline=True)
    opened = context.new_page()
    opened.goto(saved.as_uri())
    yield opened
    context.close()


def test_every_frozen_case_has_the_verdict_it_always_had(page: Page) -> None:
    frozen = json.loads(VECTORS.read_text())
    expected = [one["verdict"] for one in frozen]
    for found, wanted, one in zip(
        answers(page, [thawed(one) for one in frozen]), expected, frozen, strict=True
    ):
        assert found == wanted, one["name"]


def test_the_largest_cases_are_judged_alike_too(page: Page) -> None:
    large = [case for case in cases() if not is_small(case)]
    assert large
    assert answers(page, large) == [answer(case) for case in large]


def mutated(data: bytes, chance: random.Random) -> bytes:
    """The receipt with something small changed, left out, doubled or put in."""
    place, width = chance.randrange(len(data)), chance.choice((0, 0, 1, 1, 2, 44))
    tokens = (b'"', b"\\", b"\n", b",", b"[", b"{", b"}", b"1", b"-", b"e", b"=", b"\\ud83d", b"")
    junk = chance.choice((*tokens, bytes([chance.randrange(256)]), data[place : place + 44]))
    return data[:place] + junk + data[place + width :]


@settings(
    max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)
@given(st.integers(0, 2**32))
def test_receipts_and_policies_changed_at_random_are_judged_alike(page: Page, seed: int) -> None:
    chance = random.Random(seed)
    asked = [Case("receipt", mutated(RECEIPT, chance), WATCHED) for _ in range(60)]
    asked += [Case("policy", RECEIPT, mutated(WATCHED, chance)) for _ in range(40)]
    for _ in range(30):
        changed = mutated(ADDRESS.encode(), chance).decode("latin-1")
        asked.append(Case("digits", policy=WATCHED, address=changed))
        raw = mutated(to_raw(json.loads(RECEIPT)), chance)
        asked.append(Case("bytes", policy=WATCHED, address=to_digits(raw)))
    for case, found in zip(asked, answers(page, asked), strict=True):
        assert found == answer(case), case


@settings(
    max_examples=10, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)
@given(
    st.lists(
        st.recursive(
            st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=9),
            lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=4), inner),
            max_leaves=8,
        ),
        min_size=10,
        max_size=40,
    )
)
def test_any_json_in_any_place_is_judged_alike(page: Page, values: list[object]) -> None:
    receipt = json.loads(RECEIPT)
    asked = []
    for number, value in enumerate(values):
        fields = [{**receipt["fields"][0], ("name", "value", "key")[number % 3]: value}]
        whole = {**receipt, "fields": fields}
        if number % 5 == 0:
            whole[("fields", "hidden", "proof")[number // 5 % 3]] = value
        data = json.dumps(whole, ensure_ascii=bool(number % 2)).encode("utf-8", "surrogatepass")
        asked.append(Case("value", data, WATCHED))
    for case, found in zip(asked, answers(page, asked), strict=True):
        assert found == answer(case), case


def test_keys_and_signatures_are_taken_as_strictly_as_the_program_takes_them(page: Page) -> None:
    key, message = LOG.key.public, b"message"
    good = LOG.private.sign(message)
    s = int.from_bytes(good[32:], "little")
    asked = [(key, good, message), (key, good, b"other"), (key[:31], good, message)]
    asked += [(key, good[:length], message) for length in (0, 32, 63)]
    for multiple in range(1, 16):
        asked.append((key, good[:32] + (s + multiple * ORDER).to_bytes(32, "little"), message))
    for encoded in (*SMALL_ORDER, *NOT_CANONICAL, NOT_ON_THE_CURVE):
        point = bytes.fromhex(encoded)
        asked += [(point, good, message), (key, point + good[32:], message)]
        asked.append((point, bytes.fromhex(SMALL_ORDER[0]) + bytes(32), message))
    asked.append((key, neutral_signature(bytes([1]) * 32, key, message), message))
    for number in range(30):
        digest = hashlib.sha512(bytes([number])).digest()
        asked += [(digest[:32], good, message), (key, digest, message)]
    expected = [check_ed25519(*one) for one in asked]
    assert expected.count(True) == 1
    assert is_signed(page, asked) == expected


def test_every_time_that_can_be_written_is_written_alike(page: Page) -> None:
    chance = random.Random(1)
    stamps = [0, 951782400, 253402300799, 253402300800, 2**63 - 1]
    stamps += [chance.randrange(253402300800) for _ in range(40)]
    note = cosigned_note(EARLIER, size=2)
    asked = [
        Case("time", make_after_file(note, dict.fromkeys(COSIGNED, stamp)), WATCHED)
        for stamp in stamps
    ]
    assert answers(page, asked) == [answer(case) for case in asked]
