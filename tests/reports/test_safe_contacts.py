"""Promises about the safe way: nothing is sent there before its number, and nothing else after."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from portal.errors import Refused, TooManyTries
from portal.ledger.code_chain import WAIT
from portal.ledger.service import timeline
from portal.reports.code_changes import ask_change
from portal.reports.codes import key_material, make_code
from portal.reports.contact_models import SafeContact
from portal.reports.drafts import get_data_key
from portal.reports.one_time_numbers import MOST_TRIES
from portal.reports.safe_changes import CodeNeeded
from portal.reports.safe_contacts import (
    MOST_SENDS,
    ONE_ADDRESS,
    ask_contact,
    confirm_contact,
    is_address,
    remove_contact,
)
from portal.reports.safe_ways import EMAIL, Contact, Way, find_contact
from portal.site import Site
from tests.promises.test_nothing_gives_away import TELLING
from tests.rig.clock import HandClock
from tests.rig.drafts import Draft, kept_report, new_draft
from tests.rig.filed import file_report
from tests.rig.letters import ADDRESS, confirm_safe_way, letters, numbers
from tests.rig.own import Own


@pytest.fixture
def report(site: Site) -> Draft:
    return kept_report(site)


def keys(site: Site) -> dict[str, Any]:
    return {"keyring": site.keyring, "tokens": site.tokens, "now": site.now()}


def code_of(draft: Draft) -> bytes:
    return draft.site.codes.digest(key_material(draft.code))


def ask(draft: Draft, address: str = ADDRESS, code: bytes | None = None) -> str:
    """Have a number sent; the number."""
    with draft.site.database.transaction() as session:
        ask_contact(session, draft.id, Way(EMAIL, address), code=code, **keys(draft.site))
    return numbers(draft.site)[-1]


def remove(draft: Draft, code: bytes | None = None) -> None:
    with draft.site.database.transaction() as session:
        site = draft.site
        remove_contact(session, draft.id, code=code, keyring=site.keyring, now=site.now())


def confirm(draft: Draft, typed: str) -> bool:
    with draft.site.database.transaction() as session:
        return confirm_contact(session, draft.id, typed, **keys(draft.site))


def contact(draft: Draft) -> Contact:
    with draft.site.database.reading() as session:
        return find_contact(session, draft.id, keyring=draft.site.keyring)


def kinds(draft: Draft) -> list[str]:
    with draft.site.database.reading() as session:
        data_key = get_data_key(session, draft.id, keyring=draft.site.keyring)
        found = timeline(session, draft.id, data_key.open)
    assert not [each for each in found if ADDRESS in str(each.fields)]
    return [each.kind for each in found]


def test_a_way_counts_once_its_number_was_typed(report: Draft) -> None:
    number = ask(report)
    assert contact(report) == Contact(None, Way(EMAIL, ADDRESS))
    assert confirm(report, f" {number} ")
    assert contact(report) == Contact(Way(EMAIL, ADDRESS), None, report.site.now() + WAIT)
    assert kinds(report) == ["submitted", "contact_confirmed"]


def test_the_one_message_before_that_says_nothing_but_a_number(site: Site, report: Draft) -> None:
    ask(report)
    (letter,) = letters(site)
    assert letter.address == ADDRESS
    assert not TELLING.search(letter.subject + letter.body)
    assert "://" not in letter.body
    assert "www" not in letter.body


def test_a_number_confirms_once(report: Draft) -> None:
    number = ask(report)
    assert confirm(report, number)
    assert not confirm(report, number)
    assert kinds(report).count("contact_confirmed") == 1


def test_five_wrong_numbers_end_it_and_a_new_number_begins_anew(
    report: Draft, clock: HandClock
) -> None:
    number = ask(report)
    wrong = "0000 0000" if number != "0000 0000" else "0000 0001"
    assert not any(confirm(report, wrong) for _ in range(MOST_TRIES))
    assert not confirm(report, number)
    assert confirm(report, ask(report))


def test_a_number_is_too_old_after_half_an_hour(report: Draft, clock: HandClock) -> None:
    number = ask(report)
    clock.advance(minutes=30)
    assert not confirm(report, number)
    assert contact(report).confirmed is None


def test_from_a_change_on_the_old_way_gets_nothing_and_the_new_one_counts_once_confirmed(
    site: Site, report: Draft
) -> None:
    confirm_safe_way(report)
    number = ask(report, "other@example.org", code_of(report))
    assert contact(report).confirmed is None
    assert [each.address for each in letters(site)] == ["other@example.org"]
    assert confirm(report, number)
    assert contact(report).confirmed == Way(EMAIL, "other@example.org")


def test_a_way_can_be_removed_and_that_is_on_record(report: Draft) -> None:
    confirm_safe_way(report)
    for _ in range(2):
        remove(report, code_of(report))
    assert contact(report).confirmed is contact(report).asked is None
    assert kinds(report) == ["submitted", "contact_confirmed", "contact_removed"]


def test_removing_what_was_never_chosen_or_confirmed_writes_nothing(report: Draft) -> None:
    number = ask(report)
    remove(report)
    assert not confirm(report, number)
    other = kept_report(report.site)
    remove(other)
    assert kinds(report) == kinds(other) == ["submitted"]


def test_whoever_finds_it_open_without_the_code_changes_and_removes_no_confirmed_way(
    site: Site, report: Draft
) -> None:
    confirm_safe_way(report)
    other = kept_report(site)
    for code in (None, code_of(other), b""):
        with pytest.raises(CodeNeeded):
            ask(report, "other@example.org", code)
        with pytest.raises(CodeNeeded):
            remove(report, code)
    assert contact(report).confirmed == Way(EMAIL, ADDRESS)
    assert contact(report).asked is None
    assert [each.address for each in letters(site)] == [ADDRESS]
    assert kinds(report) == ["submitted", "contact_confirmed"]


def test_the_code_that_counts_is_the_one_that_works_by_now(
    site: Site, report: Draft, clock: HandClock
) -> None:
    confirm_safe_way(report)
    made = make_code(site.codes)
    with site.database.transaction() as session:
        ask_change(session, report.id, made, keyring=site.keyring, now=site.now())
    with pytest.raises(CodeNeeded):
        remove(report, made.digest)
    clock.instant += WAIT
    with pytest.raises(CodeNeeded):
        remove(report, code_of(report))
    remove(report, made.digest)
    assert contact(report).confirmed is None


def test_nobody_is_flooded_with_numbers(site: Site, report: Draft, clock: HandClock) -> None:
    for _ in range(MOST_SENDS):
        ask(report)
        clock.advance(hours=1)
    with pytest.raises(TooManyTries) as refused:
        ask(report)
    assert timedelta(seconds=refused.value.retry_after) == timedelta(hours=19)
    clock.advance(hours=19)
    ask(report)


def test_one_address_is_not_flooded_from_many_reports(site: Site) -> None:
    for _ in range(ONE_ADDRESS.tries):
        ask(kept_report(site), ADDRESS)
    with pytest.raises(TooManyTries):
        ask(kept_report(site), ADDRESS.upper())
    ask(kept_report(site), "another@example.org")


def test_what_was_not_sent_has_no_safe_way(site: Site) -> None:
    with pytest.raises(Refused, match="not sent"):
        ask(new_draft(site))
    assert letters(site) == []


def test_the_address_is_sealed_under_the_reports_own_key(site: Site, report: Draft) -> None:
    confirm_safe_way(report)
    with site.database.reading() as session:
        row = session.scalars(select(SafeContact)).one()
        data_key = get_data_key(session, report.id, keyring=site.keyring)
    assert row.sealed is not None
    assert ADDRESS.encode() not in row.sealed
    assert data_key.open_json(row.sealed, f"safe-contact:{report.id}") == [EMAIL, ADDRESS]


@pytest.mark.parametrize("text", ["a@b.uk", "o'brien+x@mail.example.org", "é@exämple.org"])
def test_what_can_be_an_address_is_taken(text: str) -> None:
    assert is_address(text)


@pytest.mark.parametrize(
    "text",
    [
        *("", "a", "a@b", "a b@c.uk", "a@b.uk\nBcc: c@d.uk", "a@b.uk,c@d.uk", "<a@b.uk>"),
        *("a@@b.uk", "x" * 250 + "@b.uk"),
    ],
)
def test_what_cannot_be_an_address_is_not(text: str) -> None:
    assert not is_address(text)


def test_while_an_erasure_waits_the_way_is_neither_asked_for_confirmed_nor_removed(
    site: Site,
) -> None:
    filed = file_report(site)
    draft = Draft(site, filed.id, filed.code)
    number = ask(draft)
    Own(site, filed).ask_to_erase()
    with pytest.raises(Refused, match="going to be erased"):
        ask(draft, "new@example.org", code_of(draft))
    with pytest.raises(Refused, match="going to be erased"):
        confirm(draft, number)
    with pytest.raises(Refused, match="going to be erased"):
        remove(draft, code_of(draft))
    Own(site, filed).keep()
    assert confirm(draft, number)
