"""The cells of a crime-record file that reach or stand for a person: contacts and keyed tokens.

A force that shares no names sends tokens instead (docs/crime-records-format.md): HMACs of the
normalised values, made on its side with a key that it shares with us. A token cell is a list such
as "f:<22 letters> s:<22 letters>": what each token stands for, and 128 bits in base64url.
"""

import re
from collections.abc import Mapping
from types import MappingProxyType

from portal.police.cells import Note, RefusedCell, optional_text

TOKEN_LABELS: Mapping[str, str] = MappingProxyType(
    {
        "victim_name_tokens": "fsgxyp",
        "victim_birth_tokens": "bz",
        "victim_telephone_tokens": "t",
        "victim_email_tokens": "e",
        "place_tokens": "uvwo",
    }
)
"""The columns of tokens, and what a token in each can stand for, a letter each.

f forename (in order), s surname, g the names that the first forename may be short for, x how that
forename sounds, y how the surname sounds, p part of a double surname; b birth date, z birth year;
t telephone; e e-mail; u postcode unit, v sector, w district, o town.
"""

_LEAST_DIGITS = 6
MOST_TOKENS = 18  # of a cell: as many as fit into its 500 characters
_TOKEN = re.compile(r"([a-z]):[A-Za-z0-9_-]{22}", re.ASCII)
_KEY = re.compile(r"[A-Za-z0-9._-]{1,40}", re.ASCII)


def telephone(text: str, note: Note) -> str | None:
    """A telephone number as written, or None, noted, for what holds too few digits."""
    found = optional_text("victim_telephone", text, note)
    if found and sum(char.isdigit() for char in found) < _LEAST_DIGITS:
        note("victim_telephone", "not a telephone number; taken as empty")
        return None
    return found


def email(text: str, note: Note) -> str | None:
    """An e-mail address as written, or None, noted, for what is none."""
    found = optional_text("victim_email", text, note)
    if found and not ("@" in found[1:-1] and " " not in found):
        note("victim_email", "not an e-mail address; taken as empty")
        return None
    return found


def tokens(cells: Mapping[str, str], key: str) -> tuple[str | None, str | None]:
    """The tokens of the victim and of the place in a row, each as "KEY x:TOKEN ...", or None.

    `cells` are those of `TOKEN_LABELS`, by column. Raises RefusedCell for what are no tokens, and
    for tokens without the name of their key.
    """
    found = {column: _tokens(column, text) for column, text in cells.items() if text}
    if not found:
        return None, None
    if not _KEY.fullmatch(key):
        raise RefusedCell("token_key", "not the name of a key, and tokens need it")
    place = found.pop("place_tokens", None)
    victim = [each for column in TOKEN_LABELS for each in found.get(column, ())]
    return _told(key, victim), _told(key, place or ())


def _tokens(column: str, text: str) -> list[str]:
    parts = text.split()
    shapes = [_TOKEN.fullmatch(part) for part in parts]
    if len(parts) > MOST_TOKENS or not all(
        shape and shape[1] in TOKEN_LABELS[column] for shape in shapes
    ):
        raise RefusedCell(column, "not tokens as the tokenising command writes them")
    return parts


def _told(key: str, found: list[str] | tuple[str, ...]) -> str | None:
    return " ".join((key, *found)) if found else None
