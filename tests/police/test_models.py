"""What the tables themselves refuse, whoever writes to them."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from portal.db import Base
from portal.police.models import CrimeRecord, CrimeRecordVersion, Supply
from portal.site import Site
from tests.rig.supplies import row, take


def copy_of(one: Base, **parts: object) -> dict[str, Any]:
    values = {column.name: getattr(one, column.name) for column in one.__table__.columns}
    del values["id"]
    return values | parts


@pytest.fixture
def taken(site: Site) -> Site:
    take(site, [row()])
    return site


def refuse(
    site: Site, table: type[Supply | CrimeRecord | CrimeRecordVersion], **parts: object
) -> None:
    with site.database.reading() as session:
        values = copy_of(session.scalars(select(table)).one(), **parts)
    with pytest.raises(IntegrityError), site.database.transaction() as session:
        session.add(table(**values))


def test_one_file_for_one_period_is_one_supply(taken: Site) -> None:
    refuse(taken, Supply, number=99)


def test_two_supplies_never_share_a_number(taken: Site) -> None:
    refuse(taken, Supply, digest=b"x" * 32)


def test_a_period_never_ends_before_it_begins(taken: Site) -> None:
    early = taken.now() - timedelta(days=900)
    refuse(taken, Supply, number=99, covers_to=early)


def test_one_reference_of_a_force_is_one_record(taken: Site) -> None:
    refuse(taken, CrimeRecord, reference="54 1234 26")


def test_two_versions_of_a_record_never_share_a_number(taken: Site) -> None:
    refuse(taken, CrimeRecordVersion, content=b"y" * 16)
