"""Promises about sending a draft with files: all of it is on record at once, or none of it."""

from portal.evidence.sending import send
from portal.evidence.unfinished import Announced, begin_sending
from portal.ledger.service import timeline
from portal.reports.drafts import get_data_key
from portal.site import Site
from tests.rig.audited import audit
from tests.rig.drafts import Draft, ready_draft
from tests.rig.filed import agree_inbox
from tests.rig.uploads import HONEST, add


def press_send(site: Site, draft: Draft) -> list[str]:
    """Send it with its files; the kinds of its entries."""
    with site.database.transaction() as session:
        send(session, draft.id, keyring=site.keyring, now=site.now())
    with site.database.reading() as session:
        data_key = get_data_key(session, draft.id, keyring=site.keyring)
        return [each.kind for each in timeline(session, draft.id, data_key.open)]


def test_each_file_is_on_record_with_what_was_sent(site: Site) -> None:
    draft = ready_draft(site)
    add(site, draft.id, HONEST["png"])
    add(site, draft.id, HONEST["mp3"])
    assert press_send(site, draft) == ["submitted", "evidence_added", "evidence_added"]
    assert audit(site) == []


def test_pressed_twice_it_is_on_record_once(site: Site) -> None:
    draft = ready_draft(site)
    add(site, draft.id, HONEST["png"])
    assert press_send(site, draft) == press_send(site, draft) == ["submitted", "evidence_added"]


def test_one_passed_to_a_force_has_its_files_with_it(site: Site) -> None:
    agree_inbox(site)
    draft = ready_draft(site, "pass")
    add(site, draft.id, HONEST["png"])
    assert press_send(site, draft) == ["submitted", "handed_over", "evidence_added"]
    assert audit(site) == []


def test_a_file_that_did_not_arrive_wholly_is_not_on_record(site: Site) -> None:
    draft = ready_draft(site)
    with site.database.transaction() as session:
        begin_sending(
            session,
            draft.id,
            Announced("a", 5_000_000, bytes(32)),
            keyring=site.keyring,
            now=site.now(),
        )
    assert press_send(site, draft) == ["submitted"]
    assert audit(site) == []
