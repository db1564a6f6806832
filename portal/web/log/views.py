"""The published log in the formats of C2SP tlog-checkpoint and tlog-tiles.

Only what a publication covers is served. Between publications the log grows unseen, so that
nobody who watches it learns that something was just put on record.
"""

from flask import Blueprint, Response, render_template
from sqlalchemy.orm import Session

from portal.errors import NotFound
from portal.ledger.cosignatures import lines_of
from portal.ledger.publication import find_published
from portal.ledger.store import Head, find_head, get_head, list_heads, read_leaves, stored_tree
from portal.ledger.tiles import (
    TILE_WIDTH,
    Tile,
    TilePathError,
    bundle,
    parse_tile_path,
    tile_width,
)
from portal.web.access import site

CACHEABLE = frozenset({"tile", "later_tile"})
_FIRST = 1
_NOT_PUBLISHED = "This part of the log is not published, or not under this address."
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
            raise NotFound("The log was not published yet.")
        note = site().signer.release(session, get_head(session, number), published.checkpoint)
        note += lines_of(session, number, published.size)
    return Response(note, content_type="text/plain; charset=utf-8")


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
