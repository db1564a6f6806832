"""Promises to whoever asked for a new code: they hear that it was cancelled, and no copy stays."""

from typing import Any

import pytest

from portal.reports.cancelling import was_cancelled
from portal.reports.code_changes import cancel_change
from portal.reports.codes import key_material, make_code
from portal.reports.lost_codes import ask_number, find_open, give_code
from portal.reports.models import LostCode
from portal.reports.safe_contacts import remove_contact
from portal.site import Site
from tests.promises.test_nothing_gives_away import TELLING
from tests.rig.clock import HandClock
from tests.rig.drafts import Draft, kept_report
from tests.rig.letters import ADDRESS, letters, look_at_requests, numbers, settled_safe_way


@pytest.fixture
def report(site: Site, clock: HandClock) -> Draft:
    made = kept_report(site)
    settled_safe_way(made, clock)
    return made


def gives(draft: Draft) -> str:
    """Somebody shows a receipt and types the number; their token."""
    site = draft.site
    keys: dict[str, Any] = {"keyring": site.keyring, "tokens": site.tokens, "now": site.now()}
    with site.database.transaction() as session:
        token = ask_number(session, draft.id, now=site.now())
    assert look_at_requests(site) == 1
    made = make_code(site.codes)
    with site.database.transaction() as session:
        give_code(session, token, numbers(site)[-1], made, **keys)
    return token


def cancel(draft: Draft) -> None:
    site = draft.site
    with site.database.transaction() as session:
        assert cancel_change(session, draft.id, keyring=site.keyring, now=site.now())


def row_of(site: Site, token: str) -> LostCode:
    with site.database.reading() as session:
        found = find_open(session, token, now=site.now())
    assert found is not None
    return found


def test_of_a_cancelled_code_no_copy_stays_and_its_page_can_say_so(
    site: Site, report: Draft
) -> None:
    token = gives(report)
    assert not was_cancelled(row_of(site, token))
    cancel(report)
    row = row_of(site, token)
    assert (row.works_from, row.sealed_code, row.cancelled_at) == (None, None, site.now())
    assert was_cancelled(row)


def test_the_safe_way_hears_that_it_was_cancelled_in_words_that_tell_nothing(
    site: Site, report: Draft
) -> None:
    gives(report)
    cancel(report)
    letter = letters(site)[-1]
    assert letter.address == ADDRESS
    assert "never will" in letter.body
    assert not TELLING.search(letter.subject + letter.body)
    assert "://" not in letter.body


def test_a_way_that_was_removed_hears_nothing_any_more(site: Site, report: Draft) -> None:
    gives(report)
    assert letters(site)
    with site.database.transaction() as session:
        code = site.codes.digest(key_material(report.code))
        remove_contact(session, report.id, code=code, keyring=site.keyring, now=site.now())
    cancel(report)
    # Not even what waited to be sent there is left.
    assert letters(site) == []
