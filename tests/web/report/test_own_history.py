"""What a person did with their report, in words, and for a week at the top of it."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

from portal.ledger.service import OpenedEntry
from portal.web.report.own_history import OWN_WORDS, recent

NOW = datetime(2026, 3, 9, 9, tzinfo=UTC)
ASKED = {"erases.from": "2026-03-05T09:00:00.000000Z"}


def entry(kind: str, at: datetime, number: int = 1) -> OpenedEntry:
    fields = {"kind": kind, "subject": str(UUID(int=1)), **(ASKED if kind == "erase_asked" else {})}
    return OpenedEntry(number, kind, at, number, fields, b"s" * 32)


def test_each_act_has_its_own_plain_words() -> None:
    said = {words(ASKED) for words in OWN_WORDS.values()}
    assert len(said) == len(OWN_WORDS)
    assert any("5 March 2026, 9am" in each for each in said)
    assert all(each.endswith(".") for each in said)


def test_the_newest_stands_first_and_a_week_later_none_does() -> None:
    week = timedelta(days=7)
    entries = [
        entry("submitted", NOW - timedelta(days=1)),
        entry("withdrawn", NOW - week),
        entry("taken_up", NOW - week + timedelta(seconds=1)),
        entry("corrected", NOW - timedelta(hours=1)),
        entry("matched", NOW),
    ]
    shown = recent(entries, now=NOW)
    assert [at for at, _ in shown] == [
        NOW - timedelta(hours=1),
        NOW - week + timedelta(seconds=1),
    ]
    assert recent(entries, now=NOW + week) == []
