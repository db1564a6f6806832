"""What stands on paper is what is proved, and says nothing of what it is about."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime

from portal.ledger.receipt import to_bytes
from portal.ledger.verify import Verdict, judge
from portal.web.report.qr import find_code
from portal.web.report.sheet import TITLE, Sheet
from tests.promises.test_nothing_gives_away import TELLING
from tests.rig.ledger import make_note, make_policy, make_receipt

URL = "https://on-record.example"
NAMES = ["kind", "at", "sequence"]
CODE = find_code(URL, make_receipt(set(NAMES)))
SEEN = int(datetime(2026, 11, 2, 10, tzinfo=UTC).timestamp())


def sheet(verdict: Verdict, *, shown: Sequence[str] = NAMES, has_code: bool = True) -> Sheet:
    return Sheet(
        entry=4,
        log="log.example/on-record",
        at=datetime(2026, 11, 2, 9, 30, tzinfo=UTC),
        verdict=verdict,
        holds=verdict.code == 0,
        public_url=URL,
        shown=shown,
        code=CODE if has_code else None,
    )


def unwitnessed() -> Verdict:
    return judge(to_bytes(make_receipt(set(NAMES))), make_policy())


def witnessed() -> Verdict:
    receipt = make_receipt(set(NAMES), make_note(cosigned={"pcc": SEEN}))
    return judge(to_bytes(receipt), make_policy(quorum="pcc"))


def broken() -> Verdict:
    receipt = make_receipt(set(NAMES))
    receipt["fields"][0]["value"] = "changed"
    return judge(to_bytes(receipt), make_policy())


def words_of(one: Sheet) -> str:
    said = [f"{name}: {value}" for name, value in one.rows.items()]
    for part in one.parts:
        said += [part.title, *part.paragraphs]
    return "\n".join([*said, one.code_words, str(TITLE)])


def test_nothing_on_any_sheet_tells_what_it_is_about() -> None:
    for verdict in (unwitnessed(), witnessed(), broken()):
        for has_code in (True, False):
            assert not TELLING.search(words_of(sheet(verdict, has_code=has_code)))


def test_without_a_witness_no_time_is_claimed_but_our_own() -> None:
    said = words_of(sheet(unwitnessed()))
    assert "Time by our own clock: 2 November 2026, 9:30am GMT" in said
    assert "Time by other clocks: None yet" in said
    assert "Nobody outside has confirmed a time" in said
    assert "Entry 4 was in the list when the list had 6 entries" in said


def test_the_time_of_witnesses_is_an_end_and_no_moment() -> None:
    said = words_of(sheet(witnessed()))
    assert "Time by other clocks: not after 2 November 2026, 10am GMT" in said
    assert "By their clocks it was there not after" in said
    assert "Nobody outside" not in said


def test_a_demonstration_says_once_that_its_witness_is_its_own() -> None:
    own = "runs inside this site, so it vouches to nobody"
    assert words_of(replace(sheet(witnessed()), demonstration=True)).count(own) == 1
    assert own not in words_of(sheet(witnessed()))
    assert own not in words_of(replace(sheet(unwitnessed()), demonstration=True))


def test_a_receipt_that_does_not_hold_claims_nothing() -> None:
    said = words_of(sheet(broken()))
    assert "We could not check this receipt just now" in said
    assert "was in the list" not in said
    assert "Entries in the list" not in said


def test_without_a_code_the_sheet_says_that_it_proves_nothing_and_what_does() -> None:
    said = words_of(sheet(unwitnessed(), has_code=False))
    assert "There is no square code on this sheet" in said
    assert "This sheet alone proves nothing. Use the receipt file" in said
    assert "Point a phone" not in said


def test_the_sheet_names_what_its_code_opens() -> None:
    assert "taken back or erased" in words_of(sheet(unwitnessed()))
    assert "taken back or erased" not in words_of(sheet(unwitnessed(), shown=["at", "sequence"]))
