"""Credentials of forces: what a force's own system shows when it sends records.

A credential holds 256 random bits; its row holds their SHA-256 (as sign-ins do), so that a copy
of the database sends nothing in a force's name. It is shown once, when it is made, and ended by
its row, whoever holds a copy.
"""

import secrets
from datetime import datetime
from hashlib import sha256
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.errors import NotFound, Refused
from portal.police.models import ForceCredential
from portal.reference.forces import get_force

# A mark by which scanners of code and of logs can tell what they found.
PREFIX = "onrecord-force-"
_LONGEST_NAME = 100


def add_credential(
    session: Session, force_id: str, *, name: str, now: datetime
) -> tuple[ForceCredential, str]:
    """A new credential of a force and its secret, which is kept nowhere.

    `name` says what holds it. Raises NotInReference for an unknown force, Refused without a name.
    """
    get_force(force_id)
    name = " ".join(name.split())
    if not 0 < len(name) <= _LONGEST_NAME or not name.isprintable():
        raise Refused("Say in up to 100 characters which system will hold the credential.")
    secret = PREFIX + secrets.token_urlsafe(32)
    credential = ForceCredential(
        force_id=force_id, name=name, secret_hash=_hash(secret), created_at=now, ended_at=None
    )
    session.add(credential)
    session.flush()
    return credential, secret


def find_credential(session: Session, secret: str) -> ForceCredential | None:
    """The credential with this secret, or None when it is nobody's or was ended.

    One look into one index in either case, so the time tells a guesser nothing.
    """
    return session.scalar(
        select(ForceCredential).where(
            ForceCredential.secret_hash == _hash(secret), ForceCredential.ended_at.is_(None)
        )
    )


def list_credentials(session: Session) -> list[ForceCredential]:
    """Every credential that was ever made, by force and age."""
    return list(
        session.scalars(
            select(ForceCredential).order_by(ForceCredential.force_id, ForceCredential.created_at)
        )
    )


def end_credential(session: Session, credential_id: UUID, *, now: datetime) -> ForceCredential:
    """End a credential for good; one that has ended stays as it was. Raises NotFound."""
    credential = session.get(ForceCredential, credential_id, with_for_update=True)
    if credential is None:
        raise NotFound("There is no such credential.")
    credential.ended_at = credential.ended_at or now
    session.flush()
    return credential


def _hash(secret: str) -> bytes:
    return sha256(secret.encode(errors="surrogatepass")).digest()
