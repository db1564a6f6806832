"""Erasing: only the person with the return code can, and then nothing of it opens any more."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from uuid import UUID

import pytest
from sqlalchemy import func, select

from portal.alerts.erasing import erase_due
from portal.errors import NotFound, Refused, Unavailable
from portal.ledger.erasure import check_erasure, request_message
from portal.ledger.models import LedgerEntry, LedgerOpening
from portal.ledger.policy import policy_of
from portal.ledger.receipt import to_bytes
from portal.ledger.service import make_receipt, open_entry
from portal.ledger.store import read_leaves
from portal.ledger.verify import PROVED, judge
from portal.matching.models import AllegationKey, Match
from portal.notifications.models import OutboxMessage
from portal.reports.codes import make_code, read_code
from portal.reports.contact_models import Message, SafeContact
from portal.reports.drafts import get_data_key, get_report
from portal.reports.erasing import find_erasure
from portal.reports.erasure_models import Erasure
from portal.reports.models import (
    ERASED,
    ForceAnswer,
    Handover,
    Look,
    Report,
    ReportKey,
    Visit,
)
from portal.reports.visits import open_with_code, start_visit
from portal.site import Site
from tests.rig.clock import HandClock
from tests.rig.drafts import kept_report, new_draft
from tests.rig.erased import ask, erase, lived_through, wait
from tests.rig.filed import Filed, file_report


def receipt_of(site: Site, report_id: UUID) -> bytes:
    with site.database.reading() as session:
        index = get_report(session, report_id).entry_index
        assert index is not None
        opener = get_data_key(session, report_id, keyring=site.keyring).open
        return to_bytes(make_receipt(session, index, open_sealed=opener, signer=site.signer))


def count(site: Site, model: type[object]) -> int:
    with site.database.reading() as session:
        return session.scalar(select(func.count()).select_from(model)) or 0


def erased_indices(site: Site, report_id: UUID) -> frozenset[int]:
    """What the newest entry of a report erases, judged as an audit does."""
    with site.database.reading() as session:
        index = session.scalars(
            select(LedgerOpening.entry_index).where(
                LedgerOpening.subject == report_id, LedgerOpening.kind == "erased"
            )
        ).one()
        fields = open_entry(session, index, site.keyring.open_alone).fields
        return check_erasure(fields, lambda at: next(iter(read_leaves(session, at, at + 1)), None))


def test_the_entry_on_record_names_every_leaf_of_the_report_and_proves_the_request(
    site: Site, clock: HandClock
) -> None:
    story = lived_through(site, clock)
    file_report(site)
    with site.database.reading() as session:
        own = session.scalars(
            select(LedgerOpening.entry_index).where(LedgerOpening.subject == story.filed.id)
        ).all()
    erase(site, story.filed)
    with site.database.reading() as session:
        asked = session.scalars(
            select(LedgerOpening.entry_index).where(LedgerOpening.kind == "erase_asked")
        ).one()
    own = [*own, asked]
    assert erased_indices(site, story.filed.id) == frozenset(own)
    with site.database.reading() as session:
        for index in own:
            with pytest.raises(Unavailable):
                open_entry(session, index, site.keyring.open_alone)


def test_nothing_of_the_report_is_left_in_any_table(site: Site, clock: HandClock) -> None:
    story = lived_through(site, clock)
    erase(site, story.filed)
    for gone in (ReportKey, AllegationKey, Visit, Match, SafeContact, Message):
        assert count(site, gone) == 0, gone
    with site.database.reading() as session:
        report = session.get_one(Report, story.filed.id)
        assert (report.answers, report.unfinished, report.request_key) == (b"", None, None)
        assert (report.erased_at, report.entry_index) == (clock(), 0)
        (allegation,) = report.allegations
        assert (allegation.category, allegation.force_id) == (ERASED, None)
        assert allegation.occurred_from is allegation.clock_starts_at is None
        assert set(session.scalars(select(Look.sealed_reason))) == {b""}
        assert session.scalars(select(ForceAnswer.sealed)).one() == b""
        assert session.scalars(select(Handover)).one().report_id == story.filed.id
        about = set(session.scalars(select(OutboxMessage.kind)))
        # Both say to those who help that there was something, and neither of whom.
        assert about == {"alert_notice", "message_notice"}
        with pytest.raises(NotFound, match="erased at the request"):
            get_data_key(session, story.filed.id, keyring=site.keyring)


def test_the_old_code_says_what_any_unknown_code_says(site: Site) -> None:
    filed = file_report(site)
    erase(site, filed)
    said = []
    for code in (filed.code, make_code(site.codes).text):
        with site.database.reading() as session, pytest.raises(NotFound) as caught:
            open_with_code(session, code, codes=site.codes, keyring=site.keyring, now=site.now())
        said.append(caught.value.message)
    assert said[0] == said[1]


def test_receipts_of_others_and_its_own_old_file_are_still_proved(site: Site) -> None:
    before, mine, after = file_report(site), file_report(site), file_report(site)
    old = receipt_of(site, mine.id)
    erase(site, mine)
    policy = policy_of(site.signer)
    files = [receipt_of(site, before.id), receipt_of(site, after.id), old]
    assert [judge(each, policy).code for each in files] == [PROVED] * 3


Forge = Callable[[Site, Filed], Callable[[bytes], bytes]]


def by_another_code(site: Site, _filed: Filed) -> Callable[[bytes], bytes]:
    return read_code(make_code(site.codes).text, codes=site.codes).sign


def for_another_report(site: Site, filed: Filed) -> Callable[[bytes], bytes]:
    other = file_report(site)
    message = request_message(str(other.id), 1, b"\1" * 33)
    return lambda _message: read_code(filed.code, codes=site.codes).sign(message)


def of_an_earlier_time(site: Site, filed: Filed) -> Callable[[bytes], bytes]:
    with site.database.reading() as session:
        index = get_report(session, filed.id).entry_index or 0
        (first,) = read_leaves(session, index, index + 1)
    old = read_code(filed.code, codes=site.codes).sign(request_message(str(filed.id), 0, first))
    return lambda _message: old


@pytest.mark.parametrize("forge", [by_another_code, for_another_report, of_an_earlier_time])
def test_nobody_without_the_code_can_bury_a_report(site: Site, forge: Forge) -> None:
    filed = file_report(site)
    sign = forge(site, filed)
    size = count(site, LedgerEntry)
    with pytest.raises(Refused, match="Nothing was erased"):
        erase(site, filed, sign=sign)
    assert count(site, LedgerEntry) == size
    assert count(site, Erasure) == 0
    assert receipt_of(site, filed.id)


def test_a_report_without_a_key_on_record_is_never_erased(site: Site) -> None:
    draft = new_draft(site)
    with site.database.transaction() as session:
        session.get_one(Report, draft.id).request_key = None
    with pytest.raises(Refused, match="withdraw it instead"):
        erase(site, Filed(Report(id=draft.id), draft.code))


def test_the_key_on_record_counts_and_not_the_one_in_the_row(site: Site) -> None:
    filed, insiders = file_report(site), make_code(site.codes)
    with site.database.transaction() as session:
        session.get_one(Report, filed.id).request_key = insiders.request_key
    with pytest.raises(Refused, match="Nothing was erased"):
        erase(site, filed, sign=read_code(insiders.text, codes=site.codes).sign)
    erase(site, filed)


def test_a_draft_goes_with_its_row_and_leaves_no_entry(site: Site) -> None:
    draft, other = new_draft(site), new_draft(site)
    with site.database.transaction() as session:
        token = start_visit(
            session, draft.id, code=draft.code, keyring=site.keyring, now=site.now()
        )
    with pytest.raises(Refused, match="Nothing was erased"):
        erase(site, Filed(Report(id=draft.id), other.code))
    erase(site, Filed(Report(id=draft.id), draft.code))
    assert (count(site, Report), count(site, ReportKey), count(site, LedgerEntry)) == (1, 1, 0)
    with site.database.reading() as session:
        assert session.scalars(select(Erasure.report_id)).one() is None
        assert find_erasure(session, token) is None


def test_a_withdrawn_report_can_be_erased(site: Site) -> None:
    draft = kept_report(site)
    draft.withdraw()
    erase(site, Filed(Report(id=draft.id), draft.code))
    assert erased_indices(site, draft.id) == {0, 1, 2}


def test_asking_twice_at_the_same_moment_asks_once_and_erases_once(site: Site) -> None:
    filed = file_report(site)
    together = threading.Barrier(2)

    def press(_: int) -> None:
        together.wait(timeout=30)
        ask(site, filed)

    with ThreadPoolExecutor(2) as windows:
        list(windows.map(press, range(2)))
    assert count(site, LedgerEntry) == 2
    assert wait(site) == 1
    assert wait(site) == 0
    assert count(site, LedgerEntry) == 3
    with pytest.raises(Refused, match="erased already"):
        ask(site, filed)


def test_two_jobs_at_the_same_moment_erase_it_once(site: Site, clock: HandClock) -> None:
    filed = file_report(site)
    ask(site, filed)
    clock.advance(hours=72)
    together = threading.Barrier(2)

    def run(_: int) -> int:
        together.wait(timeout=30)
        return erase_due(site.database, keyring=site.keyring, now=clock())

    with ThreadPoolExecutor(2) as jobs:
        assert sorted(jobs.map(run, range(2))) == [0, 1]
    assert count(site, LedgerEntry) == 3
