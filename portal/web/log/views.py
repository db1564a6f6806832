"""The published log in the formats of C2SP tlog-checkpoint and tlog-tiles.

Only what a publication covers is served. Between publications the log grows unseen, so that
nobody who watches it learns that something was just put on record.
"""

import re

from flask import Blueprint, Response, render_template, request
from sqlalchemy.orm import Session

from portal.errors import NotFound, Refused
from portal.languages.translating import _, lazy
from portal.ledger.cosignatures import lines_of
from portal.ledger.publication import find_published
from portal.ledger.receipt import to_bytes
from portal.ledger.store import Head, find_head, get_head, list_heads, read_leaves, stored_tree
from portal.ledger.succession import make_opening
from portal.ledger.tiles import (
    TILE_WIDTH,
    Tile,
    TilePathError,
    bundle,
    parse_tile_path,
    tile_width,
)
from portal.ledger.witnessing import take_line
from portal.web.access import site

CACHEABLE = frozenset({"tile", "later_tile"})
_FIRST = 1
_LONGEST_COSIGNATURE = 2000  # bytes
WITHOUT_TOKEN = frozenset({"take_cosignature", "take_later_cosignature"})
"""What is sent by programs, which no browser can be tricked into: a signature decides."""
_NOT_PUBLISHED = lazy("This part of the log is not published, or not under this address.")
_FOREVER = "public, max-age=31536000, immutable"

blueprint = Blueprint("log", __name__)


@blueprint.get("/log")
def about() -> str:
    """What the log is, how far it is published, and the logs before it."""
    with site().database.reading() as session:
        heads = list_heads(session) or [find_head(session)]
        published = {head.log: find_published(session, head.log) for head in heads}
    return render_template(
        "log/about.html", heads=heads, published=published, name=site().signer.name
    )


@blueprint.get("/checkpoint")
def checkpoint() -> Response:
    """The signed and cosigned note of the first log's newest publication."""
    return _checkpoint(_FIRST)


@blueprint.get("/log/<int:number>/checkpoint")
def later_checkpoint(number: int) -> Response:
    """The same of a log that was opened after the first was closed."""
    return _checkpoint(number)


@blueprint.get("/log/<int:number>/opening")
def opening(number: int) -> Response:
    """The receipt of a later log's first entry: where the log before it ended, and why."""
    here = site()
    with here.database.reading() as session:
        made = make_opening(
            session, number, open_sealed=here.keyring.open_alone, signer=here.signer
        )
    return Response(to_bytes(made), content_type="application/json")


@blueprint.post("/witness/cosignature")
def take_cosignature() -> Response:
    """A line from a witness that fetched the first log by itself: `<size>`, and the line."""
    return _take_cosignature(_FIRST)


@blueprint.post("/log/<int:number>/witness/cosignature")
def take_later_cosignature(number: int) -> Response:
    """The same of a log that was opened after the first was closed."""
    return _take_cosignature(number)


@blueprint.get("/tile/<path:rest>", merge_slashes=False)
def tile(rest: str) -> Response:
    """A tile of hashes or a bundle of entries, full or partial, as far as it is published."""
    return _tile(_FIRST, rest)


@blueprint.get("/log/<int:number>/tile/<path:rest>", merge_slashes=False)
def later_tile(number: int, rest: str) -> Response:
    """The same of a log that was opened after the first was closed."""
    return _tile(number, rest)


def _checkpoint(number: int) -> Response:
    with site().database.reading() as session:
        published = find_published(session, number)
        if published is None:
            raise NotFound(_("The log was not published yet."))
        note = site().signer.release(session, get_head(session, number), published.checkpoint)
        note += lines_of(session, number, published.size)
    return Response(note, content_type="text/plain; charset=utf-8")


def _take_cosignature(number: int) -> Response:
    policy = site().witnesses
    if policy is None:
        raise NotFound("This log asks for no witnesses.")
    if (request.content_length or 0) > _LONGEST_COSIGNATURE:
        raise Refused("This is more than a size and a signature line.")
    try:
        size, line = request.get_data().decode().split("\n", 1)
    except ValueError as error:
        raise Refused("This is not a size and a signature line.") from error
    if not re.fullmatch(r"[1-9][0-9]{0,17}", size, re.ASCII):
        raise Refused("This does not begin with a size.")
    with site().database.transaction() as session:
        take_line(session, number, int(size), line, policy=policy, now=site().now())
    return Response("Taken.\n", content_type="text/plain; charset=utf-8")


def _tile(number: int, rest: str) -> Response:
    try:
        wanted = parse_tile_path(f"tile/{rest}")
    except TilePathError as error:
        raise NotFound(_NOT_PUBLISHED) from error
    with site().database.reading() as session:
        content = _read(session, get_head(session, number), wanted)
    response = Response(content, content_type="application/octet-stream")
    # What a publication covers never changes.
    response.headers["Cache-Control"] = _FOREVER
    return response


def _read(session: Session, head: Head, wanted: Tile) -> bytes:
    published = find_published(session, head.log)
    size = published.size if published else 0
    if wanted.width > tile_width(wanted.level or 0, wanted.number, size):
        raise NotFound(_NOT_PUBLISHED)
    start = wanted.number * TILE_WIDTH
    if wanted.level is None:
        first = head.start + start
        return bundle(read_leaves(session, first, first + wanted.width))
    tree = stored_tree(session, head)
    return b"".join(tree.tile_hashes(wanted.level, start, start + wanted.width))
