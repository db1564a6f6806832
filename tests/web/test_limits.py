"""Promises about large forms: refused before they cost anything, and told so on a plain page."""

import pytest
from flask.testing import FlaskClient

from portal.web.limits import MOST_BYTES, MOST_FIELDS

FORM = "application/x-www-form-urlencoded"
OURS = {"Sec-Fetch-Site": "same-origin"}


@pytest.mark.parametrize("address", ["/start/words", "/back/again", "/back", "/nowhere"])
@pytest.mark.parametrize("body", ["a&" * 900_000, "a=1&" * MOST_FIELDS, "&" * MOST_FIELDS])
def test_a_form_of_more_fields_than_any_page_has_is_refused_unread(
    client: FlaskClient, address: str, body: str
) -> None:
    answer = client.post(address, data=body, content_type=FORM, headers=OURS)
    assert answer.status_code == 413
    assert "What you sent is too big" in answer.text
    assert len(answer.data) < 20_000


def test_a_form_of_more_bytes_than_any_page_sends_is_refused(client: FlaskClient) -> None:
    body = "words=" + "a" * MOST_BYTES
    assert client.post("/start/words", data=body, content_type=FORM).status_code == 413


def test_the_longest_answer_with_many_fields_still_arrives(client: FlaskClient) -> None:
    client.post("/start")
    many = {f"field{number}": "" for number in range(MOST_FIELDS - 10)}
    answer = client.post("/start/words", data={"words": "é" * 9_999} | many)
    assert answer.status_code in {303, 404}
    assert client.post("/back", data={"code": "ABCDE"} | many).status_code == 400


def test_a_form_with_files_is_bounded_too(client: FlaskClient) -> None:
    fields = {f"field{number}": "x" for number in range(MOST_FIELDS + 1)}
    answer = client.post("/back", data=fields, content_type="multipart/form-data")
    assert answer.status_code == 413
