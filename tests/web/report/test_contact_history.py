"""What the history says of contact: who wrote to whom, and never what."""

from datetime import UTC, datetime, timedelta

import pytest

from portal.ledger.service import OpenedEntry
from portal.web.report.contact_history import (
    CONTACT_WORDS,
    message_words,
    recent_way_change,
    without_oversight,
)

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)


def entry(kind: str, at: datetime = NOW, **fields: object) -> OpenedEntry:
    named = {name.replace("__", "."): value for name, value in fields.items()}
    return OpenedEntry(1, kind, at, 1, named, b"")


@pytest.mark.parametrize(
    ("sides", "words"),
    [
        (("person", "advocate"), "You wrote to your supporter."),
        (("person", "oversight"), "You wrote to the people who watch over the police."),
        (("advocate", "person"), "Your supporter wrote to you."),
        (("pcc", "person"), "The people who watch over the police wrote to you."),
        (("inspector", "person"), "The people who watch over the police wrote to you."),
    ],
)
def test_a_message_is_one_line_without_its_words(sides: tuple[str, str], words: str) -> None:
    fields = {
        "message.from": sides[0],
        "message.to": sides[1],
        "message.words": "Quaggamire",
    }
    assert message_words(fields) == words


def test_each_kind_has_its_words() -> None:
    for kind, say in CONTACT_WORDS.items():
        assert say({}).endswith("."), kind
    assert "may ring" in CONTACT_WORDS["contact_confirmed"]({"contact.way": "call"})
    assert "gets nothing more" in CONTACT_WORDS["contact_removed"]({"contact.because": "change"})


def test_a_change_stands_at_the_top_for_30_days_and_until_it_was_seen() -> None:
    first = entry("contact_confirmed")
    assert recent_way_change([], [], now=NOW) is None
    found = recent_way_change([first], [NOW + timedelta(days=1)], now=NOW + timedelta(days=1))
    assert found is not None
    assert found.words == "A safe way to reach you was confirmed."
    later = NOW + timedelta(days=31)
    assert recent_way_change([first], [later], now=later) is not None
    assert recent_way_change([first], [later, later], now=later) is None


def test_another_way_is_said_to_be_a_change() -> None:
    entries = [
        entry("contact_confirmed"),
        entry("contact_removed", contact__because="change"),
        entry("contact_confirmed"),
    ]
    found = recent_way_change(entries, [], now=NOW)
    assert found is not None
    assert found.words == "Your safe way was changed."


def test_a_supporter_is_not_shown_that_there_is_a_thread_with_oversight() -> None:
    theirs = [
        entry("submitted"),
        entry("message_sent", message__from="person", message__to="advocate"),
        entry("message_sent", message__from="advocate", message__to="person"),
    ]
    others = [
        entry("message_sent", message__from="person", message__to="oversight"),
        entry("message_sent", message__from="pcc", message__to="person"),
    ]
    assert without_oversight([*theirs, *others]) == theirs
