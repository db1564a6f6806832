"""Promises about having the log cosigned, with real witnesses that keep their state on disk."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from portal.errors import NotFound, Refused, Unavailable
from portal.ledger import verify
from portal.ledger.models import LedgerPublication
from portal.ledger.note import (
    COSIGNATURE_V1,
    BadSignature,
    Signature,
    Signer,
    cosign,
    parse_note,
    signature_line,
)
from portal.ledger.outside.state import State
from portal.ledger.outside.witness import Witness
from portal.ledger.policy import parse_policy, policy_of
from portal.ledger.publication import find_published, publish_signed
from portal.ledger.receipt import to_bytes
from portal.ledger.service import NewEntry, append, make_receipt, open_entry
from portal.ledger.witnessing import Answer, ask_witnesses, find_question, take_line
from portal.site import Site
from tests.rig.clock import HandClock
from tests.rig.ed25519 import neutral_signature
from tests.rig.ledger import signer as a_signer

NAMES = ("pcc", "inspector", "court")


class Town:
    """A site, its clock, and three witnesses of which two must sign."""

    def __init__(self, site: Site, clock: HandClock, folder: Path) -> None:
        self.clock = clock
        self.signers = {
            name: a_signer(f"{name}.example", seed, COSIGNATURE_V1)
            for seed, name in enumerate(NAMES, 61)
        }
        lines = [
            f"witness {name} {one.vkey} https://{name}.example/w"
            for name, one in self.signers.items()
        ]
        text = [f"log {site.signer.vkey}", *lines, f"group two 2 {' '.join(NAMES)}", "quorum two"]
        self.policy = parse_policy("\n".join([*text, ""]).encode())
        self.site = replace(site, witnesses=self.policy, ask_witness=self.ask)
        self.keys = {site.signer.name: tuple(key.key for key in site.signer.keys)}
        self.witnesses: Mapping[str, Witness] = {
            name: Witness(one, self.keys, State(folder / name), lambda: int(clock().timestamp()))
            for name, one in self.signers.items()
        }
        self.silent: set[str] = set()

    def ask(self, url: str, body: bytes) -> Answer:
        """What the network would do."""
        name = url.removeprefix("https://").split(".")[0]
        assert url == f"https://{name}.example/w/add-checkpoint"
        if name in self.silent:
            raise Unavailable("It does not answer.")
        answer = self.witnesses[name].add_checkpoint(body)
        return Answer(answer.status, answer.body)

    def put(self, subject: UUID | None = None) -> int:
        """One entry on record."""
        new = NewEntry("submitted", subject or uuid4(), {"x": 1}, self.site.keyring.seal_alone)
        with self.site.database.transaction() as session:
            return append(session, [new], now=self.clock())[0]

    def publish(self) -> None:
        """Publish now."""
        publish_signed(
            self.site.database,
            seal_alone=self.site.keyring.seal_alone,
            signer=self.site.signer,
            now=self.clock(),
            multiple=8,
            every=timedelta(0),
        )

    def cosigned(self) -> tuple[int, list[str]]:
        """Ask all of them."""
        return ask_witnesses(
            self.site.database,
            self.policy,
            signer=self.site.signer,
            ask=self.site.ask_witness,
            clock=self.clock,
        )

    def judge(self, index: int) -> verify.Verdict:
        """What a stranger with the site's policy file makes of the receipt."""
        with self.site.database.reading() as session:
            receipt = make_receipt(
                session,
                index,
                open_sealed=self.site.keyring.open_alone,
                signer=self.site.signer,
            )
        return verify.judge(to_bytes(receipt), policy_of(self.site.signer, self.policy))


@pytest.fixture
def town(site: Site, clock: HandClock, tmp_path: Path) -> Town:
    """The site and its witnesses."""
    return Town(site, clock, tmp_path / "witnesses")


def newest(town: Town) -> LedgerPublication:
    with town.site.database.reading() as session:
        published = find_published(session)
    assert published is not None
    return published


def stamp(town: Town) -> int:
    return int(town.clock().timestamp())


def test_a_receipt_grows_stronger_when_witnesses_sign(town: Town) -> None:
    index = town.put()
    assert "Quorum not met" in town.judge(index).summary
    town.publish()
    town.clock.advance(minutes=2)
    assert town.cosigned() == (3, [])
    verdict = town.judge(index)
    assert verdict.code == verify.PROVED, verdict
    assert verdict.not_after == stamp(town)


def test_one_witness_that_is_silent_stops_neither_the_others_nor_the_proof(town: Town) -> None:
    index = town.put()
    town.publish()
    town.silent = {"pcc"}
    taken, problems = town.cosigned()
    assert taken == 2
    assert problems == ["Witness pcc: It does not answer."]
    assert town.judge(index).code == verify.PROVED
    town.silent = set()
    assert town.cosigned() == (1, [])
    assert town.cosigned() == (0, [])


def test_too_few_witnesses_prove_no_time_and_mark_nothing(town: Town) -> None:
    index = town.put()
    town.publish()
    town.silent = {"pcc", "court"}
    town.cosigned()
    assert "Quorum not met" in town.judge(index).summary
    assert newest(town).witnessed_at is None


def test_an_entry_holds_the_newest_cosigned_checkpoint_and_so_is_no_older(town: Town) -> None:
    first = town.put()
    town.publish()
    town.cosigned()
    town.clock.advance(minutes=5)
    second = town.put()
    with town.site.database.reading() as session:
        opened = [
            open_entry(session, index, town.site.keyring.open_alone).fields["after"]
            for index in (first, second)
        ]
    assert opened[0] is None
    assert isinstance(opened[1], str)
    assert opened[1].startswith(f"{town.site.signer.name}\n8\n")
    assert opened[1].count("\n— ") == 4


def test_a_publication_that_was_not_witnessed_is_skipped_for_the_next_that_was(town: Town) -> None:
    index = town.put()
    town.publish()
    town.clock.advance(hours=1)
    town.publish()
    town.cosigned()
    verdict = town.judge(index)
    assert (verdict.size, verdict.not_after) == (16, stamp(town))


def test_a_witness_that_knows_another_size_is_asked_again_from_there(town: Town) -> None:
    town.put()
    town.publish()
    town.cosigned()
    town.clock.advance(hours=1)
    town.publish()
    # It cosigned the newest already, but its answer was lost on the way.
    with town.site.database.reading() as session:
        pcc = next(one for one in town.policy.witnesses if one.name == "pcc")
        question = find_question(session, pcc, signer=town.site.signer)
        assert question is not None
    assert town.witnesses["pcc"].add_checkpoint(question.body).status == 200
    assert town.cosigned() == (3, [])


def test_the_line_of_a_body_that_fetches_by_itself_counts_like_any_other(town: Town) -> None:
    town.put()
    town.publish()
    published = newest(town)
    line = cosign(published.checkpoint, town.signers["court"], stamp(town))
    for _ in range(2):
        with town.site.database.transaction() as session:
            take_line(session, 1, 8, line, policy=town.policy, now=town.clock())
    town.silent = {"pcc"}
    assert town.cosigned()[0] == 1
    assert newest(town).witnessed_at == town.clock()


def test_a_later_line_by_the_same_witness_does_not_replace_the_earlier(town: Town) -> None:
    index = town.put()
    town.publish()
    town.cosigned()
    first = stamp(town)
    town.clock.advance(hours=3)
    published = newest(town)
    for name in NAMES:
        line = cosign(published.checkpoint, town.signers[name], stamp(town))
        with town.site.database.transaction() as session:
            take_line(session, 1, 8, line, policy=town.policy, now=town.clock())
    assert town.judge(index).not_after == first


def a_stranger() -> Signer:
    return a_signer("stranger.example", 99, COSIGNATURE_V1)


def test_lines_by_strangers_or_that_do_not_fit_are_refused(town: Town) -> None:
    town.put()
    town.publish()
    published = newest(town)
    good = cosign(published.checkpoint, town.signers["court"], stamp(town))
    other = cosign(published.checkpoint.replace("8", "9", 1), town.signers["court"], stamp(town))
    stranger = cosign(published.checkpoint, a_stranger(), stamp(town))

    def refused(line: str, size: int = 8) -> Exception:
        with (
            pytest.raises((Refused, NotFound)) as error,
            town.site.database.transaction() as session,
        ):
            take_line(session, 1, size, line, policy=town.policy, now=town.clock())
        return error.value

    assert isinstance(refused(other), BadSignature)
    assert "not by a witness" in str(refused(stranger))
    assert "one signature line" in str(refused(good + good))
    assert "one signature line" in str(refused(good[:-1]))
    assert "one signature line" in str(refused("— court.example " + "A" * 2000 + "\n"))
    assert isinstance(refused(good, size=16), NotFound)


def weak_line(note: str, by: Signer, at: int) -> str:
    """A line that the portal's library takes and every verifier refuses."""
    message = f"cosignature/v1\ntime {at}\n{parse_note(note).text}".encode()
    weak = neutral_signature(by.private.private_bytes_raw(), by.key.public, message)
    return signature_line(Signature(by.name, by.key_id, at.to_bytes(8, "big") + weak))


def hand_in(town: Town, line: str) -> None:
    with town.site.database.transaction() as session:
        take_line(session, 1, newest(town).size, line, policy=town.policy, now=town.clock())


def test_one_witness_that_means_harm_makes_no_receipt_worthless(town: Town) -> None:
    index = town.put()
    town.publish()
    note, at = newest(town).checkpoint, stamp(town)
    for name in ("pcc", "inspector"):
        hand_in(town, cosign(note, town.signers[name], at))
    with pytest.raises(BadSignature, match="verifiers refuse"):
        hand_in(town, weak_line(note, town.signers["court"], at))
    assert town.judge(index).code == verify.PROVED
    later = town.put()
    town.publish()
    assert town.cosigned()[0] == 3
    verdict = town.judge(later)
    assert (verdict.code, verdict.not_before) == (verify.PROVED, at)


@pytest.mark.parametrize("hours", [-24, 24])
@pytest.mark.parametrize("far", [False, True])
def test_a_line_of_a_time_that_cannot_be_is_refused_and_the_right_one_is_still_taken(
    town: Town, hours: int, far: bool
) -> None:
    index = town.put()
    town.publish()
    note, signer = newest(town).checkpoint, town.signers["court"]
    wrong = (2**62 if hours > 0 else 0) if far else stamp(town) + hours * 3600
    with pytest.raises(Refused, match="clock"):
        hand_in(town, cosign(note, signer, wrong))
    for name in ("court", "pcc"):
        hand_in(town, cosign(note, town.signers[name], stamp(town) + 299))
    assert town.judge(index).not_after == stamp(town) + 299


def test_what_a_witness_says_instead_is_told_to_who_runs_the_site(town: Town) -> None:
    town.put()
    town.publish()

    def ask(_url: str, _body: bytes) -> Answer:
        return Answer(403, "not\x1b[31m trusted")

    taken, problems = ask_witnesses(
        town.site.database, town.policy, signer=town.site.signer, ask=ask, clock=town.clock
    )
    assert taken == 0
    assert problems[0] == "Witness pcc: it answered 403: not [31m trusted"
