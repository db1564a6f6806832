"""What people typed, made comparable: names, telephones, e-mail addresses, postcodes, birth dates.

Each function takes any text, never raises, and gives "" (or nothing) for what cannot be used: a
value that is no use is missing, and a missing value is neutral. Text longer than `LONGEST` is no
use, so that hostile input costs no more than honest input. Crime references have their own module,
`portal.reference.crime_references`.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable
from datetime import date
from functools import lru_cache

LONGEST = 200
MOST_VALUES = 8
"""So many telephones, addresses or numbers of one side are compared."""
_MOST_FORENAMES = 4
# Words and days come again and again; a whole name, a number, an address or a postcode seldom does,
# and to remember it costs more than to make it.
_CACHED = 1 << 16

_TITLES = frozenset({"mr", "mrs", "miss", "ms", "mx", "dr", "prof", "rev", "sir", "dame", "lady"})
_SUFFIXES = frozenset({"jr", "snr", "sr", "jnr", "ii", "iii", "esq", "obe", "mbe", "cbe"})
_NO_NAMES = frozenset({"unknown", "anonymous", "na", "none", "nil", "notgiven", "refused", "tbc"})
# Written over a name that was there before, with or without another word.
_WRITTEN_OVER = frozenset({"redacted", "withheld", "anonymised", "anonymized"})
# Small words that belong to the surname that follows.
_PARTICLES = frozenset(
    {"van", "von", "der", "den", "de", "da", "do", "dos", "di", "del", "della", "la", "le", "du"}
    | {"al", "el", "bin", "ibn", "bint", "abu", "mac", "mc", "st", "saint", "ter", "ten", "o"}
)
_APOSTROPHES = re.compile(r"['’‘`´ʼ]")
_WORD = re.compile(r"[^\W_]+")
# Letters that Unicode does not take apart into a plain letter and a mark.
_PLAIN = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "æ": "ae", "œ": "oe", "þ": "th", "ı": "i"}
)
_EXTENSION = re.compile(r"(?:ext|x|#)", re.IGNORECASE)
_NO_MAIL = frozenset(
    {"none", "no", "noemail", "noreply", "nomail", "unknown", "na", "notgiven", "refused", "test"}
)
_WHOLE = re.compile(r"([A-Z]{1,2}[0-9][A-Z0-9]?)([0-9])([A-Z]{2})")
_OUTWARD = re.compile(r"([A-Z]{1,2}[0-9][A-Z0-9]?)([0-9])?")
_ISO = re.compile(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})")
_BRITISH = re.compile(r"([0-9]{1,2})[/. -]([0-9]{1,2})[/. -]([0-9]{4})")
_YEAR = re.compile(r"[0-9]{4}")
_FIRST_YEAR, _LAST_YEAR = 1880, 2100
# Written where the system wants a date and nobody knows it.
_NO_DATES = frozenset({"19000101", "18991230", "19000102"})

Names = tuple[tuple[str, ...], str]


def _fold(text: str) -> str:
    if len(text) > LONGEST:
        return ""
    if text.isascii():
        return text.replace("'", "").replace("`", "").lower()
    folded = unicodedata.normalize("NFKC", text).casefold()
    apart = unicodedata.normalize("NFKD", _APOSTROPHES.sub("", folded))
    # Marks, and signs without a shape such as a right-to-left mark, are no part of a name.
    kept = (char for char in apart if unicodedata.category(char) not in ("Mn", "Cf", "Me"))
    return "".join(kept).translate(_PLAIN)


def _compatible(text: str) -> str:
    """Signs that are the same to a reader made one, which ASCII is already."""
    if len(text) > LONGEST:
        return ""
    return text if text.isascii() else unicodedata.normalize("NFKC", text)


@lru_cache(_CACHED)
def normalise_name(text: str) -> str:
    """One part of a name as it is compared: small letters without accents, blanks and dashes."""
    return "".join(_WORD.findall(_fold(text)))


def split_name(text: str) -> Names:
    """The forenames and the surname of a full name; ((), "") when it holds none.

    The surname is the last word, with particles ("van der", "al") before it, and stays whole with
    a dash in it; "Smith, John" is turned round. A lone word counts as a forename. Titles and
    "unknown" are dropped; of the forenames the first four are kept.
    """
    before, comma, after = text[: LONGEST + 1].partition(",")
    if comma and _words(after) and _words(before):
        return tuple(_words(after)[:_MOST_FORENAMES]), "".join(_words(before))
    words = _words(text)
    if not words or "".join(words) in _NO_NAMES or words[0] == "unknown":
        return (), ""
    if not _WRITTEN_OVER.isdisjoint(words):
        return (), ""
    if len(words) == 1:
        return (words[0],), ""
    start = len(words) - 1
    while start > 1 and words[start - 1] in _PARTICLES:
        start -= 1
    return tuple(words[:start][:_MOST_FORENAMES]), "".join(words[start:])


def split_names(forenames: str, surname: str) -> Names:
    """As `split_name`, where the two come apart."""
    first, second = _words(forenames), _words(surname)
    last = "".join(second) if _WRITTEN_OVER.isdisjoint(second) else ""
    if "".join(first) in _NO_NAMES or not _WRITTEN_OVER.isdisjoint(first):
        first = []
    return tuple(first[:_MOST_FORENAMES]), "" if last in _NO_NAMES else last


def surname_parts(text: str) -> tuple[str, ...]:
    """The parts of a double-barrelled surname, as it was typed; empty for a plain one."""
    if "-" not in text:
        return ()
    dashed = text[: LONGEST + 1].split(",")[0].split()[-1:] or [""]
    parts = tuple(normalise_name(part) for part in dashed[0].split("-", 3))
    return tuple(part for part in parts if len(part) > 1) if len(parts) > 1 else ()


def _words(text: str) -> list[str]:
    parts = _fold(text).replace("-", "").split()
    words = [part if part.isalpha() else "".join(_WORD.findall(part)) for part in parts]
    return [word for word in words if word and word not in _TITLES and word not in _SUFFIXES]


_SOUNDS = (
    *(("sch", "s"), ("ph", "f"), ("ght", "t"), ("gh", "g"), ("ck", "k"), ("wr", "r")),
    *(("kn", "n"), ("dge", "j"), ("tch", "c"), ("th", "t"), ("sz", "s"), ("cz", "c")),
    *(
        ("mps", "ms"),
        ("ks", "x"),
        ("wh", "w"),
        ("mb", "m"),
        ("ou", "u"),
        ("oo", "u"),
        ("ee", "i"),
        ("ea", "i"),
    ),
)
_CLASS = str.maketrans("bpfvwckqxgjszdtlmnr", "1122233333444556778"[:19])


@lru_cache(_CACHED)
def sound(name: str) -> str:
    """How a normalised name sounds: its first letter's class and its consonants, at most six.

    A coarse key made for names of many origins, in the line of Russell's Soundex (1918): "hussain"
    and "hussein", "mohammed" and "muhamad" sound alike. A name in another script is its own sound.
    """
    if not name or not name.isascii():
        return name
    for written, heard in _SOUNDS:
        if written in name:
            name = name.replace(written, heard)
    classes = [*name.translate(_CLASS)]
    first = "a" if name[0] in "aeiouy" else ("h" if name[0] == "h" else classes[0])
    kept = [first]
    last = first
    for one in classes[1:]:
        if one != last and one.isdigit():
            kept.append(one)
        if one not in "h":
            last = one
    return "".join(kept[:6])


def normalise_telephone(text: str) -> str:
    """National digits of a number: "07700900123" for "+44 (0)7700 900123". Numbers of other
    countries keep their country in front, after "+". "" for fewer than 9 digits or a dummy.
    """
    plain = _compatible(text)
    if not plain.isdigit():
        plain = _EXTENSION.split(plain, maxsplit=1)[0].strip()
    digits = plain.replace("(0)", "")
    if not (digits.isascii() and digits.isdigit()):
        digits = "".join(char for char in digits if "0" <= char <= "9")
    abroad = plain.startswith(("+", "00"))
    digits = digits[2:] if plain.startswith("00") else digits
    if digits.startswith("44") and (abroad or len(digits) >= 12):
        digits, abroad = "0" + digits[2:].lstrip("0"), False
    # A handful of digits repeated, or counted up, is typed where a number is required.
    if not 9 <= len(digits) <= 15 or len(set(digits)) <= 2 or digits in "01234567890123456789":
        return ""
    return "+" + digits if abroad else digits


def normalise_email(text: str) -> str:
    """An address in small letters, without a "+tag", and without dots for one provider that
    ignores them; "" for what is none, or says that there is none.
    """
    plain = _compatible(text).strip().casefold()
    local, at, host = plain.rpartition("@")
    local = local.split("+", 1)[0]
    host = "gmail.com" if host == "googlemail.com" else host.rstrip(".")
    if host == "gmail.com":
        local = local.replace(".", "")
    if not at or not local or "." not in host or len(plain.split()) > 1:
        return ""
    return "" if local.replace(".", "").replace("-", "") in _NO_MAIL else f"{local}@{host}"


def usable(normalise: Callable[[str], str], texts: Iterable[str]) -> frozenset[str]:
    """The first eight values that are of use, normalised."""
    found: set[str] = set()
    for text in texts:
        if len(found) == MOST_VALUES:
            break
        if text and (one := normalise(text)):
            found.add(one)
    return frozenset(found)


Postcode = tuple[str, str, str]


def normalise_postcode(text: str) -> Postcode:
    """Unit, sector and district: ("SN11AA", "SN11", "SN1"). Parts that are not known are ""."""
    plain = "".join(_compatible(text).upper().split())
    whole = _WHOLE.fullmatch(plain)
    if whole:
        return plain, f"{whole[1]} {whole[2]}", whole[1]
    part = _OUTWARD.fullmatch(plain)
    if not part:
        return "", "", ""
    spaced = text.upper().split()
    if len(spaced) == 2 and len(spaced[1]) == 1 and spaced[1].isdigit():
        return "", f"{spaced[0]} {spaced[1]}", spaced[0]
    return "", "", plain


@lru_cache(_CACHED)
def normalise_town(text: str) -> str:
    """The last part of a place in words, in small letters: "swindon" for "High Street, Swindon"."""
    return "".join(_WORD.findall(_fold(text).rpartition(",")[2]))


def normalise_birth_date(value: str | date | None) -> str:
    """ "19900228" for a whole date, "1990" for a year alone, "" for no date or a stand-in.

    Text is ISO 8601 or day/month/year.
    """
    if isinstance(value, date):
        value = value.isoformat()
    return _birth_date((value or "")[:LONGEST].strip())


@lru_cache(_CACHED)
def _birth_date(text: str) -> str:
    if _YEAR.fullmatch(text):
        return text if _FIRST_YEAR <= int(text) <= _LAST_YEAR else ""
    iso, british = _ISO.match(text), _BRITISH.fullmatch(text)
    if iso:
        year, month, day = iso.groups()
    elif british:
        day, month, year = british.groups()
    else:
        return ""
    try:
        found = date(int(year), int(month), int(day)).strftime("%Y%m%d")
    except ValueError:
        return ""
    return found if _FIRST_YEAR <= int(year) <= _LAST_YEAR and found not in _NO_DATES else ""
