"""What the telling leaves behind is what four weeks of the site would have left."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from portal.cli.story.telling import BOUNCING_ADDRESS, Now, Post
from portal.ledger.models import LedgerOpening, LedgerPublication
from portal.notifications.models import OutboxMessage
from portal.notifications.senders import NotSentError
from portal.police.models import Supply, SupplyRemark
from portal.reports.models import Report
from portal.reports.service import get_report
from tests.rig.clock import HandClock
from tests.rig.story import Tale


class Noted:
    """A sender that remembers whom it wrote to."""

    def __init__(self) -> None:
        self.to: list[str] = []

    def send(self, address: str, subject: str, body: str) -> None:
        self.to.append(address)


def test_a_full_mailbox_takes_nothing_until_it_is_emptied() -> None:
    start = HandClock().instant
    now, noted = Now(start), Noted()
    post = Post(noted, now, start)
    post.send("inspector@example.org", "", "")
    with pytest.raises(NotSentError):
        post.send(BOUNCING_ADDRESS, "", "")
    now.at = start + timedelta(hours=10)
    post.send(BOUNCING_ADDRESS, "", "")
    assert noted.to == ["inspector@example.org", BOUNCING_ADDRESS]


def test_the_log_is_in_the_order_of_time_and_ends_now(tale: Tale) -> None:
    with tale.site.database.reading() as session:
        query = select(LedgerOpening.at).order_by(LedgerOpening.entry_index)
        times = list(session.scalars(query))
        published = session.scalars(
            select(LedgerPublication).order_by(LedgerPublication.size)
        ).all()
    assert times == sorted(times)
    assert times[-1] <= tale.site.now()
    assert published[-1].size == len(times)
    assert len(published) > 20


def test_every_letter_left_but_the_one_to_the_full_mailbox(tale: Tale) -> None:
    with tale.site.database.reading() as session:
        letters = list(session.scalars(select(OutboxMessage)))
    (failed,) = [one for one in letters if one.failed_at]
    assert (failed.kind, failed.attempts) == ("handover_notice", 5)
    assert all(one.sent_at for one in letters if one is not failed)


def test_every_supply_was_taken_matched_and_looked_at_with_its_remarks(tale: Tale) -> None:
    with tale.site.database.reading() as session:
        supplies = list(session.scalars(select(Supply)))
        for supply in supplies:
            assert supply.taken_at
            assert supply.matched_at
            assert supply.swept_at
            assert supply.refused_rows >= 2
            remarks = select(SupplyRemark).where(SupplyRemark.supply_id == supply.id)
            assert len(session.scalars(remarks).all()) >= 9
    assert {one.force_id for one in supplies} == {"wiltshire", "avon-and-somerset", "dorset"}


def test_the_withdrawn_report_is_withdrawn_and_no_draft_is_left(tale: Tale) -> None:
    with tale.site.database.reading() as session:
        withdrawn = get_report(session, tale.told.reports["withdrawn"])
        states = set(session.scalars(select(Report.state)))
    assert withdrawn.withdrawn_at
    assert states == {"told", "kept", "passed"}
