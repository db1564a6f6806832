"""Replaces names, birth dates and contacts in a file of crime records by keyed tokens.

    python3 tokenise.py RECORDS.csv --key KEY.json --output TOKENS.csv

For a force that shares no names. It runs on the force's own machine and needs nothing but this
file, the key and Python (3.8 or later); it opens no connection. A token is an HMAC-SHA256 of the
normalised value, cut to 128 bits, under a key derived for its purpose: nobody without the key can
make one, and nobody at all can take one apart. docs/sharing-tokens.md says what it protects from.

The columns victim_name, victim_date_of_birth, victim_telephone, victim_email, postcode and place
are taken out and columns of tokens put in. All other columns stay as they are.

It ends with 0: written. 1: the file or the key cannot be used, and nothing was written.
"""

from __future__ import annotations

import argparse
import base64
import csv
import hashlib
import hmac
import json
import os
import sys
from typing import TYPE_CHECKING, Any

from portal.matching.nicknames import nickname_groups
from portal.matching.normalising import (
    normalise_birth_date,
    normalise_email,
    normalise_postcode,
    normalise_telephone,
    normalise_town,
    sound,
    split_name,
    surname_parts,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    Token = Callable[[str, str], bytes]

PERSON = ("victim_name", "victim_date_of_birth", "victim_telephone", "victim_email")
PLACE = ("postcode", "place")
OF_PERSON = (
    "token_key",
    "victim_name_tokens",
    "victim_birth_tokens",
    "victim_telephone_tokens",
    "victim_email_tokens",
)
OF_PLACE = ("place_tokens",)
_PURPOSE = b"on-record/v1/shared-token/"
_KEY_BYTES, _TOKEN_BYTES = 32, 16
MOST_TOKENS = 18  # of a cell, as the site takes them


class Unusable(Exception):
    """A file or a key that cannot be used. The words never hold what a cell holds."""


def token_maker(secret: bytes) -> Token:
    """What makes the token of a value for one purpose: each has a key of its own (RFC 2104)."""
    keys: dict[str, bytes] = {}

    def token(purpose: str, value: str) -> bytes:
        if purpose not in keys:
            keys[purpose] = hmac.new(secret, _PURPOSE + purpose.encode(), hashlib.sha256).digest()
        mac = hmac.new(keys[purpose], value.encode("utf-8", "surrogatepass"), hashlib.sha256)
        return mac.digest()[:_TOKEN_BYTES]

    return token


def name_cell(name: str, token: Token) -> str:
    """The tokens of a name: forenames in order, surname, short forms, sounds, surname parts."""
    first, last = split_name(name)
    told = [("f", "name", one) for one in first]
    if last:
        told.append(("s", "name", last))
    if first:
        told += [("g", "group", one) for one in sorted(nickname_groups(first[0]))]
        told.append(("x", "sound", sound(first[0])))
    if last:
        told.append(("y", "sound", sound(last)))
        told += [("p", "name", one) for one in sorted(set(surname_parts(name)))]
    return _cell(told, token)


def birth_cell(text: str, token: Token) -> str:
    """The tokens of a date of birth and of its year."""
    # Spreadsheets write midnight beside a day.
    born = normalise_birth_date(text.strip().partition(" ")[0] if ":" in text else text)
    whole = [("b", "birth", born)] if len(born) == len("19900228") else []
    return _cell([*whole, ("z", "birth", born[:4])], token)


def telephone_cell(text: str, token: Token) -> str:
    """The token of a telephone number."""
    return _cell([("t", "telephone", normalise_telephone(text))], token)


def email_cell(text: str, token: Token) -> str:
    """The token of an e-mail address."""
    return _cell([("e", "email", normalise_email(text))], token)


def place_cell(postcode: str, place: str, token: Token) -> str:
    """The tokens of a postcode, its sector and its district, and of the town."""
    unit, sector, district = normalise_postcode(postcode)
    told = [("u", "unit", unit), ("v", "sector", sector), ("w", "district", district)]
    return _cell([*told, ("o", "town", normalise_town(place))], token)


def _cell(told: Iterable[tuple[str, str, str]], token: Token) -> str:
    parts = []
    for letter, purpose, value in told:
        if value:
            made = base64.urlsafe_b64encode(token(purpose, value)).decode().rstrip("=")
            parts.append(letter + ":" + made)
    # The last ones say the least: how it sounds, and the parts of a double surname.
    return " ".join(parts[:MOST_TOKENS])


def tokenise_row(row: Sequence[str], places: dict[str, int], key: str, token: Token) -> list[str]:
    """The cells of OF_PERSON, and those of OF_PLACE where the places are to go too."""

    def cell(column: str) -> str:
        return row[places[column]] if column in places else ""

    made = [
        name_cell(cell("victim_name"), token),
        birth_cell(cell("victim_date_of_birth"), token),
        telephone_cell(cell("victim_telephone"), token),
        email_cell(cell("victim_email"), token),
    ]
    of_place = [place_cell(cell("postcode"), cell("place"), token)] if "postcode" in places else []
    if "place" in places and not of_place:
        of_place = [place_cell("", cell("place"), token)]
    return [key if any(made) or any(of_place) else "", *made, *of_place]


def tokenise(
    lines: Iterable[str], key: str, token: Token, named: dict[str, str], keep_place: bool
) -> Iterator[list[str]]:
    """The rows of a file with tokens in place of what they stand for, the header first.

    `named` gives the force's own name of a column. Raises Unusable.
    """
    reader = csv.reader(lines, strict=True)
    try:
        header = next(reader, None)
        if not header:
            raise Unusable("The file is empty. Its first line must name the columns.")
        places = _places(header, named, keep_place)
        kept = [number for number in range(len(header)) if number not in places.values()]
        has_place = any(column in places for column in PLACE)
        yield [header[number] for number in kept] + [*OF_PERSON, *(OF_PLACE if has_place else ())]
        for row in reader:
            if not row:
                continue
            if len(row) != len(header):
                raise Unusable(
                    f"Line {reader.line_num} has {len(row)} cells, and the first line names "
                    f"{len(header)} columns."
                )
            yield [row[number] for number in kept] + tokenise_row(row, places, key, token)
    except csv.Error:
        raise Unusable(f"Line {reader.line_num} is not CSV.") from None


def _places(header: Sequence[str], named: dict[str, str], keep_place: bool) -> dict[str, int]:
    plain = [name.strip().lstrip("\ufeff").casefold() for name in header]
    places: dict[str, int] = {}
    for column in PERSON if keep_place else PERSON + PLACE:
        name = named.get(column, column).strip().casefold()
        if plain.count(name) > 1:
            raise Unusable(f"Two columns have the name of {column}.")
        if name in plain:
            places[column] = plain.index(name)
        elif column in named:
            raise Unusable(f"The file has no column of the name given for {column}.")
    if not any(column in places for column in PERSON):
        raise Unusable(
            f"The file has none of the columns {', '.join(PERSON)}. Name its own with --column."
        )
    return places


def read_key(text: str) -> tuple[str, bytes]:
    """The name and the 32 bytes of a key file. Raises Unusable."""
    try:
        told: Any = json.loads(text)
        name, secret = told["key"], base64.b64decode(told["secret"], validate=True)
    except (ValueError, TypeError, KeyError):
        raise Unusable("The key file does not hold a key.") from None
    if not isinstance(name, str) or not name or len(secret) != _KEY_BYTES:
        raise Unusable("The key file does not hold a key.")
    return name, secret


def main(words: Sequence[str] | None = None) -> int:
    """Run the command; the number it ends with."""
    asked = _asked(words)
    try:
        named = _named(asked.column)
        with open(asked.key, encoding="utf-8") as file:
            key, secret = read_key(file.read())
        count = _write(asked.records, asked.output, key, token_maker(secret), named, asked)
    except Unusable as error:
        print(f"Nothing was written. {error}", file=sys.stderr)
        return 1
    except UnicodeDecodeError:
        print("Nothing was written. The file is not UTF-8 text.", file=sys.stderr)
        return 1
    except OSError as error:
        print(f"Nothing was written. {error.strerror}", file=sys.stderr)
        return 1
    print(f"Written: {count} rows, with tokens of the key {key}.")
    return 0


def _asked(words: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description="Replace names, birth dates and contacts in a file of crime records by tokens."
    )
    parser.add_argument("records", help="the CSV file, in UTF-8")
    parser.add_argument("--key", required=True, help="the key file that you were given")
    parser.add_argument("--output", required=True, help="the new file; it must not exist yet")
    parser.add_argument(
        "--column",
        action="append",
        default=[],
        metavar="OURS=YOURS",
        help="your own name of a column, such as victim_name=Surname.Forename",
    )
    parser.add_argument(
        "--keep-place", action="store_true", help="leave postcode and place as they are"
    )
    return parser.parse_args(words)


def _named(told: Sequence[str]) -> dict[str, str]:
    named: dict[str, str] = {}
    for each in told:
        column, mark, name = each.partition("=")
        if not mark or column not in PERSON + PLACE:
            raise Unusable(
                f"--column takes one of {', '.join(PERSON + PLACE)}, then = and your name."
            )
        named[column] = name
    return named


def _write(
    records: str,
    output: str,
    key: str,
    token: Token,
    named: dict[str, str],
    asked: argparse.Namespace,
) -> int:
    # Made anew, or not at all: a file that is there may be somebody's only copy.
    made = os.open(output, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    count, whole = -1, False
    try:
        with open(made, "w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            with open(records, encoding="utf-8-sig", newline="") as lines:
                for row in tokenise(lines, key, token, named, asked.keep_place):
                    writer.writerow(row)
                    count += 1
        whole = True
    finally:
        if not whole:
            os.unlink(output)
    return count


if __name__ == "__main__":
    sys.exit(main())
