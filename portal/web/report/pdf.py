"""A printed receipt as a PDF: real text with a language, an outline, and tags for screen readers.

The same sheet gives the same bytes whenever it is made: no time of making stands in it.
"""

import io
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, cast

from portal.languages.translating import _, lazy
from portal.web.language import language_tag
from portal.web.report.sheet import TITLE, Sheet

if TYPE_CHECKING:
    from fpdf import FPDF

_CODE_CARE = lazy(
    "Whoever has this code can read all that was written. Do not send this file to anybody."
)
_FONT = "Helvetica"
_MARGIN = 14  # millimetres, as are all lengths here
_CODE_SIDE = 112
_LEAST_BELOW = 12  # under a heading
# Always the same, so that the file tells nothing of when somebody saved it.
_NO_TIME = datetime(2000, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class _Sizes:
    """The sizes of print, in points."""

    text: float
    small_heading: float
    heading: float
    code: float


_USUAL = _Sizes(text=10.5, small_heading=12.5, heading=18, code=15)
# At least 16 points, and better 18: clear print guidance of the RNIB and the UK Association for
# Accessible Formats.
_LARGE = _Sizes(text=18, small_heading=22, heading=28, code=24)


def to_pdf(sheet: Sheet, *, large: bool = False) -> bytes:
    """The sheet as one PDF file, A4; `large` in print of 18 points and more."""
    # Importing it takes more than a second, which nobody who never prints should wait for.
    from fpdf import FPDF

    pdf = FPDF(format="A4")
    _describe(pdf)
    pdf.add_page()
    paper = _Paper(pdf, _LARGE if large else _USUAL)
    if sheet.demonstration:
        paper.paragraph(_("Demonstration. Everything here is made up and nobody reads it."))
    paper.heading(TITLE, 0)
    for name, value in sheet.rows.items():
        paper.paragraph(f"{name}: {value}", gap=0.5)
    for part in sheet.parts:
        paper.heading(part.title, 1)
        for words in part.paragraphs:
            paper.paragraph(words)
    if sheet.code is not None:
        paper.picture(sheet.code.png, sheet.code_words)
    # Last, so that it can be cut off the paper.
    if sheet.groups:
        paper.return_code(sheet.groups)
    return bytes(pdf.output())


def _describe(pdf: "FPDF") -> None:
    # The core font with the marks that our words use; it needs no file of ours.
    pdf.core_fonts_encoding = "windows-1252"
    pdf.set_margin(_MARGIN)
    pdf.set_auto_page_break(auto=True, margin=_MARGIN)
    pdf.set_lang(language_tag())
    pdf.set_title(str(TITLE))
    pdf.set_creator("On Record")
    pdf.set_producer("On Record")
    pdf.set_creation_date(_NO_TIME)


class _Paper:
    """What is written on one file, in one set of sizes."""

    def __init__(self, pdf: "FPDF", sizes: _Sizes) -> None:
        self._pdf = pdf
        self._sizes = sizes

    def heading(self, words: str, level: int) -> None:
        """A heading, which stands in the outline too."""
        self._pdf.ln(2.5 if level else 0)
        size = self._sizes.small_heading if level else self._sizes.heading
        self._pdf.set_font(_FONT, "B", size)
        self._make_room(words, 1.2, below=_LEAST_BELOW)
        self._pdf.start_section(_plain(words), level)
        with self._tagged(f"/H{level + 1}"):
            self._write(words, 1.2)
        self._pdf.ln(1)

    def paragraph(self, words: str, *, gap: float = 1.5) -> None:
        """Plain text, with a gap after it."""
        self._pdf.set_font(_FONT, "", self._sizes.text)
        self._make_room(words, 1.3)
        with self._tagged("/P"):
            self._write(words, 1.3)
        self._pdf.ln(gap)

    def return_code(self, groups: Sequence[str]) -> None:
        """The return code, and how to treat it."""
        self.heading(_("Return code"), 1)
        self._pdf.set_font("Courier", "B", self._sizes.code)
        self._make_room(" ".join(groups), 1.3)
        with self._tagged("/P"):
            self._write(" ".join(groups), 1.3)
        self.paragraph(_CODE_CARE)

    def picture(self, png: bytes, words: str) -> None:
        """The square code, with words for somebody who does not see it."""
        self._pdf.ln(2)
        if self._pdf.will_page_break(_CODE_SIDE):
            self._pdf.add_page()
        side = _CODE_SIDE
        self._pdf.image(io.BytesIO(png), w=side, h=side, alt_text=_plain(words))

    def _make_room(self, words: str, leading: float, *, below: float = 0) -> None:
        """Go on to the next page where this one is full: an element must not be cut in two."""
        line = self._pdf.font_size * leading
        lines = self._pdf.multi_cell(0, line, _plain(words), dry_run=True, output="LINES")
        if self._pdf.will_page_break(line * len(cast(list[str], lines)) + below):
            self._pdf.add_page()

    def _write(self, words: str, leading: float) -> None:
        height = self._pdf.font_size * leading
        self._pdf.multi_cell(0, height, _plain(words), align="L", new_x="LMARGIN", new_y="NEXT")

    @contextmanager
    def _tagged(self, role: str) -> Iterator[None]:
        """Mark what is written inside as one element. The library marks all as figures itself."""
        with self._pdf._marked_sequence() as element:
            element.s = role
            yield


def _plain(words: str) -> str:
    """The words, with a question mark for what the core font cannot draw."""
    return str(words).encode("cp1252", "replace").decode("cp1252")
