"""How hard a page is to read: the sentences on it, and the Automated Readability Index.

The index needs no counting of syllables: 4.71 times letters per word, plus half the words per
sentence, less 21.43, is the school year at which a text is understood (Smith and Senter 1967). A
school year and five make an age.
"""

import re
from html.parser import HTMLParser

_INLINE = {"a", "abbr", "b", "code", "em", "i", "kbd", "span", "strong", "summary"}
_SILENT = {"script", "style", "svg", "textarea", "select"}
_SENTENCE_END = re.compile(r"(?<=[.!?:])[”’)]*\s+")
_WORD = re.compile(r"[^\W_]+(?:[’'-][^\W_]+)*")
YEARS_BEFORE_SCHOOL = 5


class _Text(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.parts: list[str] = []
        self._silent = 0

    def handle_starttag(self, tag: str, _attrs: list[tuple[str, str | None]]) -> None:
        self._silent += tag in _SILENT
        if tag not in _INLINE:
            self.parts.append("\n")

    def handle_endtag(self, tag: str) -> None:
        self._silent -= tag in _SILENT
        if tag not in _INLINE:
            self.parts.append("\n")

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.parts.append(re.sub(r"\s+", " ", data))


def sentences(html: str) -> list[list[str]]:
    """The words of each sentence of the main part of a page. A heading or an item is one too."""
    text = _Text()
    text.feed(html[html.index("<main") : html.index("</main>")])
    lines = "".join(text.parts).split("\n")
    found = [_WORD.findall(each) for line in lines for each in _SENTENCE_END.split(line)]
    return [words for words in found if words]


def reading_age(told: list[list[str]]) -> float:
    """The age in years at which these sentences are understood."""
    words = [word for sentence in told for word in sentence]
    letters = sum(len(word) for word in words)
    year = 4.71 * letters / len(words) + 0.5 * len(words) / len(told) - 21.43
    return year + YEARS_BEFORE_SCHOOL
