"""Promises about copies: made after the original is kept, and never at its cost."""

from collections.abc import Iterable

import pytest
from sqlalchemy import delete, select, update

from portal.evidence.cleaning import Clean, Cleaned
from portal.evidence.copies import MOST_EACH, make_copies
from portal.evidence.kinds import KINDS, Kind
from portal.evidence.listing import FileSeen, files_of, read_copy, read_original
from portal.evidence.models import EvidenceFile, EvidencePart
from portal.evidence.parts import PART
from portal.reports.drafts import get_data_key
from portal.site import Site
from tests.rig.clock import HandClock
from tests.rig.drafts import Draft, kept_report, new_draft
from tests.rig.erased import erase
from tests.rig.filed import file_report
from tests.rig.uploads import HONEST, PLACE, add, jpeg, pdf


def make(site: Site, clean: Clean | None = None) -> int:
    keys = {} if clean is None else {"clean": clean}
    return make_copies(site.database, keyring=site.keyring, now=site.now(), **keys)


def seen(site: Site, draft: Draft) -> list[FileSeen]:
    with site.database.reading() as session:
        data_key = get_data_key(session, draft.id, keyring=site.keyring)
        return files_of(session, draft.id, data_key=data_key)


def copy_of(site: Site, draft: Draft, number: int = 1) -> bytes:
    with site.database.reading() as session:
        data_key = get_data_key(session, draft.id, keyring=site.keyring)
    file = seen(site, draft)[number - 1]
    return b"".join(read_copy(site.database, file, data_key=data_key).pieces)


def giving(copy: bytes, state: str = "made") -> Clean:
    """Makes the same of every file."""

    def clean(_kind: Kind, pieces: Iterable[bytes]) -> Cleaned:
        list(pieces)
        return Cleaned(state, KINDS["png"] if state == "made" else None, copy)

    return clean


def test_each_picture_and_document_gets_its_copy_once(site: Site) -> None:
    report = kept_report(site)
    for data in HONEST.values():
        add(site, report.id, data)
    assert [make(site), make(site), make(site)] == [3, 2, 0]
    shows = {each.kind.name for each in seen(site, report) if each.copy_kind}
    assert shows == {"jpeg", "png", "gif", "webp", "pdf"}
    assert PLACE not in copy_of(site, report)


@pytest.mark.parametrize(
    ("data", "state"),
    [
        (jpeg((300, 300))[:2000], "failed"),
        (b"%PDF-1.7 broken", "failed"),
        (pdf()[:300], "failed"),
    ],
)
def test_a_file_of_which_no_copy_can_be_made_is_kept_all_the_same(
    site: Site, data: bytes, state: str
) -> None:
    report = kept_report(site)
    add(site, report.id, data)
    assert make(site) == 1
    (file,) = seen(site, report)
    assert (file.copy_state, file.copy_kind) == (state, None)
    with site.database.reading() as session:
        data_key = get_data_key(session, report.id, keyring=site.keyring)
    assert b"".join(read_original(site.database, file, data_key=data_key).pieces) == data
    assert make(site) == 0


def test_a_locked_document_is_said_to_be_locked(site: Site) -> None:
    import pikepdf

    report = kept_report(site)
    add(site, report.id, pdf(encryption=pikepdf.Encryption(user="a", owner="b")))
    make(site)
    assert seen(site, report)[0].copy_state == "locked"


def test_a_large_copy_is_kept_in_pieces_and_a_run_that_was_cut_off_is_done_again(
    site: Site,
) -> None:
    report = kept_report(site)
    add(site, report.id, jpeg())
    first, second = bytes(range(256)) * 12_000, b"small"
    make(site, giving(first))
    assert copy_of(site, report) == first
    with site.database.transaction() as session:
        # As if it had been cut off just before the end.
        session.execute(update(EvidenceFile).values(copy_state="waiting"))
        session.execute(
            delete(EvidencePart).where(EvidencePart.is_copy.is_(True), EvidencePart.number == 2)
        )
    assert len(first) > 2 * PART
    make(site, giving(second))
    assert copy_of(site, report) == second


def test_a_file_that_is_removed_or_erased_meanwhile_leaves_nothing(site: Site) -> None:
    filed, draft = file_report(site), new_draft(site)
    add(site, filed.id, jpeg())
    add(site, draft.id, jpeg())

    def erased_meanwhile(_kind: Kind, pieces: Iterable[bytes]) -> Cleaned:
        list(pieces)
        with site.database.transaction() as session:
            if session.scalars(select(EvidenceFile.id)).all():
                session.execute(delete(EvidencePart))
                session.execute(delete(EvidenceFile))
        return Cleaned("made", KINDS["png"], b"copy")

    assert make(site, erased_meanwhile) == 0
    with site.database.reading() as session:
        assert not session.scalars(select(EvidencePart.number)).all()


def test_a_report_that_was_erased_before_its_turn_is_passed_over(site: Site) -> None:
    filed = file_report(site)
    add(site, filed.id, jpeg())
    erase(site, filed)
    assert make(site) == 0


class Bench:
    """Settles every file without a copy, notes whose turn it was, and takes its time."""

    def __init__(self, site: Site, *, takes: float = 0.0) -> None:
        self.site, self.takes = site, takes
        self.now = 0.0
        self.turns: list[str] = []

    def clean(self, kind: Kind, pieces: Iterable[bytes]) -> Cleaned:
        list(pieces)
        self.turns.append(kind.name)
        self.now += self.takes
        return Cleaned("failed")

    def round(self) -> int:
        """One round of the job."""
        return make_copies(
            self.site.database,
            keyring=self.site.keyring,
            now=self.site.now(),
            clean=self.clean,
            seconds=lambda: self.now,
        )


def documents(site: Site, draft: Draft, count: int) -> None:
    """So many documents, each another."""
    for number in range(count):
        add(site, draft.id, pdf() + b"%" + b"x" * number, name=f"secret-{number}.pdf")


def test_of_first_files_the_one_that_waits_longest_comes_first(
    site: Site, clock: HandClock
) -> None:
    bench, later = Bench(site), [new_draft(site), new_draft(site)]
    add(site, later[1].id, HONEST["pdf"])
    clock.advance(minutes=1)
    add(site, later[0].id, HONEST["png"])
    assert bench.round() == 2
    assert bench.turns == ["pdf", "png"]


def test_what_was_sent_comes_before_every_draft(site: Site, clock: HandClock) -> None:
    documents(site, new_draft(site), 4)
    clock.advance(minutes=1)
    sent, bench = kept_report(site), Bench(site)
    for kind in ("png", "jpeg"):
        add(site, sent.id, HONEST[kind])
    assert bench.round() == 2 + MOST_EACH
    assert bench.turns == ["png", "jpeg", *["pdf"] * MOST_EACH]


@pytest.mark.parametrize("takes", [0.0, 60.0])
def test_a_hundred_slow_documents_of_one_report_do_not_keep_the_others_waiting(
    site: Site, clock: HandClock, takes: float
) -> None:
    flood, bench = kept_report(site), Bench(site, takes=takes)
    documents(site, flood, 12)
    clock.advance(minutes=1)
    bench.round()
    assert bench.turns == ["pdf"] * (1 if takes else MOST_EACH)
    other = kept_report(site)
    add(site, other.id, HONEST["png"])
    bench.turns.clear()
    bench.round()
    assert bench.turns[0] == "png"
    for _ in range(13):
        bench.round()
    assert {each.copy_state for each in seen(site, flood)} == {"failed"}


def test_one_bad_file_is_logged_without_its_name_and_passed_over_while_the_others_get_done(
    site: Site, caplog: pytest.LogCaptureFixture
) -> None:
    report, other, bench = kept_report(site), kept_report(site), Bench(site)
    documents(site, report, MOST_EACH + 1)
    documents(site, other, 1)
    bad = seen(site, report)[0]
    with site.database.transaction() as session:
        torn = update(EvidencePart).where(EvidencePart.file_id == bad.id)
        session.execute(torn.values(sealed=b"torn"))
    with caplog.at_level("ERROR"):
        assert bench.round() == MOST_EACH + 1
    assert [each.copy_state for each in seen(site, report)] == ["waiting", *["failed"] * MOST_EACH]
    assert [each.copy_state for each in seen(site, other)] == ["failed"]
    (line,) = caplog.records
    assert line.__dict__["facts"] == {"file": str(bad.id)}
    assert "secret" not in caplog.text + repr(line.__dict__)
    assert bench.round() == 0
