"""A force's inbox: delivered once, listed without content; what it answers is its claim only."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import event, select

from portal.accounts.models import Account
from portal.accounts.service import get_account_by_id
from portal.alerts.models import Clock
from portal.errors import NotFound, Refused
from portal.ledger.service import timeline
from portal.notifications.models import OutboxMessage
from portal.reports.drafts import get_data_key
from portal.reports.handovers import InboxLine, answer, claims_on, get_handover, inbox
from portal.reports.looks import look
from portal.reports.models import Allegation, ForceAnswer, Handover
from portal.site import Site
from tests.rig.clock import HandClock
from tests.rig.drafts import Draft
from tests.rig.filed import agree_inbox, alerts_of, file_report, look_again
from tests.rig.people import add_person


def person(site: Site, role: str = "liaison", force_id: str | None = "wiltshire") -> Account:
    account_id = add_person(site, role, force_id=force_id, name=f"{role}-{force_id or 'all'}")
    with site.database.reading() as session:
        return get_account_by_id(session, account_id)


def passed(site: Site, *, notice: str = "inbox@example.org") -> Draft:
    agree_inbox(site, notice=notice)
    filed = file_report(site, way="pass", categories=["burglary-home", "arson"])
    return Draft(site, filed.id, filed.code)


def lines(site: Site, force_id: str = "wiltshire") -> list[InboxLine]:
    with site.database.reading() as session:
        return inbox(session, force_id)


def say(
    site: Site, account: Account, handover_id: UUID, *, reference: str = "", words: str = ""
) -> None:
    with site.database.transaction() as session:
        answer(
            session,
            handover_id,
            account=account,
            crime_reference=reference,
            words=words,
            keyring=site.keyring,
            now=site.now(),
        )


def opened(site: Site, draft: Draft, account: Account) -> Account:
    """The account, after it opened the report."""
    with site.database.transaction() as session:
        look(
            session,
            draft.id,
            account=account,
            reason="To record it",
            keyring=site.keyring,
            now=site.now(),
        )
    return account


def claims(draft: Draft) -> list[tuple[str, str]]:
    with draft.site.database.reading() as session:
        found = claims_on(session, draft.id, keyring=draft.site.keyring)
    return [(one.crime_reference, one.words) for one in found]


def kinds_of(draft: Draft) -> list[str]:
    with draft.site.database.reading() as session:
        data_key = get_data_key(session, draft.id, keyring=draft.site.keyring)
        return [one.kind for one in timeline(session, draft.id, data_key.open)]


def test_delivery_is_receipt_and_starts_the_clock_at_once(site: Site, clock: HandClock) -> None:
    draft = passed(site)
    [line] = lines(site)
    assert line.delivered_at == clock()
    assert line.categories == ("burglary-home", "arson")
    assert (line.was_opened, line.was_answered, line.withdrawn) == (False, False, False)
    with site.database.reading() as session:
        started = session.execute(
            select(Allegation.clock_starts_at, Allegation.clock_event).distinct()
        ).all()
    assert [tuple(one) for one in started] == [(clock(), "handed_over")]
    assert kinds_of(draft) == ["submitted", "handed_over"]


def test_only_the_force_that_it_was_passed_to_has_it(site: Site) -> None:
    passed(site)
    assert lines(site, "kent") == []
    [line] = lines(site)
    with site.database.reading() as session:
        assert get_handover(session, line.handover_id, force_id="wiltshire")
        for force_id in ("kent", ""):
            with pytest.raises(NotFound):
                get_handover(session, line.handover_id, force_id=force_id)


def test_what_is_kept_or_only_told_is_in_no_inbox(site: Site) -> None:
    agree_inbox(site)
    file_report(site, way="keep")
    file_report(site, way="told")
    assert lines(site) == []


def test_the_newest_delivery_comes_first(site: Site, clock: HandClock) -> None:
    passed(site)
    clock.advance(hours=1)
    passed(site)
    delivered = [line.delivered_at for line in lines(site)]
    assert delivered == [clock(), clock() - timedelta(hours=1)]


def test_one_notice_goes_out_with_nothing_of_the_content(site: Site) -> None:
    draft = passed(site, notice="inbox@example.org")
    with site.database.reading() as session:
        message = session.scalars(select(OutboxMessage)).one()
        handover = session.scalars(select(Handover)).one()
    sent = site.keyring.open_alone(message.sealed, f"outbox:{message.cause}").decode()
    assert message.about == handover.id
    assert "inbox@example.org" in sent
    for told in ("Harbour", "burglary", "arson", "http", str(draft.id), draft.code):
        assert told not in sent


def test_a_forces_answer_is_kept_sealed_as_its_claim_with_an_entry(
    site: Site, clock: HandClock
) -> None:
    draft = passed(site)
    liaison = opened(site, draft, person(site))
    [line] = lines(site)
    say(site, liaison, line.handover_id, words=" We will ring. ")
    clock.advance(hours=1)
    say(site, liaison, line.handover_id, reference=" 54/7/26 ")
    assert claims(draft) == [("", "We will ring."), ("54/7/26", "")]
    assert kinds_of(draft)[2:] == ["looked_at", "force_answered", "force_answered"]
    with site.database.reading() as session:
        sealed = session.scalars(select(ForceAnswer.sealed)).all()
    assert not any(b"54/7/26" in one or b"ring" in one for one in sealed)
    [line] = lines(site)
    assert line.was_answered


def test_a_reference_that_the_force_merely_tells_stops_nothing(
    site: Site, clock: HandClock
) -> None:
    liaison = opened(site, passed(site), person(site))
    [line] = lines(site)
    say(site, liaison, line.handover_id, reference="54/7/26", words="It is recorded.")
    look_again(site)
    clock.advance(days=3)
    look_again(site)
    assert [alert.kind for alert in alerts_of(site)] == ["unrecorded", "unrecorded"]
    with site.database.reading() as session:
        assert set(session.scalars(select(Clock.met_at))) == {None}


@pytest.mark.parametrize(("reference", "words"), [("", ""), ("  ", "\n")])
def test_an_empty_answer_is_refused(site: Site, reference: str, words: str) -> None:
    draft = passed(site)
    [line] = lines(site)
    with pytest.raises(Refused, match="Nothing was saved"):
        say(site, person(site), line.handover_id, reference=reference, words=words)
    assert claims(draft) == []
    assert kinds_of(draft) == ["submitted", "handed_over"]


def test_only_a_force_that_opened_it_answers(site: Site) -> None:
    draft = passed(site)
    [line] = lines(site)
    opened(site, draft, person(site, "inspector", None))
    with pytest.raises(Refused, match="Open it first"):
        say(site, person(site), line.handover_id, words="Nothing happened.")
    assert claims(draft) == []


def test_what_was_withdrawn_takes_no_answer(site: Site) -> None:
    draft = passed(site)
    liaison = opened(site, draft, person(site))
    [line] = lines(site)
    draft.withdraw()
    with pytest.raises(Refused, match="withdrew it"):
        say(site, liaison, line.handover_id, words="We will ring.")
    assert claims(draft) == []
    assert kinds_of(draft)[-1] == "withdrawn"


def test_pressing_many_times_makes_one_answer_and_another_answer_one_more(
    site: Site, clock: HandClock
) -> None:
    draft = passed(site)
    liaison = opened(site, draft, person(site))
    [line] = lines(site)
    with ThreadPoolExecutor(8) as workers:
        for _ in workers.map(
            lambda _: say(site, liaison, line.handover_id, words="We will ring."), range(20)
        ):
            pass
    clock.advance(minutes=1)
    say(site, liaison, line.handover_id, reference="54/7/26")
    assert claims(draft) == [("", "We will ring."), ("54/7/26", "")]
    assert kinds_of(draft).count("force_answered") == 2


def test_another_force_or_nobodys_answer_finds_nothing_to_answer(site: Site) -> None:
    draft = passed(site)
    [line] = lines(site)
    for account in (person(site, force_id="kent"), person(site, "inspector", None)):
        with pytest.raises(NotFound):
            say(site, account, line.handover_id, words="Ours.")
    with pytest.raises(NotFound):
        say(site, person(site), uuid4(), words="Ours.")
    assert claims(draft) == []


@pytest.mark.parametrize(
    ("role", "force_id", "counts"),
    [("inspector", None, False), ("pcc", "wiltshire", False), ("liaison", "wiltshire", True)],
)
def test_only_a_look_of_the_forces_own_liaison_counts_as_opened(
    site: Site, role: str, force_id: str | None, counts: bool
) -> None:
    opened(site, passed(site), person(site, role, force_id))
    assert [line.was_opened for line in lines(site)] == [counts]


def test_the_inbox_says_that_it_was_withdrawn_and_no_longer_what_it_is_about(site: Site) -> None:
    passed(site).withdraw()
    assert [(line.withdrawn, line.categories) for line in lines(site)] == [(True, ())]


def test_a_long_inbox_comes_in_pages_and_asks_as_little_as_a_short_one(
    site: Site, clock: HandClock
) -> None:
    asked: list[str] = []

    def note(_: object, __: object, statement: str, *___: object) -> None:
        asked.append(statement)

    for _ in range(3):
        passed(site)
        clock.advance(hours=1)
    every = lines(site)
    event.listen(site.database.engine, "before_cursor_execute", note)
    with site.database.reading() as session:
        assert inbox(session, "wiltshire", limit=2) == every[:2]
        assert inbox(session, "wiltshire", skip=2, limit=2) == every[2:]
        assert inbox(session, "wiltshire", skip=4) == []
    assert {line.categories for line in every} == {("burglary-home", "arson")}
    assert len([one for one in asked if one.startswith("SELECT")]) <= 6
