"""Looks: who may open a report, and the line that stands before anything of it is sent."""

from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import func, select

from portal.accounts.models import ROLES, Account
from portal.accounts.service import get_account_by_id
from portal.errors import NotFound, Refused
from portal.ledger.models import LedgerEntry
from portal.ledger.service import OpenedEntry, timeline
from portal.reports.drafts import get_data_key, get_report
from portal.reports.looks import LookSeen, look, looks_at, may_open
from portal.reports.models import Look
from portal.site import Site
from tests.rig.clock import HandClock
from tests.rig.drafts import Draft, kept_report, new_draft
from tests.rig.filed import agree_inbox, file_report
from tests.rig.people import add_person

REASON = "To check it against the register"


def person(site: Site, role: str, force_id: str | None = "wiltshire") -> Account:
    of_a_force = role in ("liaison", "registrar", "pcc")
    name = f"{role}-{uuid4().hex[:6]}"
    account_id = add_person(site, role, force_id=force_id if of_a_force else None, name=name)
    with site.database.reading() as session:
        return get_account_by_id(session, account_id)


def filed(site: Site, way: str, *, force: str = "wiltshire", by: Account | None = None) -> Draft:
    agree_inbox(site, force)
    made = file_report(site, way=way, force=force, filed_by=by.id if by else None)
    return Draft(site, made.id, made.code)


def open_it(draft: Draft, account: Account, reason: str = REASON) -> Look:
    site = draft.site
    with site.database.transaction() as session:
        return look(
            session, draft.id, account=account, reason=reason, keyring=site.keyring, now=site.now()
        )


def openers(draft: Draft, force_id: str = "wiltshire") -> set[str]:
    """The roles that may open it, each as held by a stranger of this force."""
    people = [person(draft.site, role, force_id) for role in ROLES]
    with draft.site.database.reading() as session:
        report = get_report(session, draft.id)
        return {one.role for one in people if may_open(session, report, one)}


def seen(draft: Draft) -> list[LookSeen]:
    with draft.site.database.reading() as session:
        return looks_at(session, draft.id, keyring=draft.site.keyring)


def entries_of(draft: Draft) -> list[OpenedEntry]:
    with draft.site.database.reading() as session:
        data_key = get_data_key(session, draft.id, keyring=draft.site.keyring)
        return timeline(session, draft.id, data_key.open)


def count_of(site: Site, model: type[Look | LedgerEntry]) -> int:
    with site.database.reading() as session:
        return session.scalar(select(func.count()).select_from(model)) or 0


def test_nobody_but_the_person_opens_a_draft(site: Site) -> None:
    assert openers(new_draft(site)) == set()


def test_what_is_kept_is_shown_to_no_force_and_no_oversight(site: Site) -> None:
    draft = filed(site, "keep")
    assert openers(draft) == set()
    for role in ("liaison", "registrar", "pcc", "inspector", "administrator"):
        with pytest.raises(NotFound):
            open_it(draft, person(site, role))
    assert count_of(site, Look) == 0


def test_what_police_were_told_is_open_to_oversight_and_not_to_the_force(site: Site) -> None:
    draft = filed(site, "told")
    assert openers(draft) == {"pcc", "inspector"}
    assert openers(draft, "kent") == {"inspector"}


def test_what_was_passed_on_is_open_to_that_forces_liaison_too(site: Site) -> None:
    draft = filed(site, "pass")
    assert openers(draft) == {"liaison", "pcc", "inspector"}
    assert openers(draft, "kent") == {"inspector"}


@pytest.mark.parametrize("way", ["told", "pass"])
def test_the_forces_own_registrar_opens_nothing(site: Site, way: str) -> None:
    draft = filed(site, way)
    with pytest.raises(NotFound):
        open_it(draft, person(site, "registrar"))
    assert seen(draft) == []


@pytest.mark.parametrize("way", ["told", "pass", "keep"])
def test_an_advocate_opens_what_they_filed_and_no_other_advocate_does(site: Site, way: str) -> None:
    maria, jo = person(site, "advocate"), person(site, "advocate")
    draft = filed(site, way, by=maria)
    open_it(draft, maria)
    with pytest.raises(NotFound):
        open_it(draft, jo)
    assert [one.role for one in seen(draft)] == ["advocate"]


def test_a_look_stands_with_its_reason_and_its_entry_for_the_person_to_read(
    site: Site, clock: HandClock
) -> None:
    draft, inspector = filed(site, "told"), person(site, "inspector")
    open_it(draft, inspector, f"  {REASON}\n")
    first = clock()
    clock.advance(hours=1)
    open_it(draft, inspector, "Again")
    assert [(one.at, one.role, one.organisation, one.reason) for one in seen(draft)] == [
        (first, "inspector", "Harbour Support", REASON),
        (first + timedelta(hours=1), "inspector", "Harbour Support", "Again"),
    ]
    kinds = [one.kind for one in entries_of(draft)]
    assert kinds == ["submitted", "looked_at", "looked_at"]
    fields = entries_of(draft)[1].fields
    assert (fields["reason"], fields["role"]) == (REASON, "inspector")


def test_a_look_and_its_entry_are_committed_together_or_not_at_all(site: Site) -> None:
    draft, inspector = filed(site, "told"), person(site, "inspector")
    before = count_of(site, LedgerEntry)

    def fail_before_the_commit() -> None:
        with site.database.transaction() as session:
            keys = site.keyring
            look(session, draft.id, account=inspector, reason=REASON, keyring=keys, now=site.now())
            raise ConnectionError

    with pytest.raises(ConnectionError):
        fail_before_the_commit()
    assert (count_of(site, Look), count_of(site, LedgerEntry)) == (0, before)
    open_it(draft, inspector)
    assert (count_of(site, Look), count_of(site, LedgerEntry)) == (1, before + 1)


@pytest.mark.parametrize(
    ("reason", "said"), [("", "Say why"), (" \n\t", "Say why"), ("x" * 1001, "up to 1000")]
)
def test_a_look_needs_a_reason_that_somebody_can_read(site: Site, reason: str, said: str) -> None:
    draft = filed(site, "told")
    with pytest.raises(Refused, match=said):
        open_it(draft, person(site, "inspector"), reason)
    assert seen(draft) == []
    assert [one.kind for one in entries_of(draft)] == ["submitted"]


def test_the_longest_reason_is_kept_whole(site: Site) -> None:
    draft = filed(site, "told")
    open_it(draft, person(site, "inspector"), "x" * 1000)
    assert [one.reason for one in seen(draft)] == ["x" * 1000]


def test_a_reason_lies_sealed(site: Site) -> None:
    draft = filed(site, "told")
    made = open_it(draft, person(site, "inspector"))
    assert REASON.encode() not in made.sealed_reason
    assert REASON not in repr(seen(draft))


@pytest.mark.parametrize("way", ["told", "pass"])
def test_what_was_withdrawn_is_opened_by_nobody_any_more(site: Site, way: str) -> None:
    maria = person(site, "advocate")
    draft = filed(site, way, by=maria)
    draft.withdraw()
    for account in (maria, person(site, "inspector"), person(site, "pcc")):
        with pytest.raises(Refused, match="withdrew it"):
            open_it(draft, account)
    assert seen(draft) == []


def test_who_may_not_open_it_is_not_told_whether_it_was_withdrawn_or_is_there(site: Site) -> None:
    draft, kent = filed(site, "told"), person(site, "pcc", "kent")
    said = []
    for _ in range(2):
        with pytest.raises(NotFound) as refusal:
            open_it(draft, kent, "")
        said.append(refusal.value.message)
        draft.withdraw()
    assert said[0] == said[1]


def test_a_report_about_no_known_force_is_for_inspectors(site: Site) -> None:
    made = file_report(site, force="unsure")
    assert openers(Draft(site, made.id, made.code)) == {"inspector"}


def test_what_turns_from_kept_to_told_opens_to_oversight_from_then_on(site: Site) -> None:
    draft = kept_report(site)
    assert openers(draft) == set()
    draft.tell(hours_ago=1, force="wiltshire")
    assert openers(draft) == {"pcc", "inspector"}


@pytest.mark.parametrize("backend", ["postgresql"], indirect=True)
def test_a_withdrawal_that_comes_between_reading_and_looking_still_counts(site: Site) -> None:
    draft, inspector = filed(site, "told"), person(site, "inspector")
    with site.database.transaction() as session:
        read = get_report(session, draft.id)
        draft.withdraw()
        assert read.withdrawn_at is None
        with pytest.raises(Refused, match="withdrew it"):
            look(
                session,
                draft.id,
                account=inspector,
                reason=REASON,
                keyring=site.keyring,
                now=site.now(),
            )
