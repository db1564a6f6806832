"""Promises about files that arrive in pieces: what was cut off goes on, and nothing is mixed up."""

from datetime import timedelta
from hashlib import sha256
from uuid import uuid4

import pytest
from sqlalchemy import func, select

from portal.evidence.listing import count_files, files_of
from portal.evidence.models import EvidenceFile, EvidencePart
from portal.evidence.parts import PART
from portal.evidence.refusals import FileRefused
from portal.evidence.unfinished import (
    KEPT,
    Announced,
    Sending,
    begin_sending,
    drop_sending,
    find_sendings,
    finish_sending,
    forget_unfinished,
    take_part,
)
from portal.reports.drafts import get_data_key
from portal.site import Site
from tests.rig.clock import HandClock
from tests.rig.drafts import Draft, kept_report, new_draft
from tests.rig.uploads import SCRIPT, add, jpeg

LONG = jpeg() + bytes(range(256)) * 9000  # three pieces


def split(data: bytes) -> list[bytes]:
    return [data[start : start + PART] for start in range(0, len(data), PART)]


def announce(data: bytes, name: str = "film.jpg") -> Announced:
    """What the page's script says about a file before it sends it."""
    hashes = b"".join(sha256(piece).digest() for piece in split(data))
    return Announced(name, len(data), sha256(hashes).digest())


def begin(site: Site, draft: Draft, data: bytes) -> Sending:
    with site.database.transaction() as session:
        return begin_sending(
            session, draft.id, announce(data), keyring=site.keyring, now=site.now()
        )


def give(site: Site, draft: Draft, sending: Sending, number: int, piece: bytes) -> Sending:
    with site.database.transaction() as session:
        return take_part(
            session,
            draft.id,
            sending.id,
            number,
            piece,
            digest=sha256(piece).digest(),
            keyring=site.keyring,
            now=site.now(),
        )


def finish(site: Site, draft: Draft, sending: Sending) -> int:
    return finish_sending(site.database, draft.id, sending.id, keyring=site.keyring, now=site.now())


def give_all(site: Site, draft: Draft, data: bytes) -> int:
    sending = begin(site, draft, data)
    for number, piece in list(enumerate(split(data), 1))[sending.have :]:
        give(site, draft, sending, number, piece)
    return finish(site, draft, sending)


def test_a_file_sent_in_pieces_is_kept_like_any_other(site: Site) -> None:
    report = kept_report(site)
    assert give_all(site, report, LONG) == 1
    with site.database.reading() as session:
        data_key = get_data_key(session, report.id, keyring=site.keyring)
        (seen,) = files_of(session, report.id, data_key=data_key)
    assert (seen.name, seen.size, seen.kind.name) == ("film.jpg", len(LONG), "jpeg")
    assert seen.sha256 == sha256(LONG).hexdigest()
    assert seen.entry == 2


def test_after_a_lost_connection_the_same_file_goes_on_where_it_stopped(site: Site) -> None:
    draft, pieces = new_draft(site), split(LONG)
    first = begin(site, draft, LONG)
    give(site, draft, first, 1, pieces[0])
    again = begin(site, draft, LONG)
    assert (again.id, again.have, again.parts) == (first.id, 1, 3)
    assert again.have_bytes == PART
    assert give_all(site, draft, LONG) == 1


def test_another_file_that_begins_alike_is_another_file(site: Site) -> None:
    draft = new_draft(site)
    other = LONG[:-1] + b"x"
    first = begin(site, draft, LONG)
    give(site, draft, first, 1, split(LONG)[0])
    assert begin(site, draft, other).id != first.id


def test_a_piece_that_arrives_twice_is_kept_once(site: Site) -> None:
    draft, pieces = new_draft(site), split(LONG)
    sending = begin(site, draft, LONG)
    assert give(site, draft, sending, 1, pieces[0]).have == 1
    assert give(site, draft, sending, 1, pieces[0]).have == 1
    assert give(site, draft, sending, 3, pieces[2]).have == 1
    assert give(site, draft, sending, 9, pieces[2]).have == 1
    assert give(site, draft, sending, 2, pieces[1]).have == 2


def test_a_piece_that_was_damaged_on_the_way_is_not_kept(site: Site) -> None:
    draft, pieces = new_draft(site), split(LONG)
    sending = begin(site, draft, LONG)
    with pytest.raises(FileRefused, match="It changed while it was sent"):
        give(site, draft, sending, 1, pieces[0][:-1])
    with site.database.transaction() as session, pytest.raises(FileRefused):
        take_part(
            session,
            draft.id,
            sending.id,
            1,
            pieces[0],
            digest=bytes(32),
            keyring=site.keyring,
            now=site.now(),
        )
    assert begin(site, draft, LONG).have == 0


def test_other_pieces_than_were_announced_are_found_out_at_the_end(site: Site) -> None:
    draft, pieces = new_draft(site), split(LONG)
    sending = begin(site, draft, LONG)
    for number, piece in enumerate((pieces[0], pieces[1][::-1], pieces[2]), 1):
        give(site, draft, sending, number, piece)
    with pytest.raises(FileRefused, match="It changed while it was sent"):
        finish(site, draft, sending)
    assert left(site) == (0, 0)


def test_a_kind_that_is_not_taken_is_told_at_the_first_piece(site: Site) -> None:
    draft = new_draft(site)
    sending = begin(site, draft, SCRIPT)
    with pytest.raises(FileRefused, match="web page"):
        give(site, draft, sending, 1, SCRIPT)
    drop_sending(site.database, draft.id, sending.id)
    assert left(site) == (0, 0)


def test_nothing_is_finished_before_all_of_it_is_here(site: Site) -> None:
    draft = new_draft(site)
    sending = begin(site, draft, LONG)
    give(site, draft, sending, 1, split(LONG)[0])
    with pytest.raises(FileRefused):
        finish(site, draft, sending)
    with site.database.reading() as session:
        assert count_files(session, draft.id) == 0


def test_finished_twice_it_is_one_file(site: Site) -> None:
    draft = new_draft(site)
    give_all(site, draft, LONG)
    with site.database.reading() as session:
        file_id = session.scalars(select(EvidenceFile.id)).one()
    sending = Sending(file_id, "", 0, 3, 3)
    assert finish(site, draft, sending) == 1
    with pytest.raises(FileRefused, match="not here any more"):
        give(site, draft, sending, 1, b"x")


def test_a_file_that_is_there_already_is_said_to_be(site: Site) -> None:
    draft = new_draft(site)
    add(site, draft.id, LONG)
    with pytest.raises(FileRefused, match="It is file 1"):
        give_all(site, draft, LONG)
    assert left(site) == (1, 3)


def test_nobody_reaches_another_persons_pieces(site: Site) -> None:
    draft, other = new_draft(site), new_draft(site)
    sending = begin(site, draft, LONG)
    with pytest.raises(FileRefused, match="not here any more"):
        give(site, other, sending, 1, split(LONG)[0])
    with pytest.raises(FileRefused, match="not here any more"):
        finish(site, other, sending)
    drop_sending(site.database, other.id, sending.id)
    drop_sending(site.database, other.id, uuid4())
    with site.database.reading() as session:
        data_key = get_data_key(session, draft.id, keyring=site.keyring)
        assert [each.id for each in find_sendings(session, draft.id, data_key=data_key)] == [
            sending.id
        ]


def test_what_nobody_goes_on_with_for_a_day_is_destroyed(site: Site, clock: HandClock) -> None:
    draft = new_draft(site)
    sending = begin(site, draft, LONG)
    add(site, draft.id, jpeg())
    clock.advance(hours=23)
    give(site, draft, sending, 1, split(LONG)[0])
    clock.advance(hours=23)
    assert forget_unfinished(site.database, now=clock()) == 0
    clock.advance(hours=2)
    assert forget_unfinished(site.database, now=clock()) == 1
    assert forget_unfinished(site.database, now=clock()) == 0
    assert timedelta(hours=24) == KEPT
    assert left(site) == (1, 1)


def left(site: Site) -> tuple[int, int]:
    """How many files and pieces are in the database."""
    with site.database.reading() as session:
        return (
            session.scalar(select(func.count()).select_from(EvidenceFile)) or 0,
            session.scalar(select(func.count()).select_from(EvidencePart)) or 0,
        )
