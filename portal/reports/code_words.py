"""One clear word for each symbol of a return code, for reading it aloud, and back.

Numbers are number words; letters are those of the radiotelephony alphabet (ICAO Annex 10, volume
II, 5.2.1.3; ITU Radio Regulations, appendix 14). What people commonly write or say instead is
understood as well: alpha, juliet, whisky, niner.
"""

import re
from collections.abc import Iterator, Sequence

WORDS = {
    **{
        str(number): word
        for number, word in enumerate(
            ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
        )
    },
    "A": "Alfa",
    "B": "Bravo",
    "C": "Charlie",
    "D": "Delta",
    "E": "Echo",
    "F": "Foxtrot",
    "G": "Golf",
    "H": "Hotel",
    "J": "Juliett",
    "K": "Kilo",
    "M": "Mike",
    "N": "November",
    "P": "Papa",
    "Q": "Quebec",
    "R": "Romeo",
    "S": "Sierra",
    "T": "Tango",
    "V": "Victor",
    "W": "Whiskey",
    "X": "X-ray",
    "Y": "Yankee",
    "Z": "Zulu",
}
"""Each of the 32 symbols with its word."""

_ALSO = {
    "alpha": "A",
    "charley": "C",
    "foxtrott": "F",
    "juliet": "J",
    "juliette": "J",
    "quebeck": "Q",
    "viktor": "V",
    "whisky": "W",
    "xray": "X",
    "yankie": "Y",
    "nought": "0",
    "naught": "0",
    "oh": "0",
    # Four letters that no code has, said by somebody who reads an O, an I or an L.
    "oscar": "O",
    "india": "I",
    "lima": "L",
    "uniform": "U",
    # How the numbers are said over a radio.
    "tree": "3",
    "fower": "4",
    "fife": "5",
    "niner": "9",
}
_SYMBOLS = {word.lower().replace("-", ""): symbol for symbol, word in WORDS.items()} | _ALSO
_SILENT = frozenset({"dash", "hyphen", "space"})
_X_RAY = re.compile(r"\bx[\W_]*rays?\b")
_BREAK = re.compile(r"[\W_]+")


def spoken(symbols: str) -> list[str]:
    """The word of each symbol. Raises KeyError for what is no symbol of a code."""
    return [WORDS[symbol] for symbol in symbols]


def read_words(text: str) -> tuple[str, int] | None:
    """(symbols, the place of the first unknown word, from 1) of a code that was typed in words.

    None for no words at all; the place is 0 when every word is known.

    Case, punctuation and spaces do not matter, and single symbols may stand between the words. A
    word that is not known is left out of the symbols.
    """
    tokens = _tokens(text)
    if not any(token in _SYMBOLS for token in tokens):
        return None
    read = [
        _SYMBOLS.get(token) or (token.upper() if len(token) == 1 else None)
        for token in tokens
        if token not in _SILENT
    ]
    unknown = read.index(None) + 1 if None in read else 0
    return "".join(symbol for symbol in read if symbol), unknown


def read_mixed(text: str, length: int) -> Iterator[str]:
    """Every way to read words and groups of symbols, mixed, as `length` symbols.

    A word that is also a group of symbols ("ECHO") is read both ways; what is no word is a group.
    """
    ways = []
    for token in _tokens(text):
        if token in _SILENT:
            continue
        word = _SYMBOLS.get(token)
        as_word = [word] if word else []
        as_group = [token.upper() if token.isascii() else token]
        ways.append([*as_word, *as_group] if len(token) > 1 or not word else as_word)
    if len(ways) <= length:
        yield from _joined(ways, length)


def _joined(ways: Sequence[Sequence[str]], length: int) -> Iterator[str]:
    if not ways:
        if not length:
            yield ""
        return
    least = sum(min(map(len, each)) for each in ways[1:])
    for first in ways[0]:
        if len(first) + least <= length:
            for rest in _joined(ways[1:], length - len(first)):
                yield first + rest


def _tokens(text: str) -> list[str]:
    return [token for token in _BREAK.split(_X_RAY.sub(" xray ", text.lower())) if token]
