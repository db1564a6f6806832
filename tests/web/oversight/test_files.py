"""The addresses of files in this area. `tests/web/test_shown_files.py` holds what they promise."""

from uuid import uuid4

import pytest
from flask import Flask

from tests.rig.people import add_person, sign_in, site_of

pytestmark = pytest.mark.parametrize("backend", ["sqlite"], indirect=True)


def test_without_a_look_nothing_is_listed_or_sent(app: Flask) -> None:
    client = sign_in(app, add_person(site_of(app), "inspector"))
    address = f"/oversight/files/{uuid4()}"
    assert client.get(address).status_code == 404
    assert client.post(f"{address}/1", data={"what": "original"}).status_code == 404
