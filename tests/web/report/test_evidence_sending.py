"""Promises about sending in parts: a part costs no more than itself, and no answer is a fault."""

from hashlib import sha256
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from portal.evidence.parts import PART
from tests.rig.uploads import SCRIPT, jpeg
from tests.web.report.conftest import KEPT, Person
from tests.web.report.test_evidence import sends_files, words

LONG = jpeg() + bytes(range(256)) * 9000
PIECES = [LONG[start : start + PART] for start in range(0, len(LONG), PART)]


def begins(person: Person, pieces: list[bytes], name: str = "film.jpg") -> dict[str, Any]:
    """Announce a file as the page's script does; what the answer says."""
    whole = sha256(b"".join(sha256(piece).digest() for piece in pieces)).hexdigest()
    fields = {"name": name, "size": str(sum(map(len, pieces))), "whole": whole}
    answer = person.client.post("/start/files/begin", data=fields).json
    assert isinstance(answer, dict)
    return answer


def gives(person: Person, file_id: str, number: int, piece: bytes, **headers: str) -> TestResponse:
    digest = {"X-Part-Sha256": sha256(piece).hexdigest()} | headers
    return person.client.post(
        f"/start/files/{file_id}/{number}",
        data=piece,
        content_type="application/octet-stream",
        headers=digest,
    )


@pytest.fixture
def writer(person: Person) -> Person:
    """Somebody who has begun a draft."""
    person.starts()
    return person


def test_a_file_goes_on_after_the_page_was_loaded_anew_and_is_then_kept(writer: Person) -> None:
    begun = begins(writer, PIECES)
    assert (begun["have"], begun["parts"], begun["size"]) == (0, 3, PART)
    assert gives(writer, begun["id"], 1, PIECES[0]).json == begun | {"have": 1}
    page = words(writer.client.get("/start/files"))
    assert "Not wholly here yet" in page
    assert "film.jpg 1.0 MB of 2.3 MB are here." in page
    assert "What you added" not in page
    again = begins(writer, PIECES)
    assert (again["id"], again["have"]) == (begun["id"], 1)
    for number in (2, 3):
        gives(writer, begun["id"], number, PIECES[number - 1])
    assert writer.client.post(f"/start/files/{begun['id']}/finish").json == {"number": 1}
    assert writer.client.post(f"/start/files/{begun['id']}/finish").json == {"number": 1}
    assert writer.client.get("/start/files/1/original").data == LONG
    assert "All that you chose was added." in words(writer.client.get("/start/files?done=3"))


def test_what_was_cut_off_can_be_let_go_of(writer: Person) -> None:
    begun = begins(writer, PIECES)
    assert writer.client.post(f"/start/files/{begun['id']}/drop").location == "/start/files"
    assert "Not wholly here" not in writer.client.get("/start/files").text
    assert gives(writer, begun["id"], 1, PIECES[0]).status_code == 409


def test_a_kind_that_is_not_taken_is_told_at_once_and_leaves_nothing(writer: Person) -> None:
    begun = begins(writer, [SCRIPT])
    answer = gives(writer, begun["id"], 1, SCRIPT)
    assert answer.status_code == 409
    assert answer.json is not None
    assert "web page" in answer.json["message"]
    assert "Not wholly here" not in writer.client.get("/start/files").text


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"size": "-1", "whole": "0" * 64},
        {"size": "1e9", "whole": "0" * 64},
        {"size": "9" * 30, "whole": "0" * 64},
        {"size": "٣", "whole": "0" * 64},
        {"size": "12", "whole": "x"},
        {"size": "0", "whole": "0" * 64},
        {"size": "100000001", "whole": "0" * 64},
    ],
)
def test_an_announcement_that_makes_no_sense_is_refused_in_words(
    writer: Person, fields: dict[str, str]
) -> None:
    answer = writer.client.post("/start/files/begin", data=fields)
    assert answer.status_code == 409
    assert answer.json is not None
    assert answer.json["message"].endswith(".")


def test_a_damaged_or_oversized_part_is_refused(writer: Person) -> None:
    begun = begins(writer, PIECES)
    for piece, headers in (
        (PIECES[0][:-1], {}),
        (PIECES[0] + b"x", {}),
        (PIECES[0], {"X-Part-Sha256": "0" * 64}),
        (PIECES[0], {"X-Part-Sha256": ""}),
    ):
        begun = begins(writer, PIECES)
        assert gives(writer, begun["id"], 1, piece, **headers).status_code == 409


def test_nobody_adds_to_another_persons_file(app: Flask, writer: Person) -> None:
    begun = begins(writer, PIECES)
    other = Person(app.test_client())
    other.starts()
    assert gives(other, begun["id"], 1, PIECES[0]).status_code == 409
    assert other.client.post(f"/start/files/{begun['id']}/finish").status_code == 409
    other.client.post(f"/start/files/{begun['id']}/drop")
    assert begins(writer, PIECES)["id"] == begun["id"]
    assert gives(writer, str(uuid4()), 1, PIECES[0]).status_code == 409


def test_a_part_without_the_forms_token_or_without_a_visit_is_refused(
    app: Flask, writer: Person
) -> None:
    begun = begins(writer, PIECES)
    stranger = app.test_client()
    assert stranger.post(f"/start/files/{begun['id']}/1", data=b"x").status_code == 403
    app.config["WTF_CSRF_ENABLED"] = True
    assert gives(writer, begun["id"], 1, PIECES[0]).status_code == 400


def test_after_sending_parts_go_to_what_was_sent(person: Person) -> None:
    person.files(**KEPT)
    begun = begins(person, PIECES)
    for number, piece in enumerate(PIECES, 1):
        gives(person, begun["id"], number, piece)
    assert person.client.post(f"/back/files/{begun['id']}/finish").json == {"number": 1}
    assert "It is file 1." in sends_files(person, (LONG, "again.jpg"), at="/back/files")
