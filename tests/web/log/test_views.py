"""Promises about the public log: anyone can rebuild it, and nobody learns of anything early."""

from datetime import timedelta
from uuid import uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient

from portal.ledger.checkpoint import Checkpoint, verify_checkpoint
from portal.ledger.merkle import leaf_hash, root
from portal.ledger.note import VerifierKey
from portal.ledger.publication import publish_signed
from portal.ledger.service import NewEntry, append
from portal.ledger.tiles import TILE_WIDTH, entries_path, tile_path, tile_width
from portal.site import Site
from tests.rig.clock import HandClock

MULTIPLE = 64


@pytest.fixture
def site(app: Flask) -> Site:
    made: Site = app.extensions["on_record"]
    return made


def put_on_record(site: Site, count: int) -> None:
    with site.database.transaction() as session:
        entries = [
            NewEntry("submitted", uuid4(), {"n": number}, site.keyring.seal_alone)
            for number in range(count)
        ]
        append(session, entries, now=site.now())


def publish_now(site: Site) -> None:
    publish_signed(
        site.database,
        seal_alone=site.keyring.seal_alone,
        signer=site.signer,
        now=site.now(),
        multiple=MULTIPLE,
        every=timedelta(0),
    )


def fetch_checkpoint(client: FlaskClient, site: Site) -> Checkpoint:
    response = client.get("/checkpoint")
    assert response.status_code == 200
    assert response.headers["Cache-Control"] == "no-store"
    assert response.content_type == "text/plain; charset=utf-8"
    return verify_checkpoint(response.text, VerifierKey.parse(site.signer.vkey))


def fetch_tile(client: FlaskClient, path: str) -> bytes:
    response = client.get(f"/{path}")
    assert response.status_code == 200, path
    assert response.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    data: bytes = response.data
    return data


def fetch_level(client: FlaskClient, level: int, size: int) -> list[bytes]:
    hashes: list[bytes] = []
    number = 0
    while width := tile_width(level, number, size):
        data = fetch_tile(client, tile_path(level, number, width))
        assert len(data) == 32 * width
        hashes += [data[at : at + 32] for at in range(0, len(data), 32)]
        number += 1
    return hashes


def fetch_entries(client: FlaskClient, size: int) -> list[bytes]:
    entries: list[bytes] = []
    number = 0
    while width := tile_width(0, number, size):
        data = fetch_tile(client, entries_path(number, width))
        while data:
            length = int.from_bytes(data[:2], "big")
            entries.append(data[2 : 2 + length])
            data = data[2 + length :]
        number += 1
    return entries


@pytest.mark.parametrize("count", [3, 300, 600])
def test_a_stranger_rebuilds_the_signed_root_from_what_is_served(
    client: FlaskClient, site: Site, count: int
) -> None:
    put_on_record(site, count)
    publish_now(site)
    head = fetch_checkpoint(client, site)
    assert head.size == -(-count // MULTIPLE) * MULTIPLE
    entries = fetch_entries(client, head.size)
    hashes = fetch_level(client, 0, head.size)
    assert [leaf_hash(entry) for entry in entries] == hashes
    assert root(hashes) == head.root
    above = fetch_level(client, 1, head.size)
    assert above == [
        root(hashes[at : at + TILE_WIDTH])
        for at in range(0, head.size - TILE_WIDTH + 1, TILE_WIDTH)
    ]


def test_nobody_learns_of_a_line_before_it_is_published(client: FlaskClient, site: Site) -> None:
    assert client.get("/checkpoint").status_code == 404
    put_on_record(site, 5)
    assert client.get("/checkpoint").status_code == 404
    assert client.get("/tile/entries/000.p/5").status_code == 404
    publish_now(site)
    before = client.get("/checkpoint").text
    put_on_record(site, 200)
    assert client.get("/checkpoint").text == before
    for path in ("tile/0/000", "tile/0/000.p/65", "tile/entries/000.p/65", "tile/1/000.p/1"):
        response = client.get(f"/{path}")
        assert response.status_code == 404, path
        assert response.headers["Cache-Control"] == "no-store"


def test_a_tile_stays_the_same_when_the_log_grows(
    client: FlaskClient, site: Site, clock: HandClock
) -> None:
    put_on_record(site, 70)
    publish_now(site)
    size = fetch_checkpoint(client, site).size
    early = fetch_tile(client, tile_path(0, 0, size))
    clock.advance(hours=1)
    put_on_record(site, 300)
    publish_now(site)
    assert fetch_checkpoint(client, site).size > size
    assert fetch_tile(client, tile_path(0, 0, size)) == early
    assert fetch_tile(client, tile_path(0, 0))[: len(early)] == early


@pytest.mark.parametrize(
    "path",
    [
        "tile/0/0",
        "tile/0/000.p/064",
        "tile/0/000.p/0",
        "tile/00/000.p/64",
        "tile/0/x000/000.p/64",
        "tile/0//000.p/64",
        "tile/-1/000",
        "tile/64/000",
        "tile/63/000.p/1",
        "tile/data/000",
        "tile/0/000.p/64/",
        "tile/0/000.p",
        "tile/0/x999/x999/x999/x999/x999/x999/999",
    ],
)
def test_a_tile_has_one_address_and_no_other(client: FlaskClient, site: Site, path: str) -> None:
    put_on_record(site, 5)
    publish_now(site)
    assert client.get("/tile/0/000.p/64").status_code == 200
    assert client.get(f"/{path}").status_code == 404


def test_the_page_about_the_log_says_how_far_it_is_published(
    client: FlaskClient, site: Site
) -> None:
    assert "has not been published yet" in client.get("/log").text
    put_on_record(site, 5)
    publish_now(site)
    page = client.get("/log").text
    assert "64 lines" in page
    assert site.signer.name in page
