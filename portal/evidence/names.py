"""The name that a person's own device gave a file: shown to people, and nothing else made of it."""

import unicodedata

LONGEST = 120
_ENDS = 20
# Format characters (Cf) turn the order of letters round; the others are no letters at all.
_NOT_SHOWN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})


def clean_name(given: str | None) -> str:
    """The last part of a path, without characters that are not seen, at most 120 characters.

    "" when nothing is left of it. It is never an address, a header or a path of ours.
    """
    last = (given or "").replace("\\", "/").rsplit("/", 1)[-1]
    seen = "".join(each for each in last if unicodedata.category(each) not in _NOT_SHOWN)
    name = " ".join(seen.split()).strip(". ")
    if len(name) > LONGEST:
        name = f"{name[: LONGEST - _ENDS - 1]}…{name[-_ENDS:]}"
    return name


def neutral_name(number: int, extension: str) -> str:
    """The name under which a file is saved: it tells nothing."""
    return f"file-{number}.{extension}"
