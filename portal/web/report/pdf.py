"""A printed receipt as a PDF: real text with a language, an outline, and tags for screen readers.

The same sheet gives the same bytes whenever it is made: no time of making stands in it.
"""

import io
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING

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
_TEXT, _SMALL_HEADING, _HEADING = 10.5, 12.5, 18  # points
# Always the same, so that the file tells nothing of when somebody saved it.
_NO_TIME = datetime(2000, 1, 1, tzinfo=UTC)


def to_pdf(sheet: Sheet) -> bytes:
    """The sheet as one PDF file, A4."""
    # Importing it takes more than a second, which nobody who never prints should wait for.
    from fpdf import FPDF

    pdf = FPDF(format="A4")
    _describe(pdf)
    pdf.add_page()
    if sheet.demonstration:
        _paragraph(pdf, _("Demonstration. Everything here is made up and nobody reads it."))
    _heading(pdf, TITLE, 0)
    for name, value in sheet.rows.items():
        _paragraph(pdf, f"{name}: {value}", gap=0.5)
    for part in sheet.parts:
        _heading(pdf, part.title, 1)
        for words in part.paragraphs:
            _paragraph(pdf, words)
    if sheet.code is not None:
        _picture(pdf, sheet.code.png, sheet.code_words)
    # Last, so that it can be cut off the paper.
    if sheet.groups:
        _return_code(pdf, sheet.groups)
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


def _heading(pdf: "FPDF", words: str, level: int) -> None:
    pdf.ln(2.5 if level else 0)
    pdf.set_font(_FONT, "B", _SMALL_HEADING if level else _HEADING)
    pdf.start_section(_plain(words), level)
    with _tagged(pdf, f"/H{level + 1}"):
        _write(pdf, words, 1.2)
    pdf.ln(1)


def _paragraph(pdf: "FPDF", words: str, *, gap: float = 1.5) -> None:
    pdf.set_font(_FONT, "", _TEXT)
    with _tagged(pdf, "/P"):
        _write(pdf, words, 1.3)
    pdf.ln(gap)


def _return_code(pdf: "FPDF", groups: Sequence[str]) -> None:
    _heading(pdf, _("Return code"), 1)
    pdf.set_font("Courier", "B", 15)
    with _tagged(pdf, "/P"):
        _write(pdf, " ".join(groups), 1.3)
    _paragraph(pdf, _CODE_CARE)


def _write(pdf: "FPDF", words: str, leading: float) -> None:
    height = pdf.font_size * leading
    pdf.multi_cell(0, height, _plain(words), align="L", new_x="LMARGIN", new_y="NEXT")


def _picture(pdf: "FPDF", png: bytes, words: str) -> None:
    pdf.ln(2)
    if pdf.will_page_break(_CODE_SIDE):
        pdf.add_page()
    pdf.image(io.BytesIO(png), w=_CODE_SIDE, h=_CODE_SIDE, alt_text=_plain(words))


@contextmanager
def _tagged(pdf: "FPDF", role: str) -> Iterator[None]:
    """Mark what is written inside as one element. The library marks all as figures by itself."""
    with pdf._marked_sequence() as element:
        element.s = role
        yield


def _plain(words: str) -> str:
    """The words, with a question mark for what the core font cannot draw."""
    return str(words).encode("cp1252", "replace").decode("cp1252")
