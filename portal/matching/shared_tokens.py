"""What a force sends that shares no names: its tokens as sides, and a report made comparable. Pure.

`tokenise` makes the tokens on the force's side, `portal.police.person_cells` takes them in. The
key is shared with the force. A report is compared with such a record by its own tokens, made under
the key that the record names; equality is all that tokens know.
"""

import base64
from dataclasses import replace

from portal.matching.sides import PersonSide, PlaceSide, ReportSide, Token, Value, tokenise_person
from portal.matching.tokenise import token_maker

Told = tuple[str, dict[str, list[bytes]]]


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
