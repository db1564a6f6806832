"""A log of a few entries, served over HTTP on this machine or read in memory, that can be made to
lie in every way that matters.
"""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

from portal.ledger.checkpoint import sign_checkpoint
from portal.ledger.merkle import Frontier, consistency_proof, leaf_hash, root
from portal.ledger.note import Signer
from portal.ledger.outside.fetching import NotServed
from portal.ledger.tiles import (
    TILE_WIDTH,
    StoredTree,
    TilePathError,
    bundle,
    parse_tile_path,
    tile_width,
)
from tests.rig.ledger import LOG


def make_leaves(count: int, flavour: int = 0) -> list[bytes]:
    """Leaves of 33 bytes; another flavour gives other leaves."""
    return [b"\x01" + bytes([flavour]) + number.to_bytes(31, "big") for number in range(count)]


class TinyLog:
    """A log over leaves that tests may change. `replaced` answers for paths in place of the log."""

    def __init__(self, leaves: Iterable[bytes], log: Signer = LOG) -> None:
        self.leaves = list(leaves)
        self.log = log
        self.published = len(self.leaves)
        self.replaced: dict[str, bytes | None] = {}
        self.sent: list[bytes] = []
        self.asked: list[str] = []

    @property
    def note(self) -> str:
        """The signed checkpoint of what is published."""
        return self.note_at(self.published)

    def note_at(self, size: int) -> str:
        """A signed checkpoint of the first `size` leaves."""
        return sign_checkpoint(size, self.root_at(size), self.log)

    def root_at(self, size: int) -> bytes:
        """The root over the first `size` leaves."""
        return root(map(leaf_hash, self.leaves[:size]))

    def grow(self, count: int, flavour: int = 0) -> None:
        """Publish more leaves."""
        self.leaves += make_leaves(len(self.leaves) + count, flavour)[len(self.leaves) :]
        self.published = len(self.leaves)

    def proof(self, old: int, new: int) -> list[bytes]:
        """The consistency proof from `old` to `new` entries."""
        return consistency_proof(old, new, self._tree().node)

    def get(self, path: str, limit: int) -> bytes:
        """What the log serves under a path; fits `Fetch`."""
        self.asked.append(path)
        content = self.replaced[path] if path in self.replaced else self._serve(path)
        if content is None:
            raise NotServed(f"{path} answers with 404.")
        assert len(content) <= limit
        return content

    def _tree(self) -> StoredTree:
        _, complete = Frontier().extend(map(leaf_hash, self.leaves))
        kept: Mapping[tuple[int, int], bytes] = {
            (one.tile_level, one.number): one.hash for one in complete
        }
        return StoredTree(
            lambda start, end: self.leaves[start:end],
            lambda level, start, end: [kept[level, number] for number in range(start, end)],
            len(self.leaves),
        )

    def _serve(self, path: str) -> bytes | None:
        if path == "checkpoint":
            return self.note.encode()
        try:
            tile = parse_tile_path(path)
        except TilePathError:
            return None
        if tile.width > tile_width(tile.level or 0, tile.number, self.published):
            return None
        start = tile.number * TILE_WIDTH
        if tile.level is None:
            return bundle(self.leaves[start : start + tile.width])
        return b"".join(self._tree().tile_hashes(tile.level, start, start + tile.width))


@contextmanager
def served(log: TinyLog) -> Iterator[str]:
    """The log at an address of this machine. What is posted to it lands in `log.sent`."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            try:
                content = log.get(self.path.removeprefix("/"), 1 << 30)
            except NotServed:
                self.send_error(404)
                return
            self._answer(content)

        def do_POST(self) -> None:
            log.sent.append(self.rfile.read(int(self.headers["Content-Length"])))
            self._answer(b"taken\n")

        def log_message(self, *_args: object) -> None:
            pass

        def _answer(self, content: bytes) -> None:
            self.send_response(200)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
