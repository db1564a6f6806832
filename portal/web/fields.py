"""The questions that a form asks: what each accepts, keeps and says when it cannot accept it.

A field never loses or changes what was typed, but for spaces round it, line ends and control
characters, which no database takes and nobody types. A field that nobody filled is no error
unless `needed` says what to tell the person.
"""

from __future__ import annotations

from typing import Any, TypedDict, Unpack

from werkzeug.datastructures import FileStorage
from wtforms import Field, ValidationError
from wtforms.form import BaseForm
from wtforms.validators import StopValidation

from portal.languages.translating import _
from portal.web import widgets

_KEPT_CONTROLS = "\n\t"


def clean_text(value: object) -> str:
    """Text with one kind of line end, without control characters, and without spaces round it.

    Anything that is not text, such as a file sent under a text field's name, is no text: "".
    """
    return strip_controls(value).strip()


def strip_controls(value: object) -> str:
    """Text with one kind of line end and without control characters; "" for anything else."""
    if not isinstance(value, str):
        return ""
    lines = value.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(each for each in lines if each.isprintable() or not _is_control(each))


def _is_control(character: str) -> bool:
    code = ord(character)
    return (code < 0x20 or 0x7F <= code < 0xA0) and character not in _KEPT_CONTROLS


class Wiring(TypedDict, total=False):
    """What a field may be given beside its own settings: the parts of a WTForms field we use."""

    id: str
    default: object
    validators: list[Any]


class Settings(Wiring, total=False):
    """What every field of ours may be given; `PlainField` says what each means."""

    needed: str
    hint: str
    as_heading: bool
    size: str


class PlainField(Field):
    """What every field shares: a hint, a size, the words for "nothing was answered"."""

    def __init__(
        self,
        label: str,
        *,
        needed: str = "",
        hint: str = "",
        as_heading: bool = False,
        size: str = "",
        **rest: Unpack[Wiring],
    ) -> None:
        """`as_heading` makes the label the page's h1; `size` is s, m, l or xl."""
        super().__init__(label, **rest)
        self.needed = needed
        self.hint = hint
        self.as_heading = as_heading
        self.size = size

    @property
    def first_wrong_id(self) -> str:
        """The id of the input that an error leads to."""
        return self.id

    def is_empty(self) -> bool:
        """Whether nothing was answered."""
        return not self.data

    def pre_validate(self, form: BaseForm) -> None:
        """Stop at an empty field: an error if it is needed, and no further rule if it is not."""
        if self.is_empty() and not self.process_errors:
            raise StopValidation(self.needed)
        self.check()

    def check(self) -> None:
        """The field's own rule for an answer that is there. Raises ValidationError."""


class ShortText(PlainField):
    """One line of text; `data` is a str."""

    widget = widgets.TextInput()

    def __init__(
        self,
        label: str,
        *,
        limit: int = 200,
        kind: str = "text",
        autocomplete: str = "off",
        inputmode: str = "",
        width: int = 0,
        spellcheck: bool = False,
        capitals: str = "none",
        **rest: Unpack[Settings],
    ) -> None:
        """`limit` and `width` are in characters; `width` is 2, 3, 4, 5, 10, 20 or 30.

        `autocomplete` is off unless the field asks for something about the person themselves,
        because a browser shows what it remembers to whoever sits there next. `spellcheck` stays
        off where people write of themselves or others: some browsers send the words to be checked.
        `capitals` is what a phone's keyboard begins with a capital: "none", "sentences", "words".
        """
        super().__init__(label, **rest)
        self.limit = limit
        self.kind = kind
        self.autocomplete = autocomplete
        self.inputmode = inputmode
        self.width = width
        self.spellcheck = spellcheck
        self.capitals = capitals

    @property
    def shown(self) -> str:
        """What the input shows again."""
        return str(self.data)

    def process_data(self, value: object) -> None:
        """Take a stored answer; None is no answer."""
        self.data = "" if value is None else str(value)

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Take what was typed, on one line."""
        self.data = clean_text(valuelist[0] if valuelist else "").replace("\n", " ")

    def check(self) -> None:
        """Raises ValidationError, in words, when the text is too long."""
        _check_length(self.data, self.limit)


class Secret(PlainField):
    """A password or a code: taken as typed, never shown again; `data` is a str."""

    widget = widgets.TextInput()
    kind = "password"
    inputmode = ""
    width = 0
    spellcheck = False
    capitals = "none"
    shown = ""

    def __init__(
        self,
        label: str,
        *,
        limit: int = 200,
        autocomplete: str = "current-password",
        **rest: Unpack[Settings],
    ) -> None:
        """`limit` is in characters."""
        super().__init__(label, **rest)
        self.limit = limit
        self.autocomplete = autocomplete

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Take what was typed with its spaces, which may belong to a password."""
        self.data = strip_controls(valuelist[0] if valuelist else "")

    def check(self) -> None:
        """Raises ValidationError, in words, when the secret is too long."""
        _check_length(self.data, self.limit)


class LongText(PlainField):
    """Many lines of text; `data` is a str with "\\n" line ends."""

    widget = widgets.TextArea()

    def __init__(
        self,
        label: str,
        *,
        limit: int = 10_000,
        rows: int = 8,
        counted: bool = True,
        **rest: Unpack[Settings],
    ) -> None:
        """`limit` is in characters; `counted` shows how many are left near the end."""
        super().__init__(label, **rest)
        self.limit = limit
        self.rows = rows
        self.counted = counted

    def process_data(self, value: object) -> None:
        """Take a stored answer; None is no answer."""
        self.data = "" if value is None else str(value)

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Take what was typed."""
        self.data = clean_text(valuelist[0] if valuelist else "")

    def check(self) -> None:
        """Raises ValidationError, in words, when the text is too long."""
        _check_length(self.data, self.limit)


def _check_length(text: str, limit: int) -> None:
    if len(text) > limit:
        raise ValidationError(
            _(
                "This has %(length)s characters. Make it %(limit)s or fewer. All that you wrote is "
                "still here",
                length=f"{len(text):,}",
                limit=f"{limit:,}",
            )
        )


class FileChoice(PlainField):
    """One file; `data` is a werkzeug FileStorage or None."""

    widget = widgets.FileInput()

    def __init__(self, label: str, *, accept: str = "", **rest: Unpack[Settings]) -> None:
        """`accept` is the browser's own filter, such as ".csv"; it proves nothing."""
        super().__init__(label, **rest)
        self.accept = accept

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Take the first file that has a name: an empty control sends one without."""
        chosen = (each for each in valuelist if isinstance(each, FileStorage) and each.filename)
        self.data = next(chosen, None)

    def is_empty(self) -> bool:
        """Whether no file was chosen. A FileStorage's own truth says something else."""
        return self.data is None
