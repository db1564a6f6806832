"""Why a file is not taken, in words for the person who chose it."""

from portal.errors import Refused
from portal.languages.translating import _, lazy

_MB = 1_000_000

_NOT_TAKEN = {
    "web": lazy(
        "It is a web page or a drawing that can run programs. Take a screenshot of what you want "
        "to show, and add that."
    ),
    "office": lazy(
        "It is a document that can run programs. Save or print it as a PDF, and add that."
    ),
    "packed": lazy(
        "It holds other files packed together. Open it on your device, and add the files in it."
    ),
    "program": lazy("It is a program."),
    "other": lazy("It is not one of the kinds of file that we take."),
}


class FileRefused(Refused):
    """A file that is not kept; nothing else was changed. The words say why."""


def not_taken(why: str) -> FileRefused:
    """It is of another kind: `why` is what `kinds.why_not` said."""
    return FileRefused(str(_NOT_TAKEN.get(why, _NOT_TAKEN["other"])))


def is_empty() -> FileRefused:
    """There is nothing in it."""
    return FileRefused(_("It is empty."))


def too_large(limit: int) -> FileRefused:
    """It is larger than one file may be; `limit` is in bytes."""
    return FileRefused(_("It is larger than %(size)s MB.", size=limit // _MB))


def too_much(limit: int) -> FileRefused:
    """All files together would be too large; `limit` is in bytes."""
    return FileRefused(
        _("With it, all your files would be larger than %(size)s MB.", size=limit // _MB)
    )


def too_many(limit: int) -> FileRefused:
    """There are as many files as there may be."""
    return FileRefused(
        _("There are %(count)s files already, and no more can be added.", count=limit)
    )


def is_there(number: int) -> FileRefused:
    """The very same file was added before."""
    return FileRefused(_("You added the same file before. It is file %(number)s.", number=number))


def is_closed() -> FileRefused:
    """The report takes nothing any more."""
    return FileRefused(_("You withdrew what you sent, so nothing can be added to it any more."))


def is_gone() -> FileRefused:
    """What arrived of it was swept away, or never was."""
    return FileRefused(_("What had arrived of it is not here any more. Choose it again."))


def is_another() -> FileRefused:
    """What arrived is not what was announced."""
    return FileRefused(_("It changed while it was sent. Choose it again."))
