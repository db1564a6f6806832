"""Promises about looks at files: written before anything is sent, by whom, and at which file."""

from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import func, select

from portal.accounts.models import Account
from portal.errors import NotFound
from portal.evidence.copies import make_copies
from portal.evidence.looks import get_opened_files, open_file
from portal.ledger.service import timeline
from portal.reports.drafts import get_data_key
from portal.reports.looks import look
from portal.reports.models import Look
from portal.reports.service import withdraw
from portal.site import Site
from tests.rig.audited import audit
from tests.rig.clock import HandClock
from tests.rig.erased import erase
from tests.rig.filed import Filed, agree_inbox, file_report
from tests.rig.own import Own
from tests.rig.people import add_person
from tests.rig.uploads import HONEST, add, jpeg


@pytest.fixture
def filed(site: Site) -> Filed:
    """A report that was passed to Wiltshire, with a picture and a film."""
    agree_inbox(site)
    made = file_report(site, way="pass")
    add(site, made.id, jpeg())
    add(site, made.id, HONEST["mp4"])
    make_copies(site.database, keyring=site.keyring, now=site.now())
    return made


def looks_in(site: Site, filed: Filed, account_id: UUID) -> UUID:
    """Open the report with a reason, as staff do; the look."""
    with site.database.transaction() as session:
        account = session.get_one(Account, account_id)
        keys: dict[str, Any] = {"keyring": site.keyring, "now": site.now()}
        return look(session, filed.id, account=account, reason="To help.", **keys).id


def opens(site: Site, look_id: UUID, account_id: UUID, number: int, what: str = "copy") -> None:
    with site.database.transaction() as session:
        account = session.get_one(Account, account_id)
        keys: dict[str, Any] = {"keyring": site.keyring, "now": site.now()}
        open_file(session, look_id, number, what=what, account=account, **keys)


def count_looks(site: Site) -> int:
    with site.database.reading() as session:
        return session.scalar(select(func.count()).select_from(Look)) or 0


def test_each_file_that_is_opened_is_a_look_that_says_which_and_what(
    site: Site, filed: Filed
) -> None:
    liaison = add_person(site, "liaison", force_id="wiltshire")
    made = looks_in(site, filed, liaison)
    opens(site, made, liaison, 1)
    opens(site, made, liaison, 2, "original")
    assert count_looks(site) == 3
    with site.database.reading() as session:
        data_key = get_data_key(session, filed.id, keyring=site.keyring)
        entries = timeline(session, filed.id, data_key.open)[-2:]
    said = [(each.kind, each.fields["file.number"], each.fields["file.what"]) for each in entries]
    assert said == [("looked_at", 1, "copy"), ("looked_at", 2, "original")]
    assert {each.fields["reason"] for each in entries} == {"To help."}
    assert audit(site) == []


def test_a_film_has_no_copy_and_nothing_is_written_for_asking(site: Site, filed: Filed) -> None:
    inspector = add_person(site, "inspector")
    made = looks_in(site, filed, inspector)
    for number, what in ((2, "copy"), (3, "original"), (2, "whatever")):
        with pytest.raises(NotFound):
            opens(site, made, inspector, number, what)
    assert count_looks(site) == 1


def test_a_look_is_good_for_its_own_account_and_a_quarter_of_an_hour(
    site: Site, filed: Filed, clock: HandClock
) -> None:
    inspector, other = add_person(site, "inspector"), add_person(site, "pcc", force_id="wiltshire")
    made = looks_in(site, filed, inspector)
    clock.advance(minutes=14)
    opens(site, made, inspector, 1)
    with pytest.raises(NotFound):
        opens(site, made, other, 1)
    with pytest.raises(NotFound):
        opens(site, uuid4(), inspector, 1)
    clock.advance(minutes=1)
    with pytest.raises(NotFound, match="Open it again"):
        opens(site, made, inspector, 1)
    assert count_looks(site) == 2


def test_a_look_at_a_file_opens_no_further_quarter_of_an_hour_for_others(
    site: Site, filed: Filed
) -> None:
    liaison = add_person(site, "liaison", force_id="wiltshire")
    elsewhere = add_person(site, "liaison", force_id="surrey", name="elsewhere")
    made = looks_in(site, filed, liaison)
    with pytest.raises(NotFound):
        opens(site, made, elsewhere, 1)


def test_after_withdrawal_or_erasure_nothing_opens(site: Site, filed: Filed) -> None:
    inspector = add_person(site, "inspector")
    made = looks_in(site, filed, inspector)
    with site.database.transaction() as session:
        withdraw(session, filed.id, keyring=site.keyring, now=site.now())
    with pytest.raises(NotFound):
        opens(site, made, inspector, 1)
    erase(site, filed)
    with site.database.reading() as session:
        account = session.get_one(Account, inspector)
        with pytest.raises(NotFound):
            get_opened_files(session, made, account=account, keyring=site.keyring, now=site.now())
    assert count_looks(site) == 1


def test_once_its_erasure_is_asked_for_the_list_of_files_and_each_file_are_closed(
    site: Site, filed: Filed
) -> None:
    liaison = add_person(site, "liaison", force_id="wiltshire")
    made = looks_in(site, filed, liaison)
    Own(site, filed).ask_to_erase()
    with site.database.reading() as session:
        account = session.get_one(Account, liaison)
        with pytest.raises(NotFound, match="not open any more"):
            get_opened_files(session, made, account=account, keyring=site.keyring, now=site.now())
    with pytest.raises(NotFound):
        opens(site, made, liaison, 1)
    assert count_looks(site) == 1
