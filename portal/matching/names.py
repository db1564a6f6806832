"""Whether two written names can be one person's. A missing name is never a disagreement."""

import re
import unicodedata
from typing import Literal

NameLevel = Literal["same", "partly", "different", "missing"]

_TITLES = frozenset({"mr", "mrs", "miss", "ms", "mx", "dr", "prof", "rev", "sir", "dame"})
_APOSTROPHES = re.compile(r"['’‘`´ʼ]")
_TOKEN = re.compile(r"[^\W_]+")
# Letters that Unicode does not take apart into a plain letter and a mark.
_PLAIN = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ð": "d", "æ": "ae", "œ": "oe", "þ": "th"})
_ENOUGH = 2


def name_tokens(name: str | None) -> frozenset[str]:
    """The parts of a name without case, accents, titles and initials, in no order.

    Empty when nothing is left to compare.
    """
    folded = unicodedata.normalize("NFKC", name or "").casefold()
    apart = unicodedata.normalize("NFKD", _APOSTROPHES.sub("", folded))
    plain = "".join(char for char in apart if not unicodedata.combining(char)).translate(_PLAIN)
    tokens = frozenset(_TOKEN.findall(plain)) - _TITLES
    # A lone letter is an initial; a lone character of another script can be a whole name.
    return frozenset(token for token in tokens if len(token) > 1 or not token.isascii())


def compare_names(one: str | None, other: str | None) -> NameLevel:
    """How two names agree: "same" by two parts or more, or wholly; "partly" by one part.

    "different" only when no part is shared, so that a married name or a missing middle name is
    no disagreement. "missing" when either has nothing to compare.
    """
    first, second = name_tokens(one), name_tokens(other)
    if not first or not second:
        return "missing"
    shared = len(first & second)
    if not shared:
        return "different"
    return "same" if shared >= _ENOUGH or first == second else "partly"
