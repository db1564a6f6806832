"""A copy of what a site published and gave out, in files, for verifiers that are not ours."""

import base64
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

from flask.testing import FlaskClient

from portal.ledger.merkle import consistency_proof
from portal.ledger.publication import publish_signed
from portal.ledger.receipt import Receipt
from portal.ledger.service import NewEntry, append, make_receipt
from portal.ledger.store import add_leaves, lock_head, stored_tree
from portal.ledger.tiles import entries_path, tile_path, tile_width
from portal.site import Site

MULTIPLE = 64


@dataclass
class Mirror:
    """A real small log on a site, and a folder with whatever it published up to now."""

    site: Site
    client: FlaskClient
    folder: Path
    sizes: list[int] = field(default_factory=list)

    def puts(self, count: int) -> list[int]:
        """Put entries on record through the service; their indices."""
        entries = [
            NewEntry("submitted", uuid4(), {"number": number}, self.site.keyring.seal_alone)
            for number in range(count)
        ]
        with self.site.database.transaction() as session:
            return append(session, entries, now=self.site.now())

    def grows_large(self, count: int) -> None:
        """Add bare leaves that nobody holds the openings of: quick, for the tree's sake alone."""
        with self.site.database.transaction() as session:
            locked = lock_head(session)
            numbers = range(locked.next_index, locked.next_index + count)
            add_leaves(session, locked, [number.to_bytes(33, "big") for number in numbers])

    def publishes(self) -> None:
        """Publish, and copy all that the pages serve of it."""
        made = publish_signed(
            self.site.database,
            seal_alone=self.site.keyring.seal_alone,
            signer=self.site.signer,
            now=self.site.now(),
            multiple=MULTIPLE,
            every=timedelta(0),
        )
        assert made is not None
        self.sizes.append(made.size)
        self._keep(f"checkpoints/{made.size}", self._serve("checkpoint"))
        for level in range(8):
            self._copy_level(level, made.size)

    def gives(self, index: int) -> Receipt:
        """Give out a receipt and keep its proof."""
        with self.site.database.reading() as session:
            receipt = make_receipt(
                session,
                index,
                open_sealed=self.site.keyring.open_alone,
                signer=self.site.signer,
            )
        self._keep(f"receipts/{index}", json.loads(json.dumps(receipt))["proof"].encode())
        return receipt

    def proves_growth(self) -> int:
        """Keep our own consistency proof between every two publications; how many."""
        pairs = [(old, new) for new in self.sizes for old in self.sizes if old <= new]
        for old, new in pairs:
            with self.site.database.reading() as session:
                proof = consistency_proof(old, new, stored_tree(session).node)
            self._keep(f"consistency/{old}-{new}", _lines(proof))
        return len(pairs)

    def _copy_level(self, level: int, size: int) -> None:
        number = 0
        while width := tile_width(level, number, size):
            paths = [tile_path(level, number, width)]
            if level == 0:
                paths.append(entries_path(number, width))
            for path in paths:
                if not (self.folder / path).exists():
                    self._keep(path, self._serve(path))
            number += 1

    def _serve(self, path: str) -> bytes:
        response = self.client.get(f"/{path}")
        assert response.status_code == 200, path
        data: bytes = response.data
        return data

    def _keep(self, path: str, data: bytes) -> None:
        target = self.folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data)


def _lines(hashes: Sequence[bytes]) -> bytes:
    return b"".join(base64.b64encode(one) + b"\n" for one in hashes)
