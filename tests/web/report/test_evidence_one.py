"""Promises about one's own files: back bit for bit, shown without running anything, removable."""

from io import BytesIO

import pikepdf
import pytest
from flask import Flask
from PIL import Image

from portal.cli.jobs import run_once
from tests.rig.people import site_of
from tests.rig.uploads import HONEST, PLACE, SCRIPT, jpeg, pdf
from tests.web.report.conftest import KEPT, Person
from tests.web.report.test_evidence import sends_files, words

FILES = (
    (jpeg() + SCRIPT, "me.jpg"),
    (pdf() + SCRIPT, "bill.pdf"),
    (HONEST["mp4"], "film.mp4"),
    (HONEST["text"], "chat.txt"),
    (HONEST["heic"], "new.heic"),
    (jpeg()[:400], "cut.jpg"),
    (pdf(encryption=pikepdf.Encryption(user="a", owner="b")), "locked.pdf"),
)


@pytest.fixture
def writer(app: Flask, person: Person) -> Person:
    """Somebody with a draft that holds files, of which the copies were made."""
    person.starts()
    sends_files(person, *FILES)
    while run_once(site_of(app))["copies"]:
        pass
    return person


def test_every_original_comes_back_bit_for_bit_as_a_download_that_runs_nothing(
    writer: Person,
) -> None:
    for number, (data, name) in enumerate(FILES, 1):
        answer = writer.client.get(f"/start/files/{number}/original")
        assert answer.data == data, name
        headers = answer.headers
        start = f'attachment; filename="file-{number}.'
        assert headers["Content-Disposition"].startswith(start), name
        assert headers["X-Content-Type-Options"] == "nosniff", name
        assert headers["Content-Security-Policy"].endswith("sandbox"), name
        assert headers["Cache-Control"] == "no-store", name
        assert int(headers["Content-Length"]) == len(answer.data), name
        assert "html" not in headers["Content-Type"], name
        assert "script" not in headers["Content-Type"], name


def test_the_picture_that_is_shown_is_a_clean_one(writer: Person) -> None:
    answer = writer.client.get("/start/files/1/copy")
    assert (answer.mimetype, answer.headers["Content-Disposition"]) == (
        "image/jpeg",
        'inline; filename="file-1.jpg"',
    )
    assert answer.headers["Content-Security-Policy"].endswith("sandbox")
    assert PLACE not in answer.data
    assert b"Bandersnatch" not in answer.data
    assert Image.open(BytesIO(answer.data)).size == (64, 48)
    assert 'src="/start/files/1/copy"' in writer.client.get("/start/files/1").text


def test_a_document_is_never_shown_inside_the_browser(writer: Person) -> None:
    answer = writer.client.get("/start/files/2/copy")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="file-2.pdf"'
    assert b"JavaScript" not in answer.data
    assert PLACE not in answer.data


def test_where_there_is_no_copy_the_page_says_why_and_that_it_is_kept(writer: Person) -> None:
    for number, said in (
        (3, "Whoever may open it can save it as it is. It can hold hidden details"),
        (5, "We cannot show this kind of picture here."),
        (6, "We keep it as it is. We could not make a safe copy to show."),
        (7, "It opens only with a password, so we could not make a copy to show."),
    ):
        assert said in words(writer.client.get(f"/start/files/{number}"))
        assert writer.client.get(f"/start/files/{number}/copy").status_code == 404, said


def test_a_file_is_removed_from_a_draft_once_the_person_says_so(writer: Person) -> None:
    page = writer.client.get("/start/files/3/remove")
    assert "We keep nothing of it then." in words(page)
    assert writer.client.get("/start/files/3").status_code == 200
    assert writer.client.post("/start/files/3/remove").location == "/start/files?done=2"
    assert "The file was removed." in writer.client.get("/start/files?done=2").text
    assert writer.client.get("/start/files/3").status_code == 404
    assert writer.client.post("/start/files/3/remove").status_code == 404


def test_after_sending_a_file_stays(person: Person) -> None:
    person.files(**KEPT)
    sends_files(person, (jpeg(), "me.jpg"), at="/back/files")
    answer = person.client.post("/start/files/1/remove")
    assert answer.status_code == 409
    assert "It was sent, so this file stays with it" in answer.text
    assert person.client.get("/start/files/1").location == "/back/files/1"
    assert person.client.get("/start/files/1/remove").location == "/back/files/1"
    page = person.client.get("/back/files/1").text
    assert "Remove it" not in page
    assert "your receipt for this file shows it" in page


def test_nobody_elses_file_opens(app: Flask, writer: Person) -> None:
    other = Person(app.test_client())
    other.starts()
    for address in ("/start/files/1", "/start/files/1/copy", "/start/files/1/original"):
        assert other.client.get(address).status_code == 404
