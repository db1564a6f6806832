"""Promises about messages as those who help have them: a look first, and nothing after a "no"."""

from uuid import UUID, uuid4

import pytest

from portal.accounts.models import Account
from portal.errors import NotFound, Refused
from portal.reports.correspondence import ADVOCATE, OVERSIGHT, were_read, write_as_person
from portal.reports.looks import LASTS, looks_at
from portal.reports.models import Look
from portal.reports.safe_ways import CALL, Way, WayRules
from portal.reports.staff_messages import (
    Thread,
    Waiting,
    find_thread,
    get_thread_report,
    new_by_report,
    open_thread,
    put_aside,
    waiting_for,
    write_as_staff,
)
from portal.reports.still_safe import say_unsafe
from portal.site import Site
from tests.rig.clock import HandClock
from tests.rig.filed import Filed, file_report
from tests.rig.own import Own
from tests.rig.people import add_person
from tests.rig.reached import as_draft, choose, entries_of, keys, kinds_of


@pytest.fixture
def maria(site: Site) -> UUID:
    return add_person(site, "advocate", name="maria")


@pytest.fixture
def pcc(site: Site) -> UUID:
    return add_person(site, "pcc", force_id="wiltshire")


@pytest.fixture
def filed(site: Site, maria: UUID) -> Filed:
    return file_report(site, filed_by=maria)


def says(site: Site, filed: Filed, to: str = ADVOCATE, words: str = "Hello") -> None:
    with site.database.transaction() as session:
        write_as_person(session, filed.id, to, words, **keys(site))


def answers(site: Site, filed: Filed, who: UUID, words: str = "I am here") -> None:
    with site.database.transaction() as session:
        account = session.get_one(Account, who)
        write_as_staff(session, filed.id, words, account=account, **keys(site))


def waits(site: Site, who: UUID) -> list[Waiting]:
    with site.database.reading() as session:
        return waiting_for(session, session.get_one(Account, who), keyring=site.keyring)


def opens(site: Site, filed: Filed, who: UUID, reason: str = "To answer") -> Look:
    with site.database.transaction() as session:
        account = session.get_one(Account, who)
        return open_thread(session, filed.id, account=account, reason=reason, **keys(site))


def sees(site: Site, filed: Filed, who: UUID, look_id: UUID) -> Thread | None:
    with site.database.reading() as session:
        account = session.get_one(Account, who)
        return find_thread(session, filed.id, look_id, account=account, **keys(site))


def asks(site: Site, filed: Filed, who: UUID) -> UUID:
    with site.database.reading() as session:
        account = session.get_one(Account, who)
        found = get_thread_report(session, filed.id, account=account, keyring=site.keyring)
        return found.id


def words_of(thread: Thread | None) -> list[str]:
    assert thread is not None
    return [each.words for each in thread.messages]


def test_what_a_person_wrote_waits_until_it_is_answered(
    site: Site, filed: Filed, maria: UUID
) -> None:
    says(site, filed)
    says(site, filed, words="And this")
    (one,) = waits(site, maria)
    assert (one.report_id, one.new, one.count, one.withdrawn) == (filed.id, 2, 2, False)
    answers(site, filed, maria)
    assert waits(site, maria) == []


def test_unread_comes_first_and_then_the_longest_wait(
    site: Site, filed: Filed, maria: UUID, clock: HandClock
) -> None:
    second, third = file_report(site, filed_by=maria), file_report(site, filed_by=maria)
    for each in (filed, second, third):
        says(site, each)
        clock.advance(minutes=5)
    thread = sees(site, filed, maria, opens(site, filed, maria).id)
    assert thread is not None
    with site.database.transaction() as session:
        were_read(session, thread.messages, now=clock())
    assert [one.report_id for one in waits(site, maria)] == [second.id, third.id, filed.id]
    with site.database.reading() as session:
        assert new_by_report(session, maria) == {second.id: 1, third.id: 1}
    with site.database.transaction() as session:
        account = session.get_one(Account, maria)
        put_aside(session, second.id, account=account, **keys(site))
    assert [one.report_id for one in waits(site, maria)] == [third.id, filed.id]


def test_nothing_is_shown_before_the_look_is_written_and_15_minutes_after(
    site: Site, filed: Filed, maria: UUID, pcc: UUID, clock: HandClock
) -> None:
    says(site, filed)
    assert sees(site, filed, maria, uuid4()) is None
    made = opens(site, filed, maria)
    assert words_of(sees(site, filed, maria, made.id)) == ["Hello"]
    assert sees(site, filed, pcc, made.id) is None
    clock.advance(seconds=LASTS.total_seconds())
    assert sees(site, filed, maria, made.id) is None
    with site.database.reading() as session:
        assert [one.reason for one in looks_at(session, filed.id, keyring=site.keyring)] == [
            "To answer"
        ]
    with pytest.raises(Refused, match="Say why"):
        opens(site, filed, maria, " ")


def test_each_side_sees_its_own_thread_alone(
    site: Site, filed: Filed, maria: UUID, pcc: UUID
) -> None:
    says(site, filed, ADVOCATE, "To Maria")
    says(site, filed, OVERSIGHT, "About Maria")
    assert words_of(sees(site, filed, maria, opens(site, filed, maria).id)) == ["To Maria"]
    assert words_of(sees(site, filed, pcc, opens(site, filed, pcc).id)) == ["About Maria"]


def test_who_has_no_part_in_it_gets_nothing(site: Site, filed: Filed, pcc: UUID) -> None:
    says(site, filed)
    says(site, filed, OVERSIGHT)
    strangers = [
        add_person(site, "liaison", force_id="wiltshire"),
        add_person(site, "registrar", force_id="wiltshire"),
        add_person(site, "pcc", force_id="dorset", name="dorset"),
        add_person(site, "advocate", name="other"),
        add_person(site, "administrator"),
    ]
    for who in strangers:
        assert waits(site, who) == []
        for does in (opens, answers):
            with pytest.raises(NotFound):
                does(site, filed, who)
        with pytest.raises(NotFound):
            asks(site, filed, who)
    assert asks(site, filed, pcc) == filed.id


def test_a_report_told_to_nobody_is_closed_to_oversight(site: Site, pcc: UUID) -> None:
    kept = file_report(site, way="keep")
    for does in (opens, answers):
        with pytest.raises(NotFound):
            does(site, kept, pcc)


def test_an_answer_is_on_record_with_who_wrote_it_and_twice_is_once(
    site: Site, filed: Filed, pcc: UUID
) -> None:
    for _ in range(2):
        answers(site, filed, pcc)
    assert kinds_of(site, filed.id).count("message_sent") == 1
    fields = entries_of(site, filed.id)[-1].fields
    assert (fields["message.from"], fields["message.to"]) == ("pcc", "person")
    assert fields["message.organisation"] == "Harbour Support"


def test_after_withdrawing_nobody_writes_and_only_what_came_since_is_read(
    site: Site, filed: Filed, maria: UUID, clock: HandClock
) -> None:
    says(site, filed, words="Before")
    clock.advance(minutes=1)
    as_draft(site, filed).withdraw()
    assert waits(site, maria) == []
    with pytest.raises(NotFound):
        opens(site, filed, maria)
    with pytest.raises(Refused, match="withdrew"):
        answers(site, filed, maria)
    clock.advance(minutes=1)
    says(site, filed, words="He made me do it")
    (one,) = waits(site, maria)
    assert one.withdrawn
    thread = sees(site, filed, maria, opens(site, filed, maria).id)
    assert words_of(thread) == ["He made me do it"]
    assert thread is not None
    assert not thread.can_write
    with pytest.raises(Refused):
        answers(site, filed, maria)


def test_who_may_ring_sees_the_number_and_the_code_word_after_a_look(
    site: Site, filed: Filed, maria: UUID
) -> None:
    way = Way(CALL, "+447700900982", WayRules(code_word="narwhal", hang_up=True))
    choose(as_draft(site, filed), way)
    look = opens(site, filed, maria)
    thread = sees(site, filed, maria, look.id)
    assert thread is not None
    assert thread.call == way
    assert "narwhal" not in repr(thread)
    with site.database.transaction() as session:
        say_unsafe(session, filed.id, **keys(site))
    thread = sees(site, filed, maria, look.id)
    assert thread is not None
    assert thread.call is None


def test_while_an_erasure_waits_nothing_of_it_is_listed_shown_or_written(
    site: Site, filed: Filed, maria: UUID, pcc: UUID
) -> None:
    says(site, filed)
    says(site, filed, OVERSIGHT)
    looks = {who: opens(site, filed, who) for who in (maria, pcc)}
    Own(site, filed).ask_to_erase()
    before = kinds_of(site, filed.id)
    for who, look in looks.items():
        assert waits(site, who) == []
        assert sees(site, filed, who, look.id) is None
        with pytest.raises(Refused, match="kept on this page"):
            answers(site, filed, who)
        for does in (asks, opens):
            with pytest.raises(NotFound):
                does(site, filed, who)
    with site.database.reading() as session:
        assert new_by_report(session, maria) == {}
    assert kinds_of(site, filed.id) == before
    Own(site, filed).keep()
    assert [one.report_id for one in waits(site, maria)] == [filed.id]


def test_what_was_withdrawn_is_closed_too_while_its_erasure_waits(
    site: Site, filed: Filed, maria: UUID
) -> None:
    Own(site, filed).withdraw()
    says(site, filed, words="He made me do it")
    look = opens(site, filed, maria)
    Own(site, filed).ask_to_erase()
    assert waits(site, maria) == []
    assert sees(site, filed, maria, look.id) is None
    with pytest.raises(NotFound):
        opens(site, filed, maria)


def test_a_stopped_supporter_has_nothing_new_on_their_list(
    site: Site, filed: Filed, maria: UUID
) -> None:
    says(site, filed)
    Own(site, filed).stop_supporter()
    with site.database.reading() as session:
        assert new_by_report(session, maria) == {}
    assert waits(site, maria) == []
