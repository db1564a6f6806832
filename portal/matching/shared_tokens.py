"""What a force sends that shares no names: its tokens as sides, and a report made comparable. Pure.

`tokenise` makes the tokens on the force's side, `portal.police.person_cells` takes them in. The
key is shared with the force. A report is compared with such a record by its own tokens, made under
the key that the record names; equality is all that tokens know.
"""

import base64
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from portal.matching.sides import (
    PersonSide,
    PlaceSide,
    RecordSide,
    ReportSide,
    Token,
    Value,
    tokenise_person,
)
from portal.matching.tokenise import token_maker
from portal.police.content import Victim

Told = tuple[str, dict[str, list[bytes]]]


@dataclass(frozen=True, slots=True)
class SharedBy:
    """The key that a record's tokens were made with, and whether its place is told by tokens."""

    secret: bytes = field(repr=False)
    with_place: bool


def read_tokens(text: str) -> Told:
    """The name of the key, and the tokens by their letter, of a text as `person_cells` keeps it."""
    key, *parts = text.split(" ")
    found: dict[str, list[bytes]] = {}
    for part in parts:
        letter, _, token = part.partition(":")
        found.setdefault(letter, []).append(base64.urlsafe_b64decode(token + "=="))
    return key, found


def person_of(tokens: str) -> PersonSide:
    """The person that a force's tokens stand for."""
    _, told = read_tokens(tokens)

    def one(letter: str) -> Value:
        return told[letter][0] if letter in told else ""

    def many(letter: str) -> frozenset[Value]:
        return frozenset(told.get(letter, ()))

    return PersonSide(
        forenames=tuple(told.get("f", ())),
        surname=one("s"),
        forename_groups=many("g"),
        forename_sounds=many("x"),
        surname_sounds=many("y"),
        surname_parts=many("p"),
        birth_date=one("b"),
        birth_year=one("z"),
        telephones=many("t"),
        emails=many("e"),
    )


def place_of(tokens: str) -> PlaceSide:
    """The place that a force's tokens stand for."""
    _, told = read_tokens(tokens)
    return PlaceSide(*(told[letter][0] if letter in told else "" for letter in "uvwo"))


def tokenise_place(place: PlaceSide, token: Token) -> PlaceSide:
    """The place with every value replaced by its token."""
    parts = {name: getattr(place, name) for name in ("unit", "sector", "district", "town")}
    return PlaceSide(
        **{
            name: token(name, value) if isinstance(value, str) and value else value
            for name, value in parts.items()
        }
    )


def tokenise_report(side: ReportSide, secret: bytes, *, with_place: bool) -> ReportSide:
    """A report's side as it is compared with records whose tokens were made with this key.

    `with_place`: the force sends tokens for the place too.
    """
    token = token_maker(secret)
    place = tokenise_place(side.place, token) if with_place else side.place
    return replace(side, victim=tokenise_person(side.victim, token), place=place)


def seen_by(side: ReportSide, shared: SharedBy | None) -> ReportSide:
    """A report's side as it is compared with a record that says so of itself."""
    if shared is None:
        return side
    return tokenise_report(side, shared.secret, with_place=shared.with_place)


def every_sight(side: ReportSide, keys: Mapping[str, bytes]) -> Iterator[ReportSide]:
    """A report's side in every form that a record may have to be found by."""
    yield side
    for secret in keys.values():
        for with_place in (False, True):
            yield tokenise_report(side, secret, with_place=with_place)


def told_by_tokens(
    side: RecordSide, victims: Sequence[Victim], place_tokens: str | None, keys: Mapping[str, bytes]
) -> tuple[RecordSide, SharedBy | None]:
    """A record's side with what the force told by tokens, and how to compare a report with it.

    `side.victims` go in pairs with `victims`. Tokens of a key that is not configured any more say
    nothing. What a victim of the same record has in clear is made a token too, so that one report
    can be compared with all of them.
    """
    texts = [text for text in (*(each.tokens for each in victims), place_tokens) if text]
    if not texts:
        return side, None
    names = {text.partition(" ")[0] for text in texts}
    known = sorted(name for name in names if name in keys)
    if not known:
        return side, None
    # The rows of one record are made in one run, with one key; of two, one is not looked at.
    name, secret = known[0], keys[known[0]]
    token = token_maker(secret)
    people = tuple(
        person_of(each.tokens) if _is_of(each.tokens, name) else tokenise_person(clear, token)
        for clear, each in zip(side.victims, victims, strict=False)
    )
    with_place = _is_of(place_tokens, name)
    place = place_of(place_tokens or "") if with_place else side.place
    return replace(side, victims=people, place=place), SharedBy(secret, with_place)


def _is_of(text: str | None, key: str) -> bool:
    return (text or "").partition(" ")[0] == key
