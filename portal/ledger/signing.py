"""Signing the log's heads: with every key that is in force, and never two trees of one size.

While a key is being replaced the old and the new one both sign, so that readers can change their
policy files in their own time. A key that is named like a closed log signs that log's heads alone.
"""

from dataclasses import dataclass, field

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.errors import Unavailable
from portal.ledger.checkpoint import parse_checkpoint, sign_checkpoint
from portal.ledger.guard import (
    BehindTheGuard,
    ForkedFromTheGuard,
    Guard,
    GuardMissing,
    SignedHead,
)
from portal.ledger.merkle import EMPTY_ROOT, range_root
from portal.ledger.models import LedgerPublication
from portal.ledger.note import Signer, find_signature, parse_note, sign_line
from portal.ledger.store import Head, list_heads, look_afresh, stored_tree


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
        if known is None or head.size >= known.size:
            self._check_tree(session, head, known)
            return
        # The session may see an older state: others committed and signed since it began to read.
        with look_afresh(session) as fresh:
            newest = next((one for one in list_heads(fresh) if one.log == head.log), head)
            self._check_tree(fresh, newest, known)

    def _check_tree(self, session: Session, head: Head, known: SignedHead | None) -> None:
        if not head.is_closed:
            self._check_name(head)
        _check_size(head, known)
        if known is None:
            if _was_published(session, head):
                raise GuardMissing
        elif _root_of(session, head, known.size) != known.root:
            raise ForkedFromTheGuard

    def _check_name(self, head: Head) -> None:
        if head.origin not in (None, self.name):
            raise WrongLog(
                "This site can only be read at the moment. Its settings name another log than its "
                "database holds. Whoever runs it must set ON_RECORD_LEDGER_NAME back, or read "
                "about closing a log in docs/operation.md."
            )

    def _find_known(self, head: Head) -> SignedHead | None:
        return self.guard.find_newest(head.origin or self.name)

    def sign_within(self, session: Session, head: Head) -> str:
        """The checkpoint of the open log as this transaction leaves it, to be stored with it.

        It must not leave before the commit, and then through `release`. Raises NotSigning.
        """
        self.check_database(session, head)
        # Had this file been made only when something leaves, nobody could tell a first start from
        # one at which it was taken away.
        self.guard.advance(self.name, SignedHead(0, EMPTY_ROOT))
        return sign_checkpoint(head.size, head.root, *self._get_keys(head))

    def sign_committed(self, session: Session, head: Head, size: int) -> str:
        """The checkpoint of a log's first `size` entries, fit to leave: it is remembered first.

        Raises NotSigning when it would contradict what was signed before, WrongLog when there is
        no key for the log.
        """
        keys = self._get_keys(head)
        self.check_database(session, head)
        root = _root_of(session, head, size)
        self.guard.advance(keys[0].name, SignedHead(size, root))
        return sign_checkpoint(size, root, *keys)

    def release(self, session: Session, head: Head, note: str) -> str:
        """A stored checkpoint of a log, remembered and so fit to leave, with the signatures of all
        keys that are in force now.

        A key that is newer than the note signs it too, once the tree was found to agree. Raises
        NotSigning as `sign_committed` does.
        """
        parsed = parse_note(note)
        stated = parse_checkpoint(parsed.text)
        known = self.guard.find_newest(stated.origin)
        if known is None or known.size < stated.size:
            self.check_database(session, head)
            self.guard.advance(stated.origin, SignedHead(stated.size, stated.root))
        missing = [
            key for key in self.keys_of(stated.origin) if find_signature(parsed, key.key) is None
        ]
        if missing and _root_of(session, head, stated.size) != stated.root:
            raise ForkedFromTheGuard
        return note + "".join(sign_line(parsed.text, key) for key in missing)

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


def _root_of(session: Session, head: Head, size: int) -> bytes:
    if size == 0:
        return EMPTY_ROOT
    return range_root(0, size, stored_tree(session, head).node)
