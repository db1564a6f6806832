"""What an `erased` entry holds, and whether it is the victim's own wish.

The entry names every leaf of the report that nobody can open any more. It carries no content: of
each erased entry only its kind and time, whose it is, its number and the leaf before it are
disclosed, and of those about return codes what leads from the first code's key to the newest. So
whoever audits can recompute each leaf, follow the chain, and tell whose key the request must be
signed with, although what the leaves commit to is gone (docs/erasure.md).

A request that waited was signed over the newest entry of its time; the entry that asked for it
follows that one and says when it is carried out, and none after it may have kept the report.
"""

import base64
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from portal.errors import Refused
from portal.ledger import code_chain
from portal.ledger.code_chain import is_signed
from portal.ledger.entry import (
    LEAF_BYTES,
    DisclosedField,
    Disclosure,
    canonical,
    disclose,
    leaf,
    leaf_of,
)
from portal.ledger.erasure_asked import ASKED, ERASES_FROM, KEPT

KIND = "erased"
LABEL = "on-record/v1/erase"
_SHOWN = ("kind", "at", "subject", "sequence", "previous")
_OLDER = "The request to erase is not about the newest entry of the report."


class BadErasure(Refused):
    """An `erased` entry that erases nothing: the audit names the leaves as missing."""


class MalformedErasure(BadErasure):
    """A part is missing, or is not what it should be."""


class NoRequest(BadErasure):
    """There is no request, or no key on record that it could be signed with."""


class WrongKey(BadErasure):
    """The request is not signed with the key that the report's entries lead to."""


class BrokenChain(BadErasure):
    """An entry about return codes broke a rule, or does not show all that a rule needs."""


class OtherReport(BadErasure):
    """The request, or an entry that is named, is another report's."""


class OlderRequest(BadErasure):
    """The request was made before the newest entry of the report."""


class TooEarly(BadErasure):
    """It was carried out before the time that the entry which asked for it says."""


class KeptAfterAll(BadErasure):
    """Whoever had the return code stopped it before it was carried out."""


class OmittedLeaf(BadErasure):
    """An entry of the report is not named, or one is named that follows none."""


class WrongLeaf(BadErasure):
    """What is named is not the leaf that the log holds there."""


@dataclass(frozen=True)
class ErasedEntry:
    """An entry of the report as it was before: its index in the log, its salt and fields."""

    index: int
    salt: bytes = field(repr=False)
    fields: Mapping[str, object] = field(repr=False)


def request_message(subject: str, sequence: int, last_leaf: bytes | None) -> bytes:
    """What the victim signs: which report, how many entries it has, and the leaf of the last.

    A draft has none: 0 and None.
    """
    return canonical(_signed(subject, sequence, last_leaf))


def newest_request_key(entries: Sequence[ErasedEntry]) -> bytes | None:
    """The newest key (32 bytes) that the report's entries lead to; None when they hold none."""
    return code_chain.follow(each.fields for each in entries).key


def erasure_fields(
    entries: Sequence[ErasedEntry], signature: bytes, *, signed: int | None = None
) -> dict[str, object]:
    """The fields of the `erased` entry for all entries of a report, oldest first.

    `signed` is how many of them there were when the request was signed; None for all.
    """
    count = len(entries) if signed is None else signed
    newest = entries[count - 1]
    return {
        "erased": [_named(each) for each in entries],
        "request": {
            "signed": _signed(
                str(newest.fields["subject"]), count, leaf(newest.salt, newest.fields)
            ),
            "signature": _encode(signature),
        },
    }


def check_erasure(
    fields: Mapping[str, object], leaf_of_index: Callable[[int], bytes | None]
) -> frozenset[int]:
    """The indices that an `erased` entry with these fields names, once its request holds.

    `leaf_of_index` gives the 33 bytes that the log holds at an index, None for none. Raises
    MalformedErasure, NoRequest, WrongKey, BrokenChain, OtherReport, OlderRequest, TooEarly,
    KeptAfterAll, OmittedLeaf or WrongLeaf.
    """
    subject, sequence = fields.get("subject"), fields.get("sequence")
    if fields.get("kind") != KIND or not isinstance(subject, str) or type(sequence) is not int:
        raise MalformedErasure("This is no entry that erases a report.")
    signed, signature = _request(fields)
    if signed[:2] != [LABEL, subject]:
        raise OtherReport("The request to erase is about another report.")
    named = _list(fields.get("erased"))
    if len(named) != sequence - 1:
        if signed[2:] != [sequence - 1, fields.get("previous")]:
            raise OlderRequest(_OLDER)
        raise OmittedLeaf("The report has more entries, or fewer, than are named.")
    codes, before, indices = list[Mapping[str, object]](), None, list[int]()
    leaves: list[str] = []
    for number, each in enumerate(named, 1):
        index, disclosure = _read(each)
        shown = {one.name: one.value for one in disclosure.fields}
        _check_place(shown, subject, number, before)
        before = _encode(_check_leaf(each, index, disclosure, leaf_of_index))
        codes.append(shown)
        leaves.append(before)
        indices.append(index)
    if before != fields.get("previous") or indices != sorted(set(indices)):
        raise OmittedLeaf("The entries that are named do not lead to this one.")
    _check_waited(signed, codes, leaves, fields.get("at"))
    _check_key(signed, signature, codes)
    return frozenset(indices)


def _check_waited(
    signed: Sequence[object],
    shown: Sequence[Mapping[str, object]],
    leaves: Sequence[str],
    at: object,
) -> None:
    """A request is about the newest entry, or one that the entry which asked for it follows."""
    count = signed[2]
    if not isinstance(count, int) or not 0 < count <= len(shown) or signed[3] != leaves[count - 1]:
        raise OlderRequest(_OLDER)
    if count == len(shown):
        return  # erased at once, as every report was before there was a cooling-off time
    asked = shown[count]
    if asked.get("kind") != ASKED:
        raise OlderRequest(_OLDER)
    if any(one.get("kind") in (ASKED, KEPT) for one in shown[count + 1 :]):
        raise KeptAfterAll("The erasure was stopped, or asked for anew, before it was carried out.")
    erases_from = str(asked.get(ERASES_FROM) or "")
    # Times are written in one way alone, so that they sort as text.
    if not str(asked["at"]) < erases_from <= str(at or ""):
        raise TooEarly("It was erased before the time that the entry which asked for it says.")


def _check_key(
    signed: Sequence[object], signature: bytes, codes: Sequence[Mapping[str, object]]
) -> None:
    chain = code_chain.follow(codes)
    # A code that was changed since did not sign, and the one before it did.
    key = code_chain.follow(codes[: int(str(signed[2]))]).key
    if key is None:
        raise NoRequest("No entry of the report holds a key that a request could be signed with.")
    if chain.breaches:
        raise BrokenChain(f"In an entry that is named {chain.breaches[0].words}.")
    if not is_signed(key, canonical(list(signed)), signature):
        raise WrongKey("The request is not signed with the key that the report holds.")


def _signed(subject: str, sequence: int, last_leaf: bytes | None) -> list[object]:
    return [LABEL, subject, sequence, None if last_leaf is None else _encode(last_leaf)]


def _named(each: ErasedEntry) -> dict[str, object]:
    kind = each.fields.get("kind")
    about_codes = code_chain.FIELDS if kind in code_chain.KINDS else ()
    shown = [*_SHOWN, *about_codes, *([ERASES_FROM] if kind == ASKED else [])]
    disclosure = disclose(each.salt, each.fields, [one for one in shown if one in each.fields])
    return {
        "index": each.index,
        "leaf": _encode(leaf_of(disclosure)),
        "fields": [[one.name, one.value, _encode(one.key)] for one in disclosure.fields],
        "hidden": [_encode(one) for one in disclosure.hidden],
    }


def _request(fields: Mapping[str, object]) -> tuple[list[object], bytes]:
    request = fields.get("request")
    if request is None:
        raise NoRequest("There is no request to erase this report.")
    if not isinstance(request, Mapping):
        raise MalformedErasure("The request to erase is not written in the right way.")
    signed = _list(request.get("signed"))
    if len(signed) != 4 or type(signed[2]) is not int:
        raise MalformedErasure("The request to erase is not written in the right way.")
    return signed, _decode(request.get("signature"))


def _read(named: object) -> tuple[int, Disclosure]:
    if not isinstance(named, Mapping) or type(index := named.get("index")) is not int:
        raise MalformedErasure("An entry that is named has no place in the log.")
    shown = [_list(one) for one in _list(named.get("fields"))]
    if any(len(one) != 3 or not isinstance(one[0], str) for one in shown):
        raise MalformedErasure("An entry that is named is not disclosed in the right way.")
    if len({one[0] for one in shown}) != len(shown):
        raise MalformedErasure("An entry that is named shows a field twice.")
    hidden = [_decode(one) for one in _list(named.get("hidden"))]
    opened = tuple(DisclosedField(str(name), value, _decode(key)) for name, value, key in shown)
    return index, Disclosure(opened, tuple(hidden))


def _check_place(
    shown: Mapping[str, object], subject: str, number: int, before: str | None
) -> None:
    if not {"kind", "at"} <= shown.keys():
        raise MalformedErasure("An entry that is named does not say its kind and time.")
    if shown.get("subject") != subject:
        raise OtherReport("An entry that is named belongs to another report.")
    if shown.get("sequence") != number or shown.get("previous", "") != before:
        raise OmittedLeaf("The entries that are named leave one out.")


def _check_leaf(
    named: object,
    index: int,
    disclosure: Disclosure,
    leaf_of_index: Callable[[int], bytes | None],
) -> bytes:
    claimed = _decode(named.get("leaf")) if isinstance(named, Mapping) else b""
    try:
        computed = leaf_of(disclosure)
    except Refused as error:
        raise MalformedErasure("An entry that is named does not give a leaf.") from error
    held = leaf_of_index(index) if index >= 0 else None
    if len(claimed) != LEAF_BYTES or not claimed == computed == held:
        raise WrongLeaf("The log holds another leaf where the erased entry should be.")
    return computed


def _list(value: object) -> list[object]:
    if not isinstance(value, list):
        raise MalformedErasure("A list is missing.")
    return value


def _encode(value: bytes) -> str:
    return base64.b64encode(value).decode()


def _decode(value: object) -> bytes:
    if not isinstance(value, str):
        raise MalformedErasure("Some bytes are missing.")
    try:
        raw = base64.b64decode(value, validate=True)
    except ValueError as error:
        raise MalformedErasure("The base64 is broken.") from error
    if _encode(raw) != value:
        raise MalformedErasure("The base64 is not written in the one right way.")
    return raw
