"""Batches of crime records for tests: as a force's own system sends them."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from portal.police.credentials import add_credential
from portal.site import Site

Row = Mapping[str, object]
ROW = {
    "crime_reference": "54/1234/26",
    "recorded_at": "2026-02-10 10:00",
    "offence_code": "58A",
}


def batch(*rows: Row, **parts: object) -> dict[str, Any]:
    """A batch of these rows for February 2026 that is taken as it stands, but for `parts`."""
    return {
        "covers_from": "2026-02-01T00:00:00Z",
        "covers_to": "2026-03-01T00:00:00Z",
        "holds": "full",
        "row_count": len(rows),
        "rows": list(rows),
    } | parts


def body(*rows: Row, **parts: object) -> bytes:
    """The same as the bytes that are sent."""
    return json.dumps(batch(*rows, **parts)).encode()


def credential_of(site: Site, force_id: str = "wiltshire") -> str:
    """The secret of a new credential of a force."""
    with site.database.transaction() as session:
        return add_credential(session, force_id, name="Records system", now=site.now())[1]


class Sender:
    """A force's own system: it holds a credential and sends batches."""

    def __init__(self, app: Flask, secret: str) -> None:
        self.client: FlaskClient = app.test_client()
        self.headers = {"Authorization": f"Bearer {secret}"}

    def send(self, content: bytes, key: str = "first", **headers: str) -> TestResponse:
        """POST a batch; `headers` are added, with `_` for `-`, and "" takes one away."""
        more = {name.replace("_", "-"): value for name, value in headers.items()}
        every = {"Idempotency-Key": key, "Content-Type": "application/json"} | self.headers | more
        sent = {name: value for name, value in every.items() if value}
        return self.client.post("/force/records", data=content, headers=sent)

    def read(self, address: str) -> TestResponse:
        """GET an address."""
        return self.client.get(address, headers=self.headers)


def rows(count: int, **cells: str) -> Sequence[Row]:
    """So many rows of different crimes."""
    return [ROW | cells | {"crime_reference": f"54/{number}/26"} for number in range(1, count + 1)]
