"""Policy files (C2SP tlog-policy): whom somebody trusts, and how many witnesses that needs.

The rules of reading are those of `portal.ledger.verify`, which stands alone and is what strangers
run: a policy that it refuses is refused here, in its words. Here the addresses are kept as well.
"""

import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from types import MappingProxyType
from typing import NamedTuple, Protocol

from portal.errors import Refused
from portal.ledger import verify
from portal.ledger.note import BadSignature, Note, Signer, VerifierKey, verify_cosignature

NO_QUORUM = "none"


class HasKeys(Protocol):
    """Whoever signs logs (`ledger.signing.LogSigner`), newest key first."""

    @property
    def keys(self) -> tuple[Signer, ...]:
        """The keys that sign."""


class MalformedPolicy(Refused):
    """The file is no policy, or one that could mean two things. The message names the line."""


class QuorumNotMet(Refused):
    """Too few witnesses of the policy cosigned."""


class KnownLog(NamedTuple):
    """A log that the policy trusts, and where it is reached, if the policy says so."""

    key: VerifierKey
    url: str | None


class KnownWitness(NamedTuple):
    """A witness of the policy: its name there, its key, and where it takes checkpoints, if any."""

    name: str
    key: VerifierKey
    url: str | None


@dataclass(frozen=True, slots=True)
class Policy:
    """A policy file, read. `groups` give by name how many of which members are needed; they name
    only what stands above them. `quorum` is a witness, a group, or "none".

    Times are POSIX seconds by the policy's names of witnesses.
    """

    logs: tuple[KnownLog, ...]
    witnesses: tuple[KnownWitness, ...]
    groups: Mapping[str, tuple[int, tuple[str, ...]]]
    quorum: str

    def is_met(self, times: Mapping[str, int]) -> bool:
        """Whether witnesses that cosigned at these times make the quorum; always, if it is none."""
        return self.quorum == NO_QUORUM or self.quorum in self._reached(times, latest=False)

    def not_after(self, times: Mapping[str, int]) -> int | None:
        """The earliest T so that the witnesses with times up to T make the quorum: in a group that
        needs k, the k-th smallest. None without a quorum. Raises QuorumNotMet.
        """
        return self._time(times, latest=False)

    def not_before(self, times: Mapping[str, int]) -> int | None:
        """The latest T so that the witnesses with times from T on make the quorum: in a group that
        needs k, the k-th largest. None without a quorum. Raises QuorumNotMet.
        """
        return self._time(times, latest=True)

    def _time(self, times: Mapping[str, int], *, latest: bool) -> int | None:
        if self.quorum == NO_QUORUM:
            return None
        reached = self._reached(times, latest=latest)
        if self.quorum not in reached:
            raise QuorumNotMet("Too few witnesses of the policy cosigned this.")
        return reached[self.quorum]

    def _reached(self, times: Mapping[str, int], *, latest: bool) -> dict[str, int]:
        known = {one.name for one in self.witnesses}
        reached = {name: at for name, at in times.items() if name in known}
        # Groups name only what stands above them, so one pass in file order settles them all.
        for name, (needed, members) in self.groups.items():
            stamps = sorted((reached[one] for one in members if one in reached), reverse=latest)
            if len(stamps) >= needed:
                reached[name] = stamps[needed - 1]
        return reached


def parse_policy(data: bytes) -> Policy:
    """Read a policy file. Raises MalformedPolicy."""
    try:
        read = verify.parse_policy(data)
    except verify.Unreadable as error:
        raise MalformedPolicy(str(error)) from None
    urls = _find_urls(data)
    return Policy(
        logs=tuple(KnownLog(key, urls.get(str(key))) for key in map(_key, read.logs)),
        witnesses=tuple(
            KnownWitness(name, key, urls.get(str(key)))
            for name, one in read.witnesses.items()
            for key in [_key(one)]
        ),
        groups=MappingProxyType(
            {name: (needed, tuple(members)) for name, (needed, members) in read.groups.items()}
        ),
        quorum=read.quorum,
    )


def read_cosignatures(policy: Policy, note: Note) -> dict[str, int]:
    """When the policy's witnesses cosigned this note: POSIX seconds by their names in the policy.

    Lines by others, and lines that do not fit, are left out.
    """
    times = dict[str, int]()
    for one in policy.witnesses:
        with suppress(BadSignature):
            times[one.name] = verify_cosignature(note, one.key)
    return times


def policy_of(signer: HasKeys, witnesses: Policy | None = None) -> bytes:
    """The policy that this site offers to verifiers: its own logs, and its witnesses if it has any.

    Without them it asks for none, and so lets nobody claim a time.
    """
    lines = [f"log {key.vkey}" for key in signer.keys]
    if witnesses is None:
        return "\n".join([*lines, f"quorum {NO_QUORUM}", ""]).encode()
    for one in witnesses.witnesses:
        lines.append(" ".join(["witness", one.name, str(one.key), *([one.url] if one.url else [])]))
    for name, (needed, members) in witnesses.groups.items():
        lines.append(f"group {name} {needed} {' '.join(members)}")
    return "\n".join([*lines, f"quorum {witnesses.quorum}", ""]).encode()


def _key(key: verify.Key) -> VerifierKey:
    return VerifierKey(key.name, key.kind, key.public)


def _find_urls(data: bytes) -> dict[str, str]:
    """The addresses in a policy that was read without an error, by vkey, which has one form."""
    urls = dict[str, str]()
    for line in verify.plain(data, "policy").decode("utf-8", "surrogateescape").split("\n"):
        words = [word for word in re.split("[ \t]+", line) if word]
        place = {"log": 1, "witness": 2}.get(words[0]) if words else None
        if place is not None and len(words) > place + 1:
            urls[words[place]] = words[place + 1]
    return urls
