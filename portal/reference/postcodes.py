"""Postcodes as people type them: written one way when they can be read, and never refused."""

import re
import unicodedata

_WHOLE = re.compile(r"([A-Z]{1,2}\d[A-Z\d]?)(\d[A-Z]{2})", re.ASCII)
_PART = re.compile(r"[A-Z]{1,2}\d[A-Z\d]?(?: \d[A-Z]?)?", re.ASCII)


def tidy_postcode(text: str) -> str:
    """ "SN1 1AA" for " sn11aa"; "SN1" for "sn1". What is no postcode comes back as it was."""
    plain = _plain(text)
    whole = _WHOLE.fullmatch(plain.replace(" ", ""))
    if whole:
        return f"{whole[1]} {whole[2]}"
    return plain if _PART.fullmatch(plain) else text


def looks_like_postcode(text: str) -> bool:
    """Whether it has the shape of a British postcode, or of the beginning of one."""
    plain = _plain(text)
    return bool(_WHOLE.fullmatch(plain.replace(" ", "")) or _PART.fullmatch(plain))


def _plain(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).upper().split())
