"""Promises about signing in: one answer for every wrong try, and a password of one's own."""

from datetime import UTC, datetime

import pytest

from portal.accounts.entry import MustChoosePassword, WrongSignIn, choose_password, sign_in
from portal.accounts.known_browsers import make_mark
from portal.accounts.models import Account
from portal.accounts.passwords import Hasher
from portal.accounts.service import add_account, close_account, find_account, give_password
from portal.accounts.sign_ins import find_signed_in
from portal.accounts.throttling import ONE_ACCOUNT
from portal.errors import Refused, TooManyTries
from portal.site import Site

NOW = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
EMAIL = "maria@example.org"
PASSWORD = "three quiet otters"
OWN = "a heron by the weir"


@pytest.fixture
def account(site: Site) -> Account:
    return _add(site)


def _add(site: Site, *, chosen_by_owner: bool = True) -> Account:
    with site.database.transaction() as session:
        return add_account(
            session,
            email=EMAIL,
            name="Maria Okafor",
            organisation="Harbour Support",
            role="advocate",
            force_id=None,
            password=PASSWORD,
            keyring=site.keyring,
            tokens=site.tokens,
            hasher=site.hasher,
            now=NOW,
            chosen_by_owner=chosen_by_owner,
        )


def _sign_in(
    site: Site,
    email: str = EMAIL,
    password: str = PASSWORD,
    *,
    now: datetime = NOW,
    hasher: Hasher | None = None,
    mark: str = "",
) -> str:
    return sign_in(
        site.database,
        email=email,
        password=password,
        tokens=site.tokens,
        hasher=hasher or site.hasher,
        now=now,
        mark=mark,
    )


def _choose(site: Site, new_password: str, *, password: str = PASSWORD) -> str:
    return choose_password(
        site.database,
        email=EMAIL,
        password=password,
        new_password=new_password,
        keyring=site.keyring,
        tokens=site.tokens,
        hasher=site.hasher,
        now=NOW,
    )


def _is_in(site: Site, token: str) -> bool:
    with site.database.reading() as session:
        return find_signed_in(session, token, now=NOW) is not None


def test_the_right_password_signs_in_with_a_new_token_each_time(
    site: Site, account: Account
) -> None:
    first, second = _sign_in(site), _sign_in(site, " MARIA@example.org ")
    assert first != second
    assert _is_in(site, first)
    assert _is_in(site, second)


def test_unknown_closed_and_wrong_get_the_same_answer(site: Site, account: Account) -> None:
    answers = set()
    for email, password in ((EMAIL, "wrong"), ("jo@example.org", PASSWORD), (EMAIL, "x" * 10_000)):
        with pytest.raises(WrongSignIn) as wrong:
            _sign_in(site, email, password)
        answers.add(wrong.value.message)
    with site.database.transaction() as session:
        close_account(session, account.id, now=NOW)
    with pytest.raises(WrongSignIn) as wrong:
        _sign_in(site)
    assert answers == {wrong.value.message}


@pytest.mark.parametrize("email", [EMAIL, "nobody@example.org"])
def test_too_many_wrong_tries_wait_whether_the_address_is_known_or_not(
    site: Site, account: Account, email: str
) -> None:
    for _ in range(ONE_ACCOUNT.tries):
        with pytest.raises(WrongSignIn):
            _sign_in(site, email, "wrong")
    with pytest.raises(TooManyTries) as waiting:
        _sign_in(site, email)
    assert waiting.value.retry_after == ONE_ACCOUNT.window.total_seconds()


def test_the_right_password_works_once_the_window_is_over(site: Site, account: Account) -> None:
    for _ in range(ONE_ACCOUNT.tries):
        with pytest.raises(WrongSignIn):
            _sign_in(site, password="wrong")
    assert _sign_in(site, now=NOW + ONE_ACCOUNT.window)


def test_wrong_tries_for_other_addresses_keep_nobody_out(site: Site, account: Account) -> None:
    for number in range(310):
        with pytest.raises(WrongSignIn):
            _sign_in(site, f"nobody{number}@example.org", "wrong")
    assert _sign_in(site)


def test_an_owners_own_browser_is_not_held_up_by_others_tries(site: Site, account: Account) -> None:
    mark = make_mark(EMAIL, tokens=site.tokens)
    for _ in range(ONE_ACCOUNT.tries):
        with pytest.raises(WrongSignIn):
            _sign_in(site, password="wrong")
    with pytest.raises(TooManyTries):
        _sign_in(site)
    assert _sign_in(site, mark=mark)
    with pytest.raises(TooManyTries):
        _sign_in(site)


def test_a_known_browser_has_its_own_limit(site: Site, account: Account) -> None:
    mark = make_mark(EMAIL, tokens=site.tokens)
    for _ in range(ONE_ACCOUNT.tries):
        with pytest.raises(WrongSignIn):
            _sign_in(site, password="wrong", mark=mark)
    with pytest.raises(TooManyTries):
        _sign_in(site, mark=mark)
    assert _sign_in(site)


def test_a_password_that_an_administrator_gave_signs_nobody_in_until_it_is_replaced(
    site: Site,
) -> None:
    _add(site, chosen_by_owner=False)
    with pytest.raises(MustChoosePassword):
        _sign_in(site)
    with pytest.raises(WrongSignIn):
        _sign_in(site, password="wrong")
    assert _is_in(site, _choose(site, OWN))
    assert _is_in(site, _sign_in(site, password=OWN))
    with pytest.raises(WrongSignIn):
        _sign_in(site, password=PASSWORD)


def test_choosing_a_password_ends_every_other_sign_in(site: Site, account: Account) -> None:
    before = _sign_in(site)
    after = _choose(site, OWN)
    assert not _is_in(site, before)
    assert _is_in(site, after)


@pytest.mark.parametrize(
    ("new_password", "words"),
    [(PASSWORD, "the old one"), ("short", "at least 12"), ("maria.okafor1", "too close")],
)
def test_a_poor_new_password_is_refused_and_the_old_one_stays(
    site: Site, account: Account, new_password: str, words: str
) -> None:
    with pytest.raises(Refused, match=words):
        _choose(site, new_password)
    assert _sign_in(site)


def test_a_borrowed_browser_cannot_change_the_password(site: Site, account: Account) -> None:
    with pytest.raises(WrongSignIn):
        _choose(site, OWN, password="not the password")
    assert _sign_in(site)


def test_a_password_given_anew_ends_the_sign_ins_and_opens_only_the_choice(
    site: Site, account: Account
) -> None:
    token = _sign_in(site)
    with site.database.transaction() as session:
        hashed = site.hasher.hash("one-time pass words")
        give_password(session, account.id, password_hash=hashed, now=NOW)
    assert not _is_in(site, token)
    with pytest.raises(MustChoosePassword):
        _sign_in(site, password="one-time pass words")


def test_signing_in_makes_the_hash_afresh_when_the_parameters_changed(
    site: Site, account: Account
) -> None:
    stronger = Hasher(memory_kib=64, passes=2, lanes=1)
    _sign_in(site, hasher=stronger)
    with site.database.reading() as session:
        found = find_account(session, EMAIL, tokens=site.tokens)
    assert found is not None
    assert not stronger.is_outdated(found.password_hash)
    assert _sign_in(site, hasher=stronger)
