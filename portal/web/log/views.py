"""The published log in the formats of C2SP tlog-checkpoint and tlog-tiles.

Only what a publication covers is served. Between publications the log grows unseen, so that
nobody who watches it learns that something was just put on record.
"""

from flask import Blueprint, Response, render_template
from sqlalchemy.orm import Session

from portal.errors import NotFound
from portal.ledger.publication import find_published
from portal.ledger.store import read_leaves, stored_tree
from portal.ledger.tiles import (
    TILE_WIDTH,
    Tile,
    TilePathError,
    bundle,
    parse_tile_path,
    tile_width,
)
from portal.web.access import site

CACHEABLE = frozenset({"tile"})
_NOT_PUBLISHED = "This part of the log is not published, or not under this address."
_FOREVER = "public, max-age=31536000, immutable"

blueprint = Blueprint("log", __name__)


@blueprint.get("/log")
def about() -> str:
    """What the log is, and how far it is published."""
    with site().database.reading() as session:
        published = find_published(session)
    return render_template("log/about.html", published=published, name=site().signer.name)


@blueprint.get("/checkpoint")
def checkpoint() -> Response:
    """The signed note of the newest publication."""
    with site().database.reading() as session:
        published = find_published(session)
    if published is None:
        raise NotFound("The log was not published yet.")
    return Response(published.checkpoint, content_type="text/plain; charset=utf-8")


@blueprint.get("/tile/<path:rest>", merge_slashes=False)
def tile(rest: str) -> Response:
    """A tile of hashes or a bundle of entries, full or partial, as far as it is published."""
    try:
        wanted = parse_tile_path(f"tile/{rest}")
    except TilePathError as error:
        raise NotFound(_NOT_PUBLISHED) from error
    with site().database.reading() as session:
        content = _read(session, wanted)
    response = Response(content, content_type="application/octet-stream")
    # What a publication covers never changes.
    response.headers["Cache-Control"] = _FOREVER
    return response


def _read(session: Session, wanted: Tile) -> bytes:
    published = find_published(session)
    size = published.size if published else 0
    if wanted.width > tile_width(wanted.level or 0, wanted.number, size):
        raise NotFound(_NOT_PUBLISHED)
    start = wanted.number * TILE_WIDTH
    if wanted.level is None:
        return bundle(read_leaves(session, start, start + wanted.width))
    hashes = stored_tree(session).tile_hashes(wanted.level, start, start + wanted.width)
    return b"".join(hashes)
