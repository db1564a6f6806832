"""Files in words: their kinds and sizes, what is in the log about them, and what came of adding."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from werkzeug.datastructures import MultiDict

from portal.evidence.adding import ADDED
from portal.evidence.kinds import KINDS
from portal.languages.translating import _, lazy

Fields = Mapping[str, Any]

FAMILIES = {
    "picture": lazy("Picture"),
    "document": lazy("PDF"),
    "sound": lazy("Sound"),
    "video": lazy("Video"),
    "text": lazy("Text"),
}
_KB, _MB = 1000, 1_000_000


def kind_words(name: str) -> str:
    """What a kind of file is, for people: a picture, a sound."""
    kind = KINDS.get(name)
    return str(FAMILIES[kind.family]) if kind else name


def size_words(size: int) -> str:
    """A size in bytes, as telephones show it."""
    if size >= _MB:
        return _("%(count)s MB", count=f"{size / _MB:.1f}")
    if size >= _KB:
        return _("%(count)s KB", count=round(size / _KB))
    return _("%(count)s bytes", count=size)


def _added(fields: Fields) -> str:
    return _(
        "You added file %(number)s: %(kind)s, %(size)s.",
        number=fields.get("file.number", ""),
        kind=kind_words(str(fields.get("file.kind", ""))),
        size=size_words(int(fields.get("file.size") or 0)),
    )


EVIDENCE_WORDS: dict[str, Callable[[Fields], str]] = {ADDED: _added}
"""By kind of entry, the words for it."""


def opened_file_words(fields: Fields) -> str:
    """Which file somebody opened; "" when it was none."""
    if "file.number" not in fields:
        return ""
    number = fields["file.number"]
    if fields.get("file.what") == "original":
        return _("They saved file %(number)s as you added it.", number=number)
    return _("They looked at the copy of file %(number)s.", number=number)


@dataclass(frozen=True)
class Refusal:
    """A file that was not taken: the name it had, and why."""

    name: str = field(repr=False)
    why: str


@dataclass(frozen=True)
class Outcome:
    """What came of choosing files: the numbers of those that were kept, and what was refused."""

    taken: Sequence[int] = ()
    refused: Sequence[Refusal] = ()

    def as_fields(self, visit: str) -> list[tuple[str, str]]:
        """To be set aside for the page that follows, in this visit."""
        return [
            ("visit", visit),
            *(("taken", str(number)) for number in self.taken),
            *(("refused", f"{each.name}\n{each.why}") for each in self.refused),
        ]

    @classmethod
    def of_fields(cls, kept: MultiDict[str, str] | None, visit: str) -> "Outcome":
        """What was set aside; nothing when it was in another visit."""
        if kept is None or kept.get("visit") != visit:
            return cls()
        split = (each.partition("\n") for each in kept.getlist("refused"))
        refused = [Refusal(name, why) for name, _, why in split]
        return cls([int(number) for number in kept.getlist("taken")], refused)
