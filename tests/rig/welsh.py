"""Finds what is still English on a page that should be Welsh."""

import re
from functools import cache
from html.parser import HTMLParser

from portal.languages.collecting import read
from portal.reference.forces import all_forces

WORD = re.compile(r"[^\W\d_]+")
TAG = re.compile(r"</?[a-z][^>]*>")
FILE_NAME = re.compile(r"[\w-]+\.(?:txt|py|json|html)\b")
PLACEHOLDER = re.compile(r"%\((\w+)\)[sd]|%\{(\w+)\}|\{(\w+)\}")
ENGLISH_WORDS = frozenset(
    (
        *("the", "and", "you", "your", "that", "this", "with", "from", "have", "has", "was"),
        *("were", "not", "what", "which", "will", "would", "they", "their", "it", "is", "are"),
        *("be", "been", "of", "for", "when", "where", "who", "whoever", "police", "report"),
        *("receipt", "record", "nobody", "there", "them", "if", "to", "can", "cannot", "we"),
        *("our", "any", "more", "here", "how", "on", "at", "by"),
    )
)
"""Words of English that Welsh does not have, or hardly uses."""
NAMES = (
    "National Domestic Abuse Helpline",
    "Rape Crisis",
    "Victim Support",
    "Report Fraud",
    "Relay UK",
    "British Transport Police",
    "On Record",
    "Not proved",
    "home-copy",
    "y cod yw receipt",
)
"""What keeps its English name."""
_SILENT = frozenset({"script", "style", "code"})
_VOID = frozenset({"area", "br", "col", "hr", "img", "input", "link", "meta", "source", "wbr"})
_SAID = ("aria-label", "alt", "placeholder", "title")


def english_in(html: str, *known: str) -> list[str]:
    """Each text of the page that is English: a sentence without its Welsh, or words of English.

    What is marked as English, code, names, and what stands in `known` (what people typed) are not
    looked at.
    """
    reader = _Reader()
    reader.feed(html)
    names = sorted({*NAMES, *_forces(), *known}, key=len, reverse=True)
    return [text for text in reader.texts if is_english(text, names)]


def is_english(text: str, names: list[str] | tuple[str, ...] = NAMES) -> bool:
    """Whether a text is, or holds, English."""
    plain = " ".join(text.split())
    for name in names:
        plain = plain.replace(" ".join(name.split()), " ")
    plain = FILE_NAME.sub(" ", plain).strip()
    if plain.removesuffix(":") in _sentences() or plain in _sentences():
        return True
    words = [each.casefold() for each in WORD.findall(plain)]
    return len(ENGLISH_WORDS.intersection(words)) > 1


@cache
def _forces() -> frozenset[str]:
    return frozenset(name for force in all_forces() for name in (force.full_name, force.short_name))


@cache
def _sentences() -> frozenset[str]:
    """The English of every message, in the pieces that a page shows, where Welsh is different."""
    found: set[str] = set()
    for message in read():
        english = [message.id] if isinstance(message.id, str) else list(message.id)
        welsh = [message.string] if isinstance(message.string, str) else list(message.string)
        pieces = {piece for text in english for piece in _pieces(text)}
        found |= pieces - {piece for text in welsh for piece in _pieces(text)}
    return frozenset(found)


def _pieces(text: str) -> list[str]:
    pieces = [" ".join(each.split()) for each in TAG.split(text)]
    return [each for each in pieces if len(each) > 3 and not PLACEHOLDER.search(each)]


class _Reader(HTMLParser):
    """Collects what a page says, but for what is marked as English."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []
        self._open: list[bool] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        language = values.get("lang") or ""
        silent = tag in _SILENT or language.startswith("en") or any(self._open)
        if not silent:
            self.texts += [values[name] or "" for name in _SAID if values.get(name)]
        if tag not in _VOID:
            self._open.append(silent)

    def handle_endtag(self, tag: str) -> None:
        if self._open and tag not in _VOID:
            self._open.pop()

    def handle_data(self, data: str) -> None:
        if data.strip() and not any(self._open):
            self.texts.append(" ".join(data.split()))
