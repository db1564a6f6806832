"""The copy of everything: complete, readable from disk without script, and under a plain name."""

import io
import json
import re
import zipfile

import pytest
from sqlalchemy import select

from portal.ledger.verify import PROVED, judge
from portal.reports.models import Report
from portal.site import Site
from portal.web.report.everything import SECTIONS
from tests.rig.filed import Filed, look_again
from tests.rig.own import Own
from tests.rig.people import add_person
from tests.rig.uploads import HONEST, add
from tests.web.report.conftest import Person
from tests.web.report.test_correct import RIGHT


def folder(person: Person) -> zipfile.ZipFile:
    response = person.client.get("/back/everything/file")
    assert response.status_code == 200
    assert response.headers["Content-Disposition"] == 'attachment; filename="copy.zip"'
    assert response.headers["Cache-Control"].startswith("no-store")
    return zipfile.ZipFile(io.BytesIO(response.data))


def test_the_copy_holds_what_was_sent_added_and_corrected_and_every_receipt(
    person: Person, site: Site
) -> None:
    code = person.files()
    person.client.post("/back/add", data={"words": "He came back."})
    person.client.post("/back/add/check")
    person.client.post("/back/correct/0/about", data=RIGHT)
    person.client.post("/back/correct/0/about/check")
    look_again(site)
    copy = folder(person)
    names = copy.namelist()
    assert names[:3] == ["readable.html", "data.json", "policy.txt"]
    assert [name.rpartition("-")[0] for name in names[3:]] == [
        "receipts/001-receipt",
        "receipts/002-receipt",
        "receipts/003-receipt",
    ]
    policy = copy.read("policy.txt")
    for name in names[3:]:
        assert judge(copy.read(name), policy).code == PROVED, name
    page = re.sub(r"\s+", " ", copy.read("readable.html").decode())
    for words in (
        *("The back door was broken.<br>My ring is gone.", "He came back.", "First: Ada Example"),
        *(
            "You put it on record here",
            "There is no gap",
            "24 hours",
            "Opened with the return code",
        ),
    ):
        assert words in page, words
    assert "<script" not in page
    assert "http" not in page.replace("http-equiv", "")
    data = json.loads(copy.read("data.json"))
    assert data["format"] == "on-record-copy/v1"
    assert data["receipts"] == names[3:]
    sent = data["sections"]["sent"]
    assert sent["answers"]["about"]["name"] == "Ada Example"
    assert sent["answers_now"]["about"]["name"] == "Ida Example"
    assert data["sections"]["timeline"]["unbroken"] is True
    assert len(data["sections"]["added_and_corrected"]) == 2
    held = b"".join(copy.read(name) for name in names).decode()
    assert code not in held
    for never in ("request.key", "erase.signature"):
        assert never not in held.replace('"hidden"', "")


def test_who_looked_stands_in_it_with_the_reason(person: Person, site: Site) -> None:

    person.files()
    inspector = add_person(site, "inspector")
    with site.database.reading() as session:
        report = session.scalars(select(Report)).one()
    Own(site, Filed(report, "")).opened_by(inspector)
    copy = folder(person)
    assert "To read it." in copy.read("readable.html").decode()
    (look,) = json.loads(copy.read("data.json"))["sections"]["looks"]["looks"]
    assert (look["role"], look["reason"]) == ("inspector", "To read it.")


def test_the_page_warns_before_and_says_what_is_in_it(person: Person) -> None:
    person.files()
    page = re.sub(r"\s+", " ", person.client.get("/back/everything").text)
    assert "Whoever can open files on this device can read the copy" in page
    assert "Your return code is not in it" in page


def test_a_draft_has_no_copy(person: Person) -> None:
    person.starts()
    for address in ("/back/everything", "/back/everything/file"):
        assert person.client.get(address).location == "/back/open"


def test_every_section_has_a_name_of_its_own() -> None:
    names = [each.__name__ for each in SECTIONS]
    assert len(set(names)) == len(names)


@pytest.mark.parametrize("words", ["<b>bold</b>", "a & b", "“quoted”"])
def test_nothing_that_was_typed_is_read_as_anything_but_words(person: Person, words: str) -> None:
    person.files(words={"words": words})
    page = folder(person).read("readable.html").decode()
    assert "<b>bold" not in page
    assert words.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;") in page


def test_added_files_are_stored_as_they_are_and_words_are_packed_small(
    person: Person, site: Site
) -> None:
    person.files()
    with site.database.reading() as session:
        report_id = session.scalars(select(Report.id)).one()
    chat = b"12/01/2026, 21:03 - Someone: where are you\n" * 200
    for data in (HONEST["jpeg"], HONEST["pdf"], chat):
        add(site, report_id, data)
    kinds = {one.filename: one.compress_type for one in folder(person).infolist()}
    stored = {name for name, how in kinds.items() if how == zipfile.ZIP_STORED}
    assert {name.rpartition(".")[2] for name in stored} == {"jpg", "pdf"}
    assert all(name.startswith("files/") for name in stored)
    assert {"readable.html", "data.json", "policy.txt"} <= kinds.keys() - stored
    packed = {name.rpartition(".")[2] for name in kinds.keys() - stored}
    assert packed == {"html", "json", "txt"}
    small = sum(
        one.compress_size for one in folder(person).infolist() if one.filename not in stored
    )
    assert small < sum(one.file_size for one in folder(person).infolist()) / 2
    assert HONEST["jpeg"] in person.client.get("/back/everything/file").data
