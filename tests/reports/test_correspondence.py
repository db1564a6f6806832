"""Promises about messages as the person has them: sealed, theirs, and never lost or doubled."""

from uuid import UUID

import pytest
from sqlalchemy import select

from portal.accounts.models import Account
from portal.errors import NotFound, Refused, Unavailable
from portal.reports.contact_models import Message
from portal.reports.correspondence import (
    ADVOCATE,
    LONGEST,
    OVERSIGHT,
    MessageSeen,
    Threads,
    add_message,
    checked_words,
    find_same,
    open_messages,
    open_words,
    read_as_person,
    said_fields,
    threads_of,
    were_read,
    write_as_person,
)
from portal.reports.drafts import get_data_key, get_report
from portal.site import Site
from tests.rig.clock import HandClock
from tests.rig.drafts import kept_report
from tests.rig.erased import erase
from tests.rig.filed import Filed, file_report
from tests.rig.letters import letters
from tests.rig.own import Own
from tests.rig.people import add_person
from tests.rig.reached import as_draft, entries_of, keys, kinds_of, supporter_writes

WORDS = "Quaggamire is what he said.\nTwice."


@pytest.fixture
def maria(site: Site) -> UUID:
    return add_person(site, "advocate", name="maria")


@pytest.fixture
def filed(site: Site, maria: UUID) -> Filed:
    return file_report(site, filed_by=maria)


def write(site: Site, report_id: UUID, to: str, words: str = WORDS) -> Message:
    with site.database.transaction() as session:
        return write_as_person(session, report_id, to, words, **keys(site))


def threads(site: Site, report_id: UUID) -> Threads:
    with site.database.reading() as session:
        return threads_of(session, get_report(session, report_id), keyring=site.keyring)


def read(site: Site, report_id: UUID, side: str) -> list[MessageSeen]:
    with site.database.reading() as session:
        return read_as_person(session, report_id, side, keyring=site.keyring)


def test_what_a_person_writes_is_sealed_and_on_record_with_its_words(
    site: Site, filed: Filed
) -> None:
    made = write(site, filed.id, ADVOCATE, f"  {WORDS}\n")
    assert b"Quaggamire" not in made.sealed_words
    entry = entries_of(site, filed.id)[-1]
    assert entry.kind == "message_sent"
    assert entry.fields["message.words"] == WORDS
    assert (entry.fields["message.from"], entry.fields["message.to"]) == ("person", "advocate")
    (seen,) = read(site, filed.id, ADVOCATE)
    assert (seen.words, seen.role, seen.is_new) == (WORDS, "", False)
    assert "Quaggamire" not in repr(seen)
    assert read(site, filed.id, OVERSIGHT) == []


def test_a_second_press_sends_nothing_twice_and_later_the_same_words_do(
    site: Site, filed: Filed, clock: HandClock
) -> None:
    first = write(site, filed.id, ADVOCATE)
    assert write(site, filed.id, ADVOCATE).id == first.id
    clock.advance(minutes=11)
    assert write(site, filed.id, ADVOCATE).id != first.id
    assert kinds_of(site, filed.id).count("message_sent") == 2


@pytest.mark.parametrize("words", ["", " \n ", "x" * (LONGEST + 1)])
def test_no_words_and_too_many_are_refused(site: Site, filed: Filed, words: str) -> None:
    with pytest.raises(Refused, match="Nothing was sent"):
        write(site, filed.id, ADVOCATE, words)
    with pytest.raises(Refused):
        checked_words(words)


def test_a_person_can_write_to_whoever_can_read_it(site: Site, filed: Filed) -> None:
    own, kept = file_report(site), kept_report(site)
    assert list(threads(site, filed.id).open) == [ADVOCATE, OVERSIGHT]
    assert list(threads(site, own.id).open) == [OVERSIGHT]
    assert list(threads(site, kept.id).there) == []
    for report_id, to in ((own.id, ADVOCATE), (kept.id, OVERSIGHT), (filed.id, "police")):
        with pytest.raises(Refused, match="nobody there"):
            write(site, report_id, to)


def test_nobody_is_there_once_the_supporter_has_left(site: Site, filed: Filed, maria: UUID) -> None:
    write(site, filed.id, ADVOCATE)
    with site.database.transaction() as session:
        session.get_one(Account, maria).closed_at = site.now()
    found = threads(site, filed.id)
    assert ADVOCATE not in found.open
    assert ADVOCATE in found.there
    with pytest.raises(Refused):
        write(site, filed.id, ADVOCATE)


def test_what_is_new_is_counted_until_it_was_on_a_page(
    site: Site, filed: Filed, maria: UUID
) -> None:
    supporter_writes(site, filed.id, maria, "Hello")
    assert threads(site, filed.id).new == {ADVOCATE: 1, OVERSIGHT: 0}
    assert threads(site, filed.id).count == 1
    seen = read(site, filed.id, ADVOCATE)
    assert [each.is_new for each in seen] == [True]
    with site.database.transaction() as session:
        were_read(session, seen, now=site.now())
    assert threads(site, filed.id).count == 0
    assert not read(site, filed.id, ADVOCATE)[0].is_new


def test_after_withdrawing_the_person_can_still_write(site: Site, filed: Filed) -> None:
    as_draft(site, filed).withdraw()
    write(site, filed.id, ADVOCATE)
    write(site, filed.id, OVERSIGHT)
    assert kinds_of(site, filed.id)[-2:] == ["message_sent", "message_sent"]


def test_a_supporter_is_told_without_a_word_of_what(site: Site, filed: Filed) -> None:
    write(site, filed.id, ADVOCATE)
    (letter,) = letters(site)
    assert letter.address == "maria@example.org"
    assert "Quaggamire" not in letter.subject + letter.body


def test_a_message_that_was_moved_does_not_open(site: Site, filed: Filed) -> None:
    write(site, filed.id, ADVOCATE)
    other = write(site, filed.id, ADVOCATE, "Another")
    with site.database.transaction() as session:
        data_key = get_data_key(session, filed.id, keyring=site.keyring)
        row = session.get_one(Message, other.id)
        assert open_words(row, data_key) == "Another"
        assert said_fields(row, "x") == {"message": str(row.id), "message.words": "x"}
        first = session.scalars(select(Message).where(Message.id != other.id)).one()
        row.sealed_words = first.sealed_words
        with pytest.raises(Unavailable):
            open_words(row, data_key)
        session.rollback()


def test_a_thread_can_be_read_from_a_time_on(site: Site, filed: Filed, clock: HandClock) -> None:
    write(site, filed.id, ADVOCATE, "Before")
    since = clock.advance(hours=1)
    with site.database.transaction() as session:
        data_key = get_data_key(session, filed.id, keyring=site.keyring)
        made = add_message(
            session, filed.id, ADVOCATE, None, "After", data_key=data_key, now=clock()
        )
        found = open_messages(
            session, filed.id, ADVOCATE, from_staff=False, keyring=site.keyring, since=since
        )
        same = find_same(session, filed.id, ADVOCATE, None, "After", data_key=data_key, now=clock())
        assert [each.words for each in found] == ["After"]
        assert same is made
        session.rollback()


def test_erasing_leaves_no_message(site: Site, filed: Filed) -> None:
    write(site, filed.id, ADVOCATE)
    erase(site, filed)
    with site.database.reading() as session:
        assert session.scalars(select(Message)).all() == []
    with pytest.raises(NotFound):
        threads(site, filed.id)


def test_a_supporter_who_was_stopped_is_not_offered_and_nothing_is_sent_to_them(
    site: Site, filed: Filed
) -> None:
    write(site, filed.id, ADVOCATE, "Before")
    Own(site, filed).stop_supporter()
    offered = threads(site, filed.id)
    assert offered.open == [OVERSIGHT]
    assert ADVOCATE in offered.there
    before = kinds_of(site, filed.id)
    with pytest.raises(Refused, match="nobody there"):
        write(site, filed.id, ADVOCATE)
    assert kinds_of(site, filed.id) == before
    Own(site, filed).allow_supporter()
    assert threads(site, filed.id).open == [ADVOCATE, OVERSIGHT]


def test_while_an_erasure_waits_its_person_writes_to_nobody(site: Site, filed: Filed) -> None:
    Own(site, filed).ask_to_erase()
    for to in (ADVOCATE, OVERSIGHT):
        with pytest.raises(Refused, match="going to be erased"):
            write(site, filed.id, to)
    Own(site, filed).keep()
    write(site, filed.id, ADVOCATE)
