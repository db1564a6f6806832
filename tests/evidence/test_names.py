"""Promises about names: they are shown, and nothing else; whatever is in them."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.evidence.names import LONGEST, clean_name, neutral_name


@pytest.mark.parametrize(
    ("given_name", "shown"),
    [
        ("IMG_2041.jpeg", "IMG_2041.jpeg"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\ada\\Bilder\\x.png", "x.png"),
        ("a\x00b.jpg", "ab.jpg"),
        ("harm\u202egpj.exe", "harmgpj.exe"),
        ("  two \t words\r\n.txt", "two words.txt"),
        ("...", ""),
        ("/", ""),
        (None, ""),
        ("Ünïcode 😀.pdf", "Ünïcode 😀.pdf"),
        ("con", "con"),
    ],
)
def test_only_the_last_part_is_shown_and_only_what_can_be_seen(
    given_name: str | None, shown: str
) -> None:
    assert clean_name(given_name) == shown


def test_a_name_of_ten_thousand_letters_is_cut_and_keeps_its_end() -> None:
    name = clean_name("x" * 10_000 + ".jpeg")
    assert len(name) == LONGEST
    assert name.endswith("x.jpeg")
    assert "…" in name


@given(st.text(max_size=300))
def test_any_name_comes_out_harmless(given_name: str) -> None:
    name = clean_name(given_name)
    assert len(name) <= LONGEST
    assert "/" not in name
    assert "\\" not in name
    assert not [each for each in name if unicodedata.category(each).startswith("C")]
    assert clean_name(name) == name


def test_a_file_is_saved_under_a_name_that_tells_nothing() -> None:
    assert neutral_name(3, "jpg") == "file-3.jpg"
