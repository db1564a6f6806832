"""A force's credential: shown once, kept as a hash, ended for good."""

from uuid import uuid4

import pytest
from sqlalchemy import event, select

from portal.errors import NotFound, Refused
from portal.police.credentials import (
    PREFIX,
    add_credential,
    end_credential,
    find_credential,
    list_credentials,
)
from portal.police.models import ForceCredential
from portal.site import Site


def _add(site: Site, force_id: str = "wiltshire") -> tuple[ForceCredential, str]:
    with site.database.transaction() as session:
        return add_credential(session, force_id, name=" Records \n system ", now=site.now())


def test_a_credential_finds_its_force_and_the_table_does_not_hold_it(site: Site) -> None:
    credential, secret = _add(site)
    assert secret.startswith(PREFIX)
    with site.database.reading() as session:
        found = find_credential(session, secret)
        row = session.execute(select(*ForceCredential.__table__.columns)).one()
    assert found is not None
    assert (found.id, found.force_id, found.name) == (credential.id, "wiltshire", "Records system")
    assert secret.removeprefix(PREFIX) not in str(row)


def test_two_credentials_of_a_force_are_never_the_same(site: Site) -> None:
    assert _add(site)[1] != _add(site)[1]
    with site.database.reading() as session:
        assert len(list_credentials(session)) == 2


@pytest.mark.parametrize("shown", ["", "x", PREFIX, "\x00", "\ud800", "é" * 10_000])
def test_what_is_no_credential_finds_nothing(site: Site, shown: str) -> None:
    _add(site)
    with site.database.reading() as session:
        assert find_credential(session, shown) is None


def test_an_ended_credential_finds_nothing_and_can_be_ended_again(site: Site) -> None:
    credential, secret = _add(site)
    for _ in range(2):
        with site.database.transaction() as session:
            end_credential(session, credential.id, now=site.now())
    with site.database.reading() as session:
        assert find_credential(session, secret) is None
        assert list_credentials(session)[0].ended_at == site.now()


def test_a_guesser_and_the_holder_of_an_ended_one_wait_for_the_same_work(site: Site) -> None:
    credential, secret = _add(site)
    with site.database.transaction() as session:
        end_credential(session, credential.id, now=site.now())
    asked: list[list[str]] = []
    for shown in (secret, secret[:-1] + "~", ""):
        said: list[str] = []
        with site.database.reading() as session:
            connection = session.connection()
            event.listen(
                connection, "before_cursor_execute", lambda *of, into=said: into.append(of[2])
            )
            find_credential(session, shown)
        asked.append(said)
    assert len(asked[0]) == 1
    assert asked[0] == asked[1] == asked[2]


@pytest.mark.parametrize("name", ["", "  ", "x" * 101, "a\u202eb"])
def test_a_credential_says_what_holds_it(site: Site, name: str) -> None:
    with pytest.raises(Refused, match="which system"), site.database.transaction() as session:
        add_credential(session, "wiltshire", name=name, now=site.now())


def test_only_a_known_force_gets_one_and_only_a_known_one_is_ended(site: Site) -> None:
    with pytest.raises(NotFound), site.database.transaction() as session:
        add_credential(session, "atlantis", name="Records", now=site.now())
    with pytest.raises(NotFound), site.database.transaction() as session:
        end_credential(session, uuid4(), now=site.now())
