"""Promises about tries: counted for all workers together, and never a lock-out for good."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from portal.accounts.models import Throttle
from portal.accounts.throttling import (
    ONE_ACCOUNT,
    Limit,
    count_try,
    forget_old,
    forget_tries,
)
from portal.errors import TooManyTries
from portal.site import Site

NOW = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
THREE = Limit("test", tries=3, window=timedelta(minutes=10))


def _try(site: Site, now: datetime = NOW, key: str = "maria") -> bool:
    try:
        with site.database.transaction() as session:
            count_try(session, THREE, key, tokens=site.tokens, now=now)
    except TooManyTries:
        return False
    return True


def test_the_fourth_of_three_tries_is_refused_with_the_time_to_wait(site: Site) -> None:
    assert [_try(site) for _ in range(3)] == [True] * 3
    later = NOW + timedelta(minutes=4)
    with pytest.raises(TooManyTries) as refused, site.database.transaction() as session:
        count_try(session, THREE, "maria", tokens=site.tokens, now=later)
    assert refused.value.retry_after == 6 * 60


def test_nobody_is_locked_out_after_the_window_however_often_they_tried(site: Site) -> None:
    for second in range(30):
        _try(site, NOW + timedelta(seconds=second))
    assert not _try(site, NOW + THREE.window - timedelta(seconds=1))
    assert _try(site, NOW + THREE.window)


def test_one_person_s_tries_do_not_count_for_another(site: Site) -> None:
    assert [_try(site) for _ in range(4)] == [True, True, True, False]
    assert _try(site, key="jo")


def test_tries_at_the_same_time_are_all_counted(site: Site) -> None:
    with ThreadPoolExecutor(8) as workers:
        allowed = list(workers.map(lambda _: _try(site), range(12)))
    assert allowed.count(True) == THREE.tries


def test_a_right_password_empties_the_bucket(site: Site) -> None:
    for _ in range(3):
        _try(site)
    with site.database.transaction() as session:
        forget_tries(session, THREE, "maria", tokens=site.tokens)
    assert _try(site)


def test_the_table_names_nobody(site: Site) -> None:
    _try(site, key="maria@example.org")
    with site.database.reading() as session:
        bucket = session.scalars(select(Throttle.bucket)).one()
    assert bucket == site.tokens.token("throttle/test", "maria@example.org")
    assert b"maria" not in bucket


def test_old_buckets_are_deleted_and_running_ones_are_kept(site: Site) -> None:
    _try(site, NOW - timedelta(days=1), key="old")
    _try(site, NOW, key="new")
    with site.database.transaction() as session:
        assert forget_old(session, now=NOW + ONE_ACCOUNT.window) == 1
        assert forget_old(session, now=NOW + ONE_ACCOUNT.window) == 0
