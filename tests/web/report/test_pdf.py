"""The sheet as a PDF: the same words, the same bytes, and nothing that betrays when."""

import re
import zlib
from dataclasses import replace
from pathlib import Path

import pytest

from portal.languages.collecting import read
from portal.languages.translating import speaking
from portal.web.report.pdf import to_pdf
from tests.web.report.test_sheet import sheet, unwitnessed, witnessed

GROUPS = ("ABCDE", "FGHJK", "MNPQR", "STVWX")


def drawn(pdf: bytes) -> str:
    """Everything in the file, its compressed parts opened."""
    parts = [pdf]
    for stream in re.findall(rb"stream\n(.*?)\nendstream", pdf, re.DOTALL):
        try:
            parts.append(zlib.decompress(stream))
        except zlib.error:
            continue
    return b"\n".join(parts).decode("latin-1")


def test_the_same_sheet_gives_the_same_bytes() -> None:
    assert to_pdf(sheet(unwitnessed())) == to_pdf(sheet(unwitnessed()))


def test_it_has_a_language_a_title_an_outline_and_words_for_its_picture() -> None:
    inside = drawn(to_pdf(sheet(unwitnessed())))
    assert "/Lang (en-GB)" in inside
    assert "/Outlines" in inside
    assert {"/H1", "/H2", "/P", "/Figure"} <= set(re.findall(r"/S (/\w+)", inside))
    assert "/Alt" in inside
    assert "CreationDate (D:20000101" in inside


def test_its_words_are_text_in_the_order_of_the_sheet() -> None:
    inside = drawn(to_pdf(sheet(unwitnessed())))
    order = ("Entry number", "Time by our", "We signed the list", "camera", "whether it is true")
    places = [inside.index(words) for words in order]
    assert places == sorted(places)


def test_large_print_has_no_letter_below_eighteen_points() -> None:
    usual, large = (drawn(to_pdf(sheet(unwitnessed()), large=size)) for size in (False, True))
    sizes = [float(size) for size in re.findall(r"/F\d+ ([\d.]+) Tf", large)]
    assert sizes
    assert min(sizes) >= 18
    assert "/F1 10.50 Tf" in usual or min(map(float, re.findall(r"/F\d+ ([\d.]+) Tf", usual))) < 12


def test_a_demonstration_says_so_on_paper() -> None:
    assert "Demonstration." in drawn(to_pdf(replace(sheet(unwitnessed()), demonstration=True)))
    assert "Demonstration." not in drawn(to_pdf(sheet(unwitnessed())))


def test_the_return_code_is_on_it_only_when_it_is_on_the_sheet() -> None:
    asked = replace(sheet(unwitnessed()), groups=GROUPS)
    assert "FGHJK" in drawn(to_pdf(asked))
    assert "FGHJK" not in drawn(to_pdf(sheet(unwitnessed())))


@pytest.mark.parametrize("language", ["en", "cy"])
def test_it_stays_on_one_page(language: str) -> None:
    for verdict in (unwitnessed(), witnessed()):
        plain = replace(sheet(verdict), demonstration=True)
        for one in (plain, replace(plain, groups=GROUPS)):
            with speaking(language):
                pages = drawn(to_pdf(one)).split("/Count ")[1][:2]
            # In a demonstration, Welsh with every part that there is goes over to a second page.
            assert pages == "1\n" or (language == "cy" and one.groups)


@pytest.mark.parametrize("language", ["en", "cy"])
def test_large_print_breaks_between_paragraphs_and_not_the_page(language: str) -> None:
    with speaking(language):
        assert to_pdf(replace(sheet(witnessed()), groups=GROUPS), large=True)


def test_a_letter_that_the_font_lacks_spoils_nothing() -> None:
    assert to_pdf(replace(sheet(unwitnessed()), log="журнал.example")).startswith(b"%PDF")


def test_the_font_has_every_letter_of_the_welsh_on_a_sheet() -> None:
    ours = {"sheet.py", "pdf.py", "filters.py", "date_words.py", "typed_dates.py"}
    said = [
        str(each.string)
        for each in read()
        if ours & {Path(name).name for name, _ in each.locations}
    ]
    assert len(said) > 30
    assert not [
        words for words in said if words.encode("cp1252", "replace").count(b"?") > words.count("?")
    ]


def test_a_welsh_sheet_says_in_which_language_it_is() -> None:
    with speaking("cy"):
        data = to_pdf(sheet(unwitnessed()))
    assert b"/Lang (cy)" in data
    assert b"/Lang (en-GB)" in to_pdf(sheet(unwitnessed()))
