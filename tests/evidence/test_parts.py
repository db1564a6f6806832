"""Promises about pieces: each is sealed, and opens only where it was written."""

import pytest
from sqlalchemy import delete, select, update

from portal.errors import Unavailable
from portal.evidence.models import EvidenceFile, EvidencePart
from portal.evidence.parts import PART, count_parts, read_parts
from portal.reports.drafts import get_data_key
from portal.site import Site
from tests.rig.drafts import Draft, kept_report
from tests.rig.uploads import add, jpeg

LONG = jpeg() + bytes(range(256)) * 10_000  # three pieces


@pytest.fixture
def draft(site: Site) -> Draft:
    """A report that was sent, with two files of three pieces."""
    made = kept_report(site)
    add(site, made.id, LONG)
    add(site, made.id, LONG[::-1][-1:] + LONG[1:] + b"another")
    return made


def read(site: Site, draft: Draft, number: int = 1) -> bytes:
    """A file, read back piece by piece."""
    with site.database.reading() as session:
        file = session.scalars(select(EvidenceFile).where(EvidenceFile.number == number)).one()
        data_key = get_data_key(session, draft.id, keyring=site.keyring)
    return b"".join(read_parts(site.database, file.id, file.parts, data_key=data_key))


def test_sizes_are_counted_in_pieces_of_a_mebibyte() -> None:
    assert [count_parts(size) for size in (0, 1, PART, PART + 1, 3 * PART)] == [1, 1, 1, 2, 3]


def test_a_long_file_comes_back_bit_for_bit(site: Site, draft: Draft) -> None:
    assert read(site, draft) == LONG


def test_nothing_of_a_file_stands_in_the_database_in_clear(site: Site, draft: Draft) -> None:
    with site.database.reading() as session:
        held = b"".join(session.scalars(select(EvidencePart.sealed)))
        facts = b"".join(session.scalars(select(EvidenceFile.sealed)))
    assert LONG[:40] not in held
    assert bytes(range(64)) not in held
    assert b"a.bin" not in facts
    assert len(held) == 2 * len(LONG) + 7 + 6 * 29


@pytest.mark.parametrize(
    ("name", "value"),
    [("number", EvidencePart.number + 10), ("is_copy", True)],
)
def test_a_piece_that_was_put_elsewhere_does_not_open(
    site: Site, draft: Draft, name: str, value: object
) -> None:
    with site.database.transaction() as session:
        session.execute(update(EvidencePart).values({name: value}))
        if name == "number":
            session.execute(update(EvidencePart).values(number=EvidencePart.number - 9))
            session.execute(delete(EvidencePart).where(EvidencePart.number == 4))
    with pytest.raises(Unavailable):
        read(site, draft)


def test_a_piece_of_another_file_does_not_open(site: Site, draft: Draft) -> None:
    with site.database.transaction() as session:
        one, other = session.scalars(select(EvidenceFile).order_by(EvidenceFile.number)).all()
        mine = EvidencePart.file_id == one.id
        session.execute(delete(EvidencePart).where(mine, EvidencePart.number == 2))
        theirs = EvidencePart.file_id == other.id
        session.execute(
            update(EvidencePart).where(theirs, EvidencePart.number == 2).values(file_id=one.id)
        )
    with pytest.raises(Unavailable):
        read(site, draft)


def test_a_file_that_was_cut_short_does_not_open_as_a_shorter_one(site: Site, draft: Draft) -> None:
    with site.database.transaction() as session:
        session.execute(delete(EvidencePart).where(EvidencePart.number == 3))
        session.execute(update(EvidenceFile).values(parts=2))
    with pytest.raises(Unavailable):
        read(site, draft)


def test_a_missing_piece_is_said_to_be_missing(site: Site, draft: Draft) -> None:
    with site.database.transaction() as session:
        session.execute(delete(EvidencePart).where(EvidencePart.number == 2))
    with pytest.raises(Unavailable, match="A part of this file is missing"):
        read(site, draft)
