"""Promises about sign-ins: they end when the row says so, and never live on in a copied cookie."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from portal.accounts.models import Account, SignIn
from portal.accounts.service import add_account
from portal.accounts.sign_ins import (
    IDLE,
    LONGEST,
    end_all_sign_ins,
    end_sign_in,
    find_signed_in,
    is_of,
    is_unseen,
    list_sign_ins,
    start_sign_in,
    touch,
)
from portal.site import Site

NOW = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)


@pytest.fixture
def account(site: Site) -> Account:
    with site.database.transaction() as session:
        return add_account(
            session,
            email="maria@example.org",
            name="Maria Okafor",
            organisation="Harbour Support",
            role="advocate",
            force_id=None,
            password="three quiet otters",
            keyring=site.keyring,
            tokens=site.tokens,
            hasher=site.hasher,
            now=NOW,
        )


def _start(site: Site, account: Account, now: datetime = NOW) -> str:
    with site.database.transaction() as session:
        return start_sign_in(session, account.id, now=now)


def _is_in(site: Site, token: str, now: datetime = NOW) -> bool:
    with site.database.reading() as session:
        return find_signed_in(session, token, now=now) is not None


def _touch(site: Site, token: str, now: datetime) -> None:
    with site.database.transaction() as session:
        touch(session, token, now=now)


def test_a_token_signs_in_its_own_account_and_a_guess_nobody(site: Site, account: Account) -> None:
    token = _start(site, account)
    with site.database.reading() as session:
        found = find_signed_in(session, token, now=NOW)
        assert found is not None
        assert found.id == account.id
        assert find_signed_in(session, token[:-1], now=NOW) is None


def test_a_copy_of_the_database_signs_nobody_in(site: Site, account: Account) -> None:
    token = _start(site, account)
    with site.database.reading() as session:
        kept = session.scalars(select(SignIn.token_hash)).one()
    assert token.encode() not in kept
    assert not _is_in(site, kept.hex())
    assert len(token) >= 43


def test_an_idle_hour_signs_out(site: Site, account: Account) -> None:
    token = _start(site, account)
    assert _is_in(site, token, NOW + IDLE - SECOND)
    assert not _is_in(site, token, NOW + IDLE)


def test_work_keeps_a_sign_in_open_but_never_beyond_twelve_hours(
    site: Site, account: Account
) -> None:
    token = _start(site, account)
    at = NOW
    while at < NOW + LONGEST - timedelta(minutes=30):
        at += timedelta(minutes=30)
        _touch(site, token, at)
    assert _is_in(site, token, NOW + LONGEST - SECOND)
    assert not _is_in(site, token, NOW + LONGEST)


def test_a_touch_writes_at_most_every_five_minutes(site: Site, account: Account) -> None:
    token = _start(site, account)
    with site.database.reading() as session:
        assert not is_unseen(session, token, now=NOW + timedelta(minutes=4))
        assert is_unseen(session, token, now=NOW + timedelta(minutes=5))
    _touch(site, token, NOW + timedelta(minutes=4))
    assert not _is_in(site, token, NOW + IDLE)
    _touch(site, token, NOW + timedelta(minutes=5))
    assert _is_in(site, token, NOW + IDLE)


def test_signing_out_ends_the_sign_in_for_every_copy_and_is_safe_to_repeat(
    site: Site, account: Account
) -> None:
    token, other = _start(site, account), _start(site, account)
    for _ in range(2):
        with site.database.transaction() as session:
            end_sign_in(session, token, now=NOW)
    assert not _is_in(site, token)
    _touch(site, token, NOW + timedelta(minutes=10))
    assert not _is_in(site, token)
    assert _is_in(site, other)


def test_the_other_browsers_can_be_ended_from_this_one(site: Site, account: Account) -> None:
    mine, others = _start(site, account), [_start(site, account) for _ in range(2)]
    with site.database.transaction() as session:
        assert end_all_sign_ins(session, account.id, now=NOW, but=mine) == 2
    assert _is_in(site, mine)
    assert not any(_is_in(site, token) for token in others)
    with site.database.transaction() as session:
        assert end_all_sign_ins(session, account.id, now=NOW) == 1


def test_only_sign_ins_that_are_not_over_are_listed(site: Site, account: Account) -> None:
    _start(site, account, NOW - LONGEST)
    ended, mine = _start(site, account), _start(site, account)
    with site.database.transaction() as session:
        end_sign_in(session, ended, now=NOW)
    with site.database.reading() as session:
        listed = list_sign_ins(session, account.id, now=NOW)
    assert [is_of(sign_in, mine) for sign_in in listed] == [True]
