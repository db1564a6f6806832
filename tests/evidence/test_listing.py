"""Promises about the list of files: only whole ones, each with its number, name and entry."""

import pytest

from portal.errors import NotFound
from portal.evidence.listing import count_files, files_of, get_file, read_copy
from portal.reports.drafts import get_data_key
from portal.site import Site
from tests.rig.drafts import kept_report, new_draft
from tests.rig.uploads import HONEST, add


def test_a_file_is_listed_with_its_cleaned_name_and_its_entry(site: Site) -> None:
    report = kept_report(site)
    add(site, report.id, HONEST["png"], "../../harm\u202egnp.exe")
    add(site, report.id, HONEST["mp4"], "")
    with site.database.reading() as session:
        data_key = get_data_key(session, report.id, keyring=site.keyring)
        first, second = files_of(session, report.id, data_key=data_key)
        assert get_file(session, report.id, 2, data_key=data_key) == second
        assert count_files(session, report.id) == 2
    assert (first.number, first.name, first.saved_as, first.entry) == (
        1,
        "harmgnp.exe",
        "file-1.png",
        2,
    )
    assert (second.name, second.saved_as, second.entry) == ("", "file-2.mp4", 3)
    assert "harm" not in repr(first)


def test_what_is_not_there_is_said_not_to_be(site: Site) -> None:
    draft, other = new_draft(site), new_draft(site)
    add(site, other.id, HONEST["png"])
    with site.database.reading() as session:
        data_key = get_data_key(session, draft.id, keyring=site.keyring)
        with pytest.raises(NotFound, match="no such file"):
            get_file(session, draft.id, 1, data_key=data_key)
        theirs = get_data_key(session, other.id, keyring=site.keyring)
        file = get_file(session, other.id, 1, data_key=theirs)
    assert file.entry is None
    with pytest.raises(NotFound, match="no copy"):
        read_copy(site.database, file, data_key=theirs)


def test_a_number_that_no_file_can_have_is_not_found_and_no_fault(site: Site) -> None:
    draft = new_draft(site)
    with site.database.reading() as session:
        key = get_data_key(session, draft.id, keyring=site.keyring)
        for number in (3_000_000_000, 10**18 - 1):
            with pytest.raises(NotFound):
                get_file(session, draft.id, number, data_key=key)
