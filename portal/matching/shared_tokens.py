"""What a force sends that shares no names: its tokens as sides, and a report made comparable. Pure.

`tokenise` makes the tokens on the force's side, `portal.police.person_cells` takes them in. The
key is shared with the force. A report is compared with such a record by its own tokens, made under
the key that the record names; equality is all that tokens know. A record that was removed may name
two: what it leaves empty, and whom it named before, come from rows of before the key was changed.
"""

import base64
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from portal.matching.levels import compare_people
from portal.matching.model import Model
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
    """The keys that a record's tokens were made with: those of its victims, one as a rule, and that
    of its place, if that is told by tokens.
    """

    people: tuple[bytes, ...] = field(repr=False)
    place: bytes | None = field(default=None, repr=False)


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


def seen_by(
    side: ReportSide, record: RecordSide, shared: SharedBy | None, model: Model
) -> ReportSide:
    """A report's side as it is compared with a record that says so of itself. Of several keys, with
    that of the victim who fits best.
    """
    if shared is None:
        return side
    place = tokenise_place(side.place, token_maker(shared.place)) if shared.place else side.place
    sights = [
        replace(side, victim=tokenise_person(side.victim, token_maker(secret)), place=place)
        for secret in shared.people
    ]
    if len(sights) == 1:
        return sights[0]
    return max(
        sights,
        key=lambda seen: max(
            model.person_bits(compare_people(seen.victim, other, model)) for other in record.victims
        ),
    )


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
    people = {_key_of(each.tokens) for each in victims}
    place_key = _key_of(place_tokens)
    # Clear beside tokens is made a token under the first: any order would do, if always the same.
    names = sorted(keys.keys() & people) or sorted(keys.keys() & {place_key})
    if not names:
        return side, None
    token = token_maker(keys[names[0]])
    told = tuple(
        person_of(each.tokens) if _key_of(each.tokens) in keys else tokenise_person(clear, token)
        for clear, each in zip(side.victims, victims, strict=False)
    )
    place = place_of(place_tokens or "") if place_key in keys else side.place
    shared = SharedBy(tuple(keys[name] for name in names), keys.get(place_key))
    return replace(side, victims=told, place=place), shared


def _key_of(text: str | None) -> str:
    """The name of the key of tokens; "" of none."""
    return (text or "").partition(" ")[0]
