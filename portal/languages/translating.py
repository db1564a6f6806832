"""English in the code, Welsh from `cy.po` beside it, and which of them this request speaks.

The English sentence is its own key (GNU gettext). A sentence without a translation is shown in
English; `tests/languages` fails while there is one. Only `speak` changes what is spoken, and only
for the request or thread that it is called in.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar, Token
from functools import cache
from io import BytesIO
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import LazyProxy, NullTranslations, Translations

ENGLISH = "en"
WELSH = "cy"
LANGUAGES = (ENGLISH, WELSH)

_spoken: ContextVar[str] = ContextVar("language", default=ENGLISH)


def speak(language: str) -> Token[str]:
    """Speak this language from now on, in this request or thread; undone by `stop`.

    An unknown language is English.
    """
    return _spoken.set(language if language in LANGUAGES else ENGLISH)


def stop(token: Token[str]) -> None:
    """Speak again what was spoken before `speak` gave this token."""
    _spoken.reset(token)


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Speak this language inside: for words that are kept, or that somebody else will read."""
    token = speak(language)
    try:
        yield
    finally:
        stop(token)


def spoken() -> str:
    """The language of this request: "en" or "cy"."""
    return _spoken.get()


def gettext(message: str) -> str:
    """The message in the language of this request."""
    return str(_catalogue(spoken()).gettext(message))


def ngettext(one: str, many: str, count: int) -> str:
    """The message that goes with a count, in the language of this request. Welsh has six forms."""
    return str(_catalogue(spoken()).ngettext(one, many, count))


def _(message: str, **values: object) -> str:
    """The message in the language of this request, with `%(name)s` replaced by the values."""
    said = gettext(message)
    return said % values if values else said


def lazy(message: str, **values: object) -> str:
    """As `_`, but translated only when it is shown: for labels of classes and for constants."""
    # A LazyProxy answers every method of str; declaring it so keeps labels typed as text.
    return LazyProxy(_, message, enable_cache=False, **values)  # type: ignore[return-value]


def noted(message: str) -> str:
    """The message as it stands, listed for translators: for what `_` is given later."""
    return message


@cache
def _catalogue(language: str) -> NullTranslations:
    if language == ENGLISH:
        return NullTranslations()
    with (Path(__file__).parent / f"{language}.po").open("rb") as source:
        catalogue = read_po(source, locale=language)
    compiled = BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return Translations(compiled)
