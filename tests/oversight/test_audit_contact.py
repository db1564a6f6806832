"""Promises about audits: whoever changes how a person is reached, or a message, is found out."""

import pytest
from sqlalchemy import Connection, Executable, delete, insert, update

from portal.ledger.erasure import check_erasure
from portal.oversight.audit_contact import check_contact, check_messages
from portal.reports.contact_models import Message, SafeContact
from portal.reports.correspondence import OVERSIGHT, write_as_person
from portal.reports.safe_contacts import remove_contact
from portal.reports.still_safe import say_safe, say_unsafe
from portal.site import Site
from tests.rig.audited import audit_in, found_after
from tests.rig.clock import HandClock
from tests.rig.erased import erase
from tests.rig.filed import Filed, file_report
from tests.rig.people import add_person
from tests.rig.reached import as_draft, code_of, keys, supporter_writes, wants_news


@pytest.fixture
def filed(site: Site, clock: HandClock) -> Filed:
    inspector = add_person(site, "inspector")
    made = file_report(site)
    wants_news(as_draft(site, made))
    with site.database.transaction() as session:
        write_as_person(session, made.id, OVERSIGHT, "Hello", **keys(site))
    clock.advance(minutes=5)
    supporter_writes(site, made.id, inspector, "I am here")
    return made


def found(site: Site) -> list[str]:
    with site.database.reading() as session:
        return [str(one) for one in audit_in(site, session, check_erasure)]


def test_what_happened_by_the_rules_is_clean(site: Site, filed: Filed, clock: HandClock) -> None:
    draft = as_draft(site, filed)
    assert found(site) == []
    with site.database.transaction() as session:
        say_unsafe(session, filed.id, **keys(site))
    assert found(site) == []
    clock.advance(minutes=1)
    with site.database.transaction() as session:
        say_safe(session, filed.id, code=code_of(draft), **keys(site))
    assert found(site) == []
    with site.database.transaction() as session:
        remove_contact(session, filed.id, code=code_of(draft), **keys(site))
    assert found(site) == []
    erase(site, filed)
    assert found(site) == []
    assert callable(check_contact)
    assert callable(check_messages)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (update(SafeContact).values(paused_at=None, safe_at=None), "still safe"),
        (update(SafeContact).values(confirmed_at=None), "since when"),
        (update(SafeContact).values(sealed=None), "since when"),
        (delete(Message).where(Message.account_id.is_(None)), "was changed or deleted"),
        (update(Message).values(account_id=None), "put in past the log"),
        (update(Message).values(sealed_words=b"x"), "put in past the log"),
        (update(Message).values(correspondent="advocate"), "put in past the log"),
    ],
)
def test_a_row_that_was_changed_past_the_log_is_a_finding(
    site: Site, filed: Filed, change: Executable, said: str
) -> None:
    def make(connection: Connection) -> object:
        return connection.execute(change)

    assert any(said in str(one) for one in found_after(site, make))


def test_a_message_that_is_left_after_an_erasure_is_a_finding(site: Site, filed: Filed) -> None:
    erase(site, filed)
    row = {
        "report_id": filed.id,
        "correspondent": "oversight",
        "at": site.now(),
        "sealed_words": b"x",
    }
    with site.database.transaction() as session:
        session.execute(insert(Message).values(**row))
    assert any("a message is left" in one for one in found(site))
