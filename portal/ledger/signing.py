"""Signing the log's heads: with every key that is in force, and never two trees of one size.

Whatever is signed was committed before, and was found to begin, or to go on from, the newest head
that the guard remembers: a proof over the stored hashes must lead to that very root, so it does not
matter who changed what in the database.

While a key is being replaced the old and the new one both sign, so that readers can change their
policy files in their own time. A key that is named like a closed log signs that log's heads alone.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.errors import Unavailable
from portal.ledger.checkpoint import (
    Checkpoint,
    format_checkpoint,
    parse_checkpoint,
    parse_published,
    sign_checkpoint,
)
from portal.ledger.guard import (
    BehindTheGuard,
    ForkedFromTheGuard,
    Guard,
    GuardMissing,
    SignedHead,
)
from portal.ledger.merkle import (
    EMPTY_ROOT,
    MerkleError,
    NodeReader,
    consistency_proof,
    range_root,
    verify_consistency,
)
from portal.ledger.models import LedgerPublication
from portal.ledger.note import (
    BadSignature,
    MalformedNote,
    Note,
    Signer,
    find_signature,
    sign_line,
    signature_line,
    verify_signature,
)
from portal.ledger.store import (
    Head,
    list_heads,
    look_afresh,
    sees_only_committed,
    stored_tree,
)
from portal.ledger.tiles import MissingNode


class WrongLog(Unavailable):
    """The settings name another log, or no key for it, than the database holds."""


@dataclass(frozen=True)
class LogSigner:
    """The keys that sign, newest first, and the guard. The first key names the open log.

    A session carries it too, so that nothing is appended to a database that must not be signed.
    Raises ValueError without a key.
    """

    keys: tuple[Signer, ...]
    guard: Guard = field(repr=False)

    def __post_init__(self) -> None:
        if not self.keys:
            raise ValueError("a log is signed with at least one key")

    @property
    def name(self) -> str:
        """The name of the open log: its origin."""
        return self.keys[0].name

    @property
    def vkey(self) -> str:
        """The newest public key, as policy files and other people's verifiers read it."""
        return self.keys[0].vkey

    def keys_of(self, origin: str) -> tuple[Signer, ...]:
        """The keys that sign for a log, newest first."""
        return tuple(key for key in self.keys if key.name == origin)

    def check_head(self, head: Head) -> None:
        """Raise NotSigning or WrongLog unless this head of the open log can be appended to.

        Quick enough for every append: sizes, and the roots where the sizes are the same. `head` is
        the newest there is, read under the lock.
        """
        self._check_name(head)
        _check_size(head, self._find_known(head))

    def check_database(self, session: Session, head: Head) -> None:
        """Raise NotSigning or WrongLog unless the log in the database begins with the newest head
        of it that was signed.
        """
        known = self._find_known(head)
        self._find_root(session, head, known.size if known else 0, known)

    def _find_root(
        self, session: Session, head: Head, size: int, known: SignedHead | None
    ) -> bytes:
        """The root of a log's first `size` entries, once it agrees with the newest signed head."""
        if known is None or head.size >= known.size:
            return self._agreed_root(session, head, size, known)
        # The session may see an older state: others committed and signed since it began to read.
        with look_afresh(session) as fresh:
            newest = next((one for one in list_heads(fresh) if one.log == head.log), head)
            return self._agreed_root(fresh, newest, size, known)

    def _agreed_root(
        self, session: Session, head: Head, size: int, known: SignedHead | None
    ) -> bytes:
        if not head.is_closed:
            self._check_name(head)
        _check_size(head, known)
        if known is None and _was_published(session, head):
            raise GuardMissing
        node = stored_tree(session, head).node
        try:
            root = range_root(0, size, node) if size else EMPTY_ROOT
            if known is not None:
                _check_agrees(SignedHead(size, root), known, node)
        except (MerkleError, MissingNode) as error:
            raise ForkedFromTheGuard from error
        return root

    def _check_name(self, head: Head) -> None:
        if head.origin not in (None, self.name):
            raise WrongLog(
                "This site can only be read at the moment. Its settings name another log than its "
                "database holds. Whoever runs it must set ON_RECORD_LEDGER_NAME back, or read "
                "about closing a log in docs/operation.md."
            )

    def _find_known(self, head: Head) -> SignedHead | None:
        return self.guard.find_newest(head.origin or self.name)

    def prepare(self, session: Session, head: Head) -> str:
        """The text of the open log's checkpoint as this transaction leaves it, to be stored with
        it. It is signed after the commit (`release`). Raises NotSigning.
        """
        self.check_database(session, head)
        # Had this file been made only when something leaves, nobody could tell a first start from
        # one at which it was taken away.
        self.guard.advance(self.name, SignedHead(0, EMPTY_ROOT), known=None)
        return format_checkpoint(self._get_keys(head)[0].name, head.size, head.root)

    def sign_committed(self, session: Session, head: Head, size: int) -> str:
        """The checkpoint of a log's first `size` entries, fit to leave: it is remembered first.

        `session` only reads. Raises NotSigning when it would contradict what was signed before,
        WrongLog when there is no key for the log.
        """
        keys = self._get_keys(head)
        return sign_checkpoint(size, self._remember(session, head, size), *keys)

    def release(self, session: Session, head: Head, published: str) -> str:
        """A published checkpoint of a log, as the database holds it, fit to leave: remembered, and
        with the signatures of all keys that are in force now.

        `session` only reads. Raises NotSigning when the database contradicts the note, or the note
        is not as this site writes it; NotSigning and WrongLog as `sign_committed` does.
        """
        origin = head.origin or self.name
        keys = self.keys_of(origin)
        note, stated = _read_published(published, origin, keys)
        if not keys and not note.signatures:
            self._get_keys(head)
        missing = [key for key in keys if find_signature(note, key.key) is None]
        try:
            self._remember(session, head, stated.size, stated.root)
        except BehindTheGuard:
            # Newer entries are lost. What was signed before is still read, and nothing is signed.
            if len(missing) == len(keys) and keys:
                raise
            return published
        lines = [*map(signature_line, note.signatures), *(sign_line(note.text, k) for k in missing)]
        return f"{note.text}\n{''.join(lines)}"

    def _remember(
        self, session: Session, head: Head, size: int, stated: bytes | None = None
    ) -> bytes:
        """The root of a log's first `size` entries, which may be signed from now on. Raises
        ForkedFromTheGuard when it is not the `stated` one.
        """
        if not sees_only_committed(session):
            raise ValueError("a signature is made after the commit, in a session that only reads")
        while True:
            known = self._find_known(head)
            root = self._find_root(session, head, size, known)
            if stated not in (None, root):
                raise ForkedFromTheGuard
            if known is not None and size <= known.size:
                return root
            # If somebody else signed meanwhile, it must agree with that as well.
            if self.guard.advance(head.origin or self.name, SignedHead(size, root), known=known):
                return root

    def _get_keys(self, head: Head) -> tuple[Signer, ...]:
        keys = self.keys_of(head.origin or self.name)
        if not keys:
            raise WrongLog(
                "A receipt of an older log cannot be signed again, because its key is not set. "
                "The receipts that were given stay good."
            )
        return keys


def _check_size(head: Head, known: SignedHead | None) -> None:
    if known is not None and head.size < known.size:
        raise BehindTheGuard
    if known is not None and head.size == known.size and head.root != known.root:
        raise ForkedFromTheGuard


def _was_published(session: Session, head: Head) -> bool:
    query = select(LedgerPublication.size).where(LedgerPublication.log == head.log)
    return session.scalar(query.limit(1)) is not None


def _check_agrees(one: SignedHead, known: SignedHead, node: NodeReader) -> None:
    """Raise MerkleError, MissingNode unless one of the two trees begins with the other.

    The proof is computed and then checked like a stranger's: hashes that were tampered with do not
    lead to the root that is known.
    """
    old, new = sorted((one, known), key=lambda head: head.size)
    if old.size:
        proof = consistency_proof(old.size, new.size, node)
        verify_consistency(old.size, new.size, old.root, new.root, proof)


def _read_published(published: str, origin: str, keys: Sequence[Signer]) -> tuple[Note, Checkpoint]:
    """A checkpoint from the database. Raises ForkedFromTheGuard unless it is as this site writes
    them: three lines, and signatures of the log's own keys, of which those known here must fit.
    """
    try:
        note = parse_published(published)
        stated = parse_checkpoint(note.text)
        for key in keys:
            if find_signature(note, key.key) is not None:
                verify_signature(note, key.key)
    except (MalformedNote, BadSignature) as error:
        raise ForkedFromTheGuard from error
    is_ours = note.text == format_checkpoint(origin, stated.size, stated.root)
    if not is_ours or any(line.name != origin for line in note.signatures):
        raise ForkedFromTheGuard
    return note, stated
