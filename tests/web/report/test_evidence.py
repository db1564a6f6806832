"""Promises to somebody who adds files: what arrived is kept, and what was not taken is named."""

import html
import re
from io import BytesIO

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from portal.cli.jobs import run_once
from portal.evidence.models import EvidenceFile, EvidencePart
from portal.evidence.parts import PART
from portal.site import Site
from tests.rig.audited import audit
from tests.rig.clock import HandClock
from tests.rig.people import site_of
from tests.rig.uploads import HONEST, SCRIPT, jpeg, office, packed
from tests.web.report.conftest import KEPT, OURS, Person

Sent = list[tuple[bytes, str]]


def sends_files(person: Person, *files: tuple[bytes, str], at: str = "/start/files") -> str:
    """Choose files, press "Add", and read the page that follows."""
    answer = post(person.client, files, at)
    assert answer.status_code == 303, answer.text
    return words(person.client.get(answer.location))


def post(client: FlaskClient, files: tuple[tuple[bytes, str], ...], at: str) -> TestResponse:
    chosen = [(BytesIO(data), name) for data, name in files]
    return client.post(at, data={"files": chosen}, content_type="multipart/form-data", headers=OURS)


def words(page: TestResponse) -> str:
    """What a page says, without its tags."""
    main = page.text[page.text.index("<main") : page.text.index("</main")]
    return html.unescape(re.sub(r"\s+", " ", re.sub("<[^>]+>", " ", main)))


@pytest.fixture
def writer(person: Person) -> Person:
    """Somebody who has begun a draft."""
    person.starts()
    return person


def test_kinds_and_limits_are_said_before_anything_is_chosen(writer: Person) -> None:
    page = writer.client.get("/start/files")
    said = words(page)
    assert "Each can be up to 100 MB. All together can be up to 500 MB, and 100 files." in said
    assert "Pictures: JPEG, PNG, GIF, WebP, HEIC. Documents: PDF." in said
    assert "We do not take ZIP files." in said
    assert said.index("Each can be up to") < said.index(" Add ")
    assert "<title>Your files – On Record</title>" in page.text


def test_files_of_every_kind_are_taken_in_one_go(writer: Person) -> None:
    said = sends_files(writer, *((data, f"{name}.x") for name, data in HONEST.items()))
    assert "16 files were added. They are kept as they are." in said
    assert said.count("Remove it") == 16


def test_each_refused_file_is_named_with_the_reason_and_the_others_are_kept(
    writer: Person,
) -> None:
    page = sends_files(
        writer,
        (jpeg(), "first.jpg"),
        (b"", "nothing.txt"),
        (SCRIPT, "../../page<b>.html"),
        (office(), "letter.docm"),
        (packed(a_txt=b"hello"), "chat.zip"),
        (b"MZ\x90" + bytes(99), "song.mp3"),
        (b"<svg onload='x()'/>", "drawing.png"),
        (jpeg(), "the-same.jpg"),
        (HONEST["text"], "chat.txt"),
    )
    assert "2 files were added. These were not:" in page
    for line in (
        "nothing.txt: It is empty.",
        "page<b>.html: It is a web page or a drawing that can run programs.",
        "letter.docm: It is a document that can run programs.",
        "chat.zip: It holds other files packed together.",
        "song.mp3: It is a program.",
        "drawing.png: It is a web page or a drawing",
        "the-same.jpg: You added the same file before. It is file 1.",
    ):
        assert line in page, line


def test_a_title_says_that_something_is_wrong_and_a_later_look_does_not(writer: Person) -> None:
    answer = post(writer.client, ((SCRIPT, "a.html"),), "/start/files")
    assert "<title>Error: Your files" in writer.client.get(answer.location).text
    assert "<title>Your files" in writer.client.get("/start/files").text


def test_nothing_chosen_is_said(writer: Person) -> None:
    assert "Choose at least one file." in sends_files(writer)
    assert "Choose at least one file." in sends_files(writer, (b"", ""))


@pytest.mark.parametrize(
    "name",
    [
        *("../../etc/passwd", "C:\\..\\..\\boot.ini", "a\x00b.jpg", "\u202egpj.exe"),
        *("x" * 10_000, "%00.jpg", "a%0D%0ASet-Cookie: x=1.jpg", '"; x="', "Ünïcode 😀"),
    ],
)
def test_no_name_is_too_strange_and_none_is_an_address_or_a_header(
    writer: Person, name: str
) -> None:
    assert "1 file was added" in sends_files(writer, (jpeg(), name))
    for address in ("/start/files/1", "/start/files/1/original"):
        answer = writer.client.get(address)
        assert answer.status_code == 200
        assert "x=1" not in str(answer.headers)
    assert answer.headers["Content-Disposition"] == 'attachment; filename="file-1.jpg"'


def test_five_hundred_files_at_once_cost_little_and_all_are_answered(writer: Person) -> None:
    files = [(b"Message number %d" % number, f"{number}.txt") for number in range(500)]
    page = sends_files(writer, *files)
    assert "100 files were added. These were not:" in page
    assert page.count("Add at most 100 files at a time.") == 400
    assert "There are 100 files already" in sends_files(writer, (b"one more", "x.txt"))


def test_a_file_over_the_limit_by_one_byte_is_named_and_the_one_after_it_is_kept(
    writer: Person,
) -> None:
    over = jpeg() + bytes(100_000_001 - len(jpeg()))
    page = sends_files(writer, (over, "film.jpg"), (HONEST["png"], "small.png"))
    assert "film.jpg: It is larger than 100 MB." in page
    assert "1 file was added. These were not:" in page


def test_a_draft_is_sent_with_its_files_and_each_gets_a_receipt(person: Person, site: Site) -> None:
    person.starts()
    person.answers_all(**KEPT)
    sends_files(person, (jpeg(), "me.jpg"), (HONEST["mp3"], "voice.mp3"))
    check = person.client.get("/start/check").text
    assert "2 files are added." in check
    assert person.sends().location == "/start/done"
    page = person.client.get("/back/files").text
    assert page.count("Save its receipt") == 2
    assert "/back/receipt/2" in page
    receipt = person.client.get("/back/receipt/2").json
    assert receipt is not None
    shown = {each["name"]: each["value"] for each in receipt["fields"]}
    assert shown["file.kind"] == "jpeg"
    assert shown["file.size"] == len(jpeg())
    assert "me.jpg" not in str(receipt)
    assert audit(site) == []


def test_a_file_added_later_is_in_the_history_in_plain_words(person: Person, site: Site) -> None:
    person.files(**KEPT)
    assert person.client.get("/start/files").location == "/back/files"
    page = sends_files(person, (jpeg(), "me.jpg"), at="/back/files")
    assert "1 file was added" in page
    assert "Remove it" not in page
    history = words(person.client.get("/back/open"))
    assert "You added file 1: Picture, 814 bytes." in history
    assert "Your files" in history
    assert audit(site) == []
    assert "A file was added" in person.client.get("/back/show/2").text


def test_what_was_withdrawn_shows_its_files_and_takes_no_more(person: Person) -> None:
    person.files(**KEPT)
    sends_files(person, (jpeg(), "me.jpg"), at="/back/files")
    person.client.post("/back/stop")
    page = words(person.client.get("/back/files"))
    assert "me.jpg" in page
    assert "Choose files" not in page
    assert "so nothing can be added" in page
    assert "You withdrew what you sent" in sends_files(
        person, (HONEST["png"], "x.png"), at="/back/files"
    )


def test_each_is_told_before_choosing_who_will_see_it(person: Person, agreed: str) -> None:
    person.starts()
    assert "Nobody else can open them before you send" in words(person.client.get("/start/files"))
    person.answers_all(**KEPT)
    person.sends()
    assert "Nobody is told of them" in words(person.client.get("/back/files"))
    person.client.post("/back/pass", data={"force": agreed, "agrees": "yes"})
    person.client.post("/back/pass/check")
    assert "police force that it was passed to can open" in words(person.client.get("/back/files"))


def test_without_a_visit_nothing_is_taken_and_the_code_is_asked_for(client: FlaskClient) -> None:
    answer = post(client, ((jpeg(), "me.jpg"),), "/back/files")
    assert answer.status_code == 403
    assert "Enter your return code" in answer.text
    assert client.get("/back/files").location == "/back"


def test_what_came_of_it_is_not_shown_to_whoever_comes_next(
    app: Flask, person: Person, clock: HandClock
) -> None:
    code = person.files(**KEPT)
    sends_files(person, (SCRIPT, "secret-name.html"), at="/back/files")
    other = app.test_client()
    other.post("/back", data={"code": code})
    assert "secret-name" not in other.get("/back/files?done=1").text


def test_a_long_file_is_kept_from_an_ordinary_form(writer: Person) -> None:
    data = jpeg() + bytes(range(256)) * 12_000
    assert len(data) > 2 * PART
    sends_files(writer, (data, "long.jpg"), (HONEST["png"], "a.png"), (data[:-1], "b.jpg"))
    assert writer.client.get("/start/files/1/original").data == data
    assert writer.client.get("/start/files/3/original").data == data[:-1]


def test_a_form_that_is_cut_off_on_the_way_leaves_nothing_behind(
    writer: Person, site: Site
) -> None:
    whole = (
        b'--edge\r\nContent-Disposition: form-data; name="files"; filename="a.jpg"\r\n\r\n'
        + jpeg()
        + b'\r\n--edge\r\nContent-Disposition: form-data; name="files"; filename="b.jpg"\r\n\r\n'
        + jpeg()
    )
    answer = writer.client.open(
        "/start/files",
        method="POST",
        input_stream=BytesIO(whole),
        content_type="multipart/form-data; boundary=edge",
        content_length=len(whole) + 5000,
        headers=OURS,
    )
    assert answer.status_code in (303, 400)
    with site.database.reading() as session:
        assert session.scalar(select(func.count()).select_from(EvidenceFile)) in (0, None)
        assert session.scalar(select(func.count()).select_from(EvidencePart)) in (0, None)


def test_the_jobs_make_the_copies(app: Flask, writer: Person) -> None:
    sends_files(writer, (jpeg(), "me.jpg"))
    assert "safe to show" in writer.client.get("/start/files/1").text
    assert run_once(site_of(app))["copies"] == 1
    assert "/start/files/1/copy" in writer.client.get("/start/files/1").text


def test_while_a_copy_is_made_there_is_a_link_to_load_the_page_again(
    writer: Person, app: Flask
) -> None:
    page = sends_files(writer, (jpeg(), "a.jpg"))
    assert "making a copy that is safe to show" in page
    for address in ("/start/files", "/start/files/1"):
        shown = writer.client.get(address).text
        assert f'href="{address}">Load it again</a>' in shown
    run_once(site_of(app))
    for address in ("/start/files", "/start/files/1"):
        assert "Load it again" not in writer.client.get(address).text
