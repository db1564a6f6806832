"""Promises about adding a file: kept as it came, on record in the same commit, or refused whole."""

from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as property_settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from portal.errors import NotFound
from portal.evidence.adding import ADDED, add_file
from portal.evidence.listing import files_of, read_original
from portal.evidence.models import EvidenceFile, EvidencePart
from portal.evidence.parts import PART
from portal.evidence.refusals import FileRefused
from portal.ledger.service import timeline
from portal.reference.evidence_limits import evidence_limits_at
from portal.reports.drafts import get_data_key
from portal.site import Site
from tests.rig.audited import audit
from tests.rig.drafts import Draft, kept_report, new_draft
from tests.rig.erased import erase
from tests.rig.filed import Filed, file_report
from tests.rig.own import Own
from tests.rig.uploads import HONEST, SCRIPT, Bytes, add, jpeg


def listed(site: Site, draft: Draft | Filed) -> list[tuple[int, str, bytes]]:
    """Each file of a report: its number, its kind, and what is read back of it."""
    with site.database.reading() as session:
        data_key = get_data_key(session, draft.id, keyring=site.keyring)
        files = files_of(session, draft.id, data_key=data_key)
    return [
        (
            each.number,
            each.kind.name,
            b"".join(read_original(site.database, each, data_key=data_key).pieces),
        )
        for each in files
    ]


def rows(site: Site) -> tuple[int, int]:
    """How many files and how many pieces there are in the database."""
    with site.database.reading() as session:
        return (
            session.scalar(select(func.count()).select_from(EvidenceFile)) or 0,
            session.scalar(select(func.count()).select_from(EvidencePart)) or 0,
        )


def entries(site: Site, draft: Draft | Filed) -> list[dict[str, object]]:
    """What is on record about files."""
    with site.database.reading() as session:
        data_key = get_data_key(session, draft.id, keyring=site.keyring)
        found = timeline(session, draft.id, data_key.open)
    return [dict(each.fields) for each in found if each.kind == ADDED]


def test_a_file_added_to_what_was_sent_is_on_record_with_its_hash_size_and_kind(
    site: Site,
) -> None:
    report, data = kept_report(site), jpeg() + bytes(2 * PART)
    assert add(site, report.id, data, "me.jpg") == 1
    (entry,) = entries(site, report)
    assert entry["file.sha256"] == sha256(data).hexdigest()
    assert (entry["file.number"], entry["file.kind"]) == (1, "jpeg")
    assert entry["file.size"] == len(data)
    assert not [value for value in entry.values() if "me.jpg" in str(value)]
    assert listed(site, report) == [(1, "jpeg", data)]


def test_every_kind_comes_back_bit_for_bit(site: Site) -> None:
    report = kept_report(site)
    for data in HONEST.values():
        add(site, report.id, data)
    assert [(kind, data) for _, kind, data in listed(site, report)] == list(HONEST.items())


def test_a_draft_takes_files_and_nothing_is_on_record_yet(site: Site) -> None:
    draft = new_draft(site)
    assert add(site, draft.id, HONEST["pdf"]) == 1
    assert entries(site, draft) == []


def test_the_same_file_twice_is_taken_once_and_said_to_be_there(site: Site) -> None:
    report = kept_report(site)
    add(site, report.id, HONEST["png"], "one.png")
    with pytest.raises(FileRefused, match=r"You added the same file before\. It is file 1\."):
        add(site, report.id, HONEST["png"], "another-name.txt")
    assert len(entries(site, report)) == 1
    other = kept_report(site)
    assert add(site, other.id, HONEST["png"]) == 1


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "It is empty."),
        (SCRIPT, "It is a web page or a drawing"),
        (b"hello\x00" + bytes(9), "It is not one of the kinds"),
        (b"hello " * 1000 + b"\x00", "It is not one of the kinds"),
        (b"plain text " * 200_000 + b"\xff", "It is not one of the kinds"),
    ],
)
def test_what_is_refused_leaves_no_row_behind(site: Site, data: bytes, message: str) -> None:
    report = kept_report(site)
    with pytest.raises(FileRefused, match=message):
        add(site, report.id, data)
    assert rows(site) == (0, 0)
    assert entries(site, report) == []


def test_a_file_of_the_limit_is_taken_and_one_byte_more_is_not(site: Site) -> None:
    limit = evidence_limits_at(site.now()).largest_file
    report = new_draft(site)

    class Large(Bytes):
        @property
        def size(self) -> int:
            return limit + 1

    with pytest.raises(FileRefused, match=r"It is larger than 100 MB\."):
        add_file(site.database, report.id, Large(jpeg()), keyring=site.keyring, now=site.now())
    assert rows(site) == (0, 0)


def test_there_are_never_more_files_than_there_may_be(site: Site) -> None:
    draft, most = new_draft(site), evidence_limits_at(site.now()).most_files
    for number in range(most):
        add(site, draft.id, b"Message %d" % number)
    with pytest.raises(FileRefused, match="There are 100 files already"):
        add(site, draft.id, b"One more")
    assert rows(site) == (most, most)


def test_all_files_together_are_never_larger_than_they_may_be(site: Site) -> None:
    draft = new_draft(site)
    add(site, draft.id, b"Hello")
    with site.database.transaction() as session:
        session.scalars(select(EvidenceFile)).one().size = 500_000_000 - 4
    with pytest.raises(FileRefused, match="larger than 500 MB"):
        add(site, draft.id, b"Hello again")
    assert add(site, draft.id, b"Four") == 2


def test_a_file_that_shrinks_while_it_is_kept_leaves_nothing(site: Site) -> None:
    report = kept_report(site)

    class Short(Bytes):
        @property
        def size(self) -> int:
            return 3 * PART

    with pytest.raises(FileRefused, match="It changed while it was sent"):
        add_file(site.database, report.id, Short(jpeg()), keyring=site.keyring, now=site.now())
    assert rows(site) == (0, 0)
    assert listed(site, report) == []


def test_what_was_withdrawn_takes_nothing_any_more(site: Site) -> None:
    report = kept_report(site)
    report.withdraw()
    with pytest.raises(FileRefused, match="You withdrew what you sent"):
        add(site, report.id, jpeg())
    assert rows(site) == (0, 0)


def test_what_was_erased_takes_nothing_any_more(site: Site) -> None:
    filed = file_report(site)
    erase(site, filed)
    with pytest.raises(NotFound):
        add(site, filed.id, jpeg())


def test_files_that_come_at_the_same_time_are_all_kept_and_the_same_one_once(site: Site) -> None:
    report = kept_report(site)
    files = [jpeg() + bytes([number]) * PART for number in range(6)] + [HONEST["png"]] * 3

    def come(data: bytes) -> int:
        try:
            return add(site, report.id, data)
        except FileRefused:
            return 0

    with ThreadPoolExecutor(9) as people:
        numbers = sorted(people.map(come, files))
    assert numbers == [0, 0, 1, 2, 3, 4, 5, 6, 7]
    assert len(entries(site, report)) == 7
    assert audit(site) == []


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
@property_settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    start=st.sampled_from([b"", *(data[:40] for data in HONEST.values())]),
    rest=st.binary(max_size=200),
    name=st.text(max_size=40),
)
def test_any_bytes_are_kept_bit_for_bit_or_refused_with_a_reason(
    site: Site, start: bytes, rest: bytes, name: str
) -> None:
    draft, data = new_draft(site), start + rest
    why = ""
    try:
        add(site, draft.id, data, name)
    except FileRefused as refused:
        why = refused.message
    kept = [(number, back) for number, _kind, back in listed(site, draft)]
    assert kept == ([] if why else [(1, data)])


def test_while_an_erasure_waits_no_file_is_added_and_no_piece_stays(site: Site) -> None:
    filed = file_report(site)
    Own(site, filed).ask_to_erase()
    with pytest.raises(FileRefused, match="going to be erased"):
        add(site, filed.id, jpeg())
    assert rows(site) == (0, 0)
    assert entries(site, filed) == []
