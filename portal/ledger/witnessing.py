"""Having the published log cosigned: what to ask witnesses, and taking what they answer.

Witnesses that take checkpoints are asked after each publication (C2SP tlog-witness v1.0.0); those
that cannot be reached fetch the log themselves and send their line. Either way the line is checked
against the policy of this site before it counts.
"""

import base64
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.db import Database
from portal.errors import NotFound, Refused, Unavailable
from portal.ledger.checkpoint import parse_published
from portal.ledger.cosignatures import is_in_order, lines_of
from portal.ledger.merkle import consistency_proof
from portal.ledger.models import LedgerCosignature, LedgerPublication
from portal.ledger.note import (
    BadSignature,
    MalformedNote,
    parse_note,
    verify_cosignature,
)
from portal.ledger.outside.decision import format_offer
from portal.ledger.outside.fetching import HttpLog
from portal.ledger.policy import KnownWitness, Policy, read_cosignatures
from portal.ledger.signing import LogSigner
from portal.ledger.store import Head, find_head, stored_tree

_LONGEST_LINE = 1000  # characters


class WitnessProblem(Refused):
    """A witness gave no cosignature, and why."""


class Answer(NamedTuple):
    """What a witness answered: a status code of tlog-witness and the text."""

    status: int
    body: str


Ask = Callable[[str, bytes], Answer]
"""Sends an `add-checkpoint` body to the address of a witness. Raises Unavailable."""


def ask_over_http(url: str, body: bytes) -> Answer:
    """`Ask` over https, or over http on this machine. Raises BadAddress, Unreachable."""
    prefix, _, path = url.rpartition("/")
    status, text = HttpLog(prefix).exchange(path, body)
    return Answer(status, text.decode("utf-8", "replace"))


@dataclass(frozen=True)
class Question:
    """A publication that a witness has not cosigned, as it is to be asked."""

    log: int
    size: int
    body: bytes


def find_question(
    session: Session,
    witness: KnownWitness,
    *,
    signer: LogSigner,
    known_size: int | None = None,
) -> Question | None:
    """What to ask a witness about the open log's newest publication; None when it cosigned that.

    `known_size` is the size that it says it knows; without it, that of its last line here.
    Raises NotSigning when the database contradicts what was signed.
    """
    head = find_head(session)
    newest = session.scalars(
        select(LedgerPublication)
        .where(LedgerPublication.log == head.log)
        .order_by(LedgerPublication.size.desc())
        .limit(1)
    ).one_or_none()
    if newest is None:
        return None
    last = _last_size(session, head, witness)
    if last == newest.size:
        return None
    old = last if known_size is None else known_size
    if old > newest.size:
        return None
    tree = stored_tree(session, head)
    proof = consistency_proof(old, newest.size, tree.node) if 0 < old < newest.size else []
    note = signer.release(session, head, newest.checkpoint)
    lines = [base64.b64encode(one).decode() for one in proof]
    return Question(head.log, newest.size, format_offer(old, lines, note))


def take_line(
    session: Session, log: int, size: int, line: str, *, policy: Policy, now: datetime
) -> LedgerPublication:
    """Keep a witness's signature line over the publication of this size; its first one stays.

    Raises NotFound when nothing of this size was published, Refused for a line that is not by a
    witness of the policy, does not fit as strictly as verifiers ask, or is of an impossible time.
    """
    published = session.get(LedgerPublication, (log, size), with_for_update=True)
    if published is None:
        raise NotFound("No checkpoint of this size was published here.")
    text = parse_published(published.checkpoint).text
    witness, stamp = _read_line(text, line, policy)
    if not is_in_order(published.at, stamp, now):
        raise Refused(
            "The time of this line is not between the publication and now. The witness's clock, or "
            "the one here, is wrong."
        )
    name = f"{witness.key.name}+{witness.key.key_id.hex()}"
    if session.get(LedgerCosignature, (log, size, name)) is None:
        session.add(
            LedgerCosignature(
                log=log, size=size, witness=name, stamp=stamp, line=line, received_at=now
            )
        )
        session.flush()
    if published.witnessed_at is None and _is_met(session, published, policy):
        published.witnessed_at = now
    return published


def ask_witnesses(
    database: Database,
    policy: Policy,
    *,
    signer: LogSigner,
    ask: Ask,
    clock: Callable[[], datetime],
) -> tuple[int, list[str]]:
    """Ask every witness that has an address about the newest publication.

    How many lines were taken, and a sentence for each witness that did not give one. One that
    does not answer keeps no other waiting for ever: `ask` has its own limit of time.
    """
    taken, problems = 0, list[str]()
    for witness in policy.witnesses:
        if witness.url is None:
            continue
        try:
            taken += _ask_one(database, witness, policy, signer=signer, ask=ask, clock=clock)
        except (Refused, NotFound, Unavailable) as error:
            problems.append(f"Witness {witness.name}: {error.message}")
    return taken, problems


def _ask_one(
    database: Database,
    witness: KnownWitness,
    policy: Policy,
    *,
    signer: LogSigner,
    ask: Ask,
    clock: Callable[[], datetime],
) -> int:
    known_size: int | None = None
    # A witness that knows another size says which, and is asked once more from there.
    for _ in range(2):
        with database.reading() as session:
            question = find_question(session, witness, signer=signer, known_size=known_size)
        if question is None:
            return 0
        answer = ask(f"{str(witness.url).rstrip('/')}/add-checkpoint", question.body)
        if answer.status == 200:
            return _take_answer(database, question, answer, policy, now=clock())
        known_size = _size_in(answer)
        if known_size is None:
            break
    raise WitnessProblem(f"it answered {answer.status}: {_shown(answer.body)}")


def _take_answer(
    database: Database, question: Question, answer: Answer, policy: Policy, *, now: datetime
) -> int:
    lines = [line + "\n" for line in answer.body.split("\n") if line]
    if not lines:
        raise WitnessProblem("it answered without a line.")
    for line in lines:
        with database.transaction() as session:
            take_line(session, question.log, question.size, line, policy=policy, now=now)
    return len(lines)


def _size_in(answer: Answer) -> int | None:
    found = re.fullmatch(r"(0|[1-9][0-9]{0,17})\n?", answer.body, re.ASCII)
    return int(found[1]) if answer.status == 409 and found else None


def _shown(text: str) -> str:
    return "".join(char if char.isprintable() else " " for char in text[:200]).strip()


def _last_size(session: Session, head: Head, witness: KnownWitness) -> int:
    name = f"{witness.key.name}+{witness.key.key_id.hex()}"
    query = select(func.max(LedgerCosignature.size)).where(
        LedgerCosignature.log == head.log, LedgerCosignature.witness == name
    )
    return session.scalar(query) or 0


def _read_line(text: str, line: str, policy: Policy) -> tuple[KnownWitness, int]:
    if len(line) > _LONGEST_LINE or line.count("\n") != 1:
        raise Refused("This is not one signature line.")
    note = parse_note(f"{text}\n{line}")
    for witness in policy.witnesses:
        if (witness.key.name, witness.key.key_id) == note.signatures[0][:2]:
            return witness, verify_cosignature(note, witness.key)
    raise Refused("The line is not by a witness that is known here.")


def _is_met(session: Session, published: LedgerPublication, policy: Policy) -> bool:
    lines = lines_of(session, published.log, published.size)
    text = parse_published(published.checkpoint).text
    try:
        times = read_cosignatures(policy, parse_note(f"{text}\n{lines}"))
    except (BadSignature, MalformedNote):
        return False
    return policy.is_met(times)
