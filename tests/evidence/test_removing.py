"""Promises about taking files away: out of a draft at will, out of what was sent only with all."""

import pytest
from sqlalchemy import func, select

from portal.errors import NotFound, Refused
from portal.evidence.copies import make_copies
from portal.evidence.models import EvidenceFile, EvidencePart
from portal.evidence.removing import drop_file, forget_evidence, remove_file
from portal.reports.codes import read_code
from portal.reports.purging import purge
from portal.site import Site
from tests.reports.test_purging import raw
from tests.rig.drafts import Draft, new_draft, ready_draft
from tests.rig.erased import erase
from tests.rig.filed import Filed, file_report
from tests.rig.uploads import HONEST, add, jpeg


def held(site: Site) -> set[bytes]:
    """Twenty bytes of every piece, as a thief of the disk would look for them."""
    with site.database.reading() as session:
        return {piece[100:120] for piece in session.scalars(select(EvidencePart.sealed))}


def counts(site: Site) -> tuple[int, int]:
    with site.database.reading() as session:
        return (
            session.scalar(select(func.count()).select_from(EvidenceFile)) or 0,
            session.scalar(select(func.count()).select_from(EvidencePart)) or 0,
        )


def remove(site: Site, draft: Draft, number: int) -> None:
    with site.database.transaction() as session:
        remove_file(session, draft.id, number, now=site.now())


def test_a_file_goes_out_of_a_draft_with_its_copy(site: Site) -> None:
    draft = new_draft(site)
    add(site, draft.id, jpeg())
    add(site, draft.id, HONEST["text"])
    make_copies(site.database, keyring=site.keyring, now=site.now())
    assert counts(site) == (2, 3)
    remove(site, draft, 1)
    assert counts(site) == (1, 1)
    with pytest.raises(NotFound):
        remove(site, draft, 1)


def test_a_file_stays_with_what_was_sent(site: Site) -> None:
    draft = ready_draft(site)
    add(site, draft.id, jpeg())
    draft.send()
    with pytest.raises(Refused, match="It was sent, so this file stays with it"):
        remove(site, draft, 1)
    assert counts(site) == (1, 1)


def test_another_persons_file_is_not_found(site: Site) -> None:
    draft, other = new_draft(site), new_draft(site)
    add(site, other.id, jpeg())
    with pytest.raises(NotFound):
        remove(site, draft, 1)


def test_a_file_that_is_whole_is_never_dropped_as_unfinished(site: Site) -> None:
    draft = new_draft(site)
    add(site, draft.id, jpeg())
    with site.database.reading() as session:
        file_id = session.scalars(select(EvidenceFile.id)).one()
    assert not drop_file(site.database, file_id)
    assert counts(site) == (1, 1)


@pytest.mark.parametrize("sent", [False, True])
def test_erasing_destroys_every_piece_and_leaves_other_peoples(site: Site, sent: bool) -> None:
    other = new_draft(site)
    add(site, other.id, jpeg())
    if sent:
        filed = file_report(site)
    else:
        draft = new_draft(site)
        with site.database.reading() as session:
            from portal.reports.drafts import get_report

            filed = Filed(get_report(session, draft.id), draft.code)
    add(site, filed.id, jpeg(colour=90))
    make_copies(site.database, keyring=site.keyring, now=site.now())
    erase(site, filed, sign=read_code(filed.code, codes=site.codes).sign)
    assert counts(site) == (1, 2)
    with site.database.transaction() as session:
        forget_evidence(session, filed.id)
    assert counts(site) == (1, 2)


def test_no_byte_of_a_piece_is_left_in_the_databases_own_files_after_the_purge(
    site: Site,
) -> None:
    filed = file_report(site)
    add(site, filed.id, jpeg() + bytes(range(256)) * 9000)
    make_copies(site.database, keyring=site.keyring, now=site.now())
    looked_for = held(site)
    assert all(piece in raw(site) for piece in looked_for)
    assert len(looked_for) == 4
    erase(site, filed)
    assert purge(site.database, clock=site.now) == 1
    after = raw(site)
    assert not [piece for piece in looked_for if piece in after]
