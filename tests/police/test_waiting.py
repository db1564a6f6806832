"""A file waits sealed for somebody's word, and is then taken as it was sent."""

from datetime import timedelta
from hashlib import sha256
from uuid import UUID

import pytest
from sqlalchemy import func, select

from portal.errors import NotFound, Refused
from portal.police.feed import BrokenFile
from portal.police.models import Supply, WaitingFile, WaitingFilePart
from portal.police.service import Declaration
from portal.police.waiting import (
    KEPT,
    drop_waiting,
    forget_waiting,
    get_waiting,
    keep_file,
    open_preview,
    take_waiting,
)
from portal.site import Site
from tests.rig.people import add_person
from tests.rig.supplies import FIRST, file_of, opens, row

LARGE = file_of([row(f"54/{number}/26", place="Long Lane " * 40) for number in range(1, 3001)])


@pytest.fixture
def account(site: Site) -> UUID:
    return add_person(site, "liaison", force_id="wiltshire")


def keep(site: Site, account: UUID, content: bytes, rows: int) -> UUID:
    return keep_file(
        site.database,
        opens(content),
        force_id="wiltshire",
        declaration=Declaration(FIRST, site.now(), True, rows),
        account_id=account,
        keyring=site.keyring,
        now=site.now(),
    )


def take(site: Site, account: UUID, file_id: UUID, force_id: str | None = "wiltshire") -> UUID:
    return take_waiting(
        site.database,
        file_id,
        force_id=force_id,
        account_id=account,
        keyring=site.keyring,
        tokens=site.tokens,
        now=site.now(),
    ).supply_id


def count(site: Site, table: type[WaitingFile | WaitingFilePart | Supply]) -> int:
    with site.database.reading() as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def test_a_file_of_several_pieces_is_taken_byte_for_byte(site: Site, account: UUID) -> None:
    file_id = keep(site, account, LARGE, 3000)
    assert count(site, WaitingFilePart) == 2
    supply_id = take(site, account, file_id)
    with site.database.reading() as session:
        supply = session.get_one(Supply, supply_id)
    assert supply.digest == sha256(LARGE).digest()
    assert (supply.taken_rows, supply.loaded_by) == (3000, account)
    assert count(site, WaitingFile) == count(site, WaitingFilePart) == 0


def test_nothing_of_it_lies_in_clear(site: Site, account: UUID) -> None:
    keep(site, account, file_of([row(victim_name="Zebulonta", place="Okapigate")]), 1)
    with site.database.reading() as session:
        lies = session.scalars(select(WaitingFilePart.sealed)).one()
        lies += session.scalars(select(WaitingFile.sealed_preview)).one()
    for word in (b"Zebulonta", b"Okapigate", b"wiltshire", b"54/1234/26"):
        assert word not in lies


def test_what_was_found_waits_with_it(site: Site, account: UUID) -> None:
    file_id = keep(site, account, file_of([row(), row("54/2/26", recorded_at="")]), 2)
    with site.database.reading() as session:
        waiting = get_waiting(session, file_id, force_id="wiltshire")
    found = open_preview(waiting, keyring=site.keyring)
    assert (found.rows, found.taken, found.refused) == (2, 1, 1)


def test_another_force_finds_nothing_and_who_runs_the_site_finds_all(
    site: Site, account: UUID
) -> None:
    file_id = keep(site, account, file_of([row()]), 1)
    with site.database.reading() as session:
        assert get_waiting(session, file_id, force_id=None)
        with pytest.raises(NotFound, match="Send it again"):
            get_waiting(session, file_id, force_id="kent")
    with pytest.raises(NotFound):
        take(site, account, file_id, force_id="kent")


def test_what_cannot_be_taken_is_not_kept(site: Site, account: UUID) -> None:
    with pytest.raises(BrokenFile):
        keep(site, account, b"", 0)
    with pytest.raises(Refused, match="2 rows; it holds 1"):
        keep(site, account, file_of([row()]), 2)
    assert count(site, WaitingFile) == 0


def test_after_a_day_a_file_is_destroyed_and_a_younger_one_stays(site: Site, account: UUID) -> None:
    file_id = keep(site, account, LARGE, 3000)
    assert forget_waiting(site.database, now=site.now() + KEPT) == 0
    assert forget_waiting(site.database, now=site.now() + KEPT + timedelta(seconds=1)) == 1
    assert count(site, WaitingFile) == count(site, WaitingFilePart) == 0
    drop_waiting(site.database, file_id)
