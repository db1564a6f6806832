"""Promises of the Welsh: nothing that a person reads is left out, half done, or says less."""

import re
from pathlib import Path

import pytest
from babel.messages.catalog import Message

from portal.languages.collecting import ROOT, collect, missing, read, update
from tests.rig.welsh import PLACEHOLDER, TAG, is_english

WRITE_WELSH = "make words lists what is missing; write its Welsh into portal/languages/cy.po"
PHONE = re.compile(r"\b(?:0\d[\d ]{6,}\d|116 123|101|999|18000)\b")


def texts(message: Message) -> list[tuple[str, str]]:
    """Each English text with the Welsh that is said for it."""
    if isinstance(message.id, str):
        return [(message.id, str(message.string))]
    return [(message.id[1], each) for each in message.string]


TRANSLATED = [each for each in read() if each.id]


def test_every_sentence_of_the_site_has_its_welsh() -> None:
    there = {each.id for each in read() if each.id}
    asked = {each.id for each in collect() if each.id}
    assert not asked - there, WRITE_WELSH
    assert not missing(read()), WRITE_WELSH
    assert not there - asked, "make words takes out what nobody says any more"


def test_bringing_the_file_up_to_date_twice_changes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "cy.po"
    path.write_bytes((ROOT / "portal" / "languages" / "cy.po").read_bytes())
    assert update(path=path) == []
    assert path.read_bytes() == (ROOT / "portal" / "languages" / "cy.po").read_bytes()


def test_a_new_sentence_is_listed_and_no_similar_one_is_taken_for_it(tmp_path: Path) -> None:
    (tmp_path / "templates").mkdir()
    (tmp_path / "portal" / "reference" / "data").mkdir(parents=True)
    for name, columns in (
        ("bank_holidays.csv", "name"),
        ("categories.csv", "name,words,hint,group"),
        ("offences.csv", "title"),
    ):
        (tmp_path / "portal" / "reference" / "data" / name).write_text(columns + "\n")
    (tmp_path / "templates" / "a.html").write_text("{% trans %}Leave this pages{% endtrans %}")
    path = tmp_path / "cy.po"
    path.write_bytes((ROOT / "portal" / "languages" / "cy.po").read_bytes())
    assert update(tmp_path, path) == ["Leave this pages"]


@pytest.mark.parametrize("kind", ["placeholder", "tag", "phone"])
def test_the_welsh_names_the_same_values_links_and_numbers(kind: str) -> None:
    pattern = {"placeholder": PLACEHOLDER, "tag": TAG, "phone": PHONE}[kind]
    for message in TRANSLATED:
        for english, welsh in texts(message):
            found, expected = (
                sorted(each[0] for each in pattern.finditer(text)) for text in (welsh, english)
            )
            # "One thing" needs no number beside it.
            if kind == "placeholder" and not isinstance(message.id, str) and not found:
                continue
            assert found == expected, (english, welsh)


def test_no_english_sentence_passes_for_welsh() -> None:
    for message in TRANSLATED:
        for english, welsh in texts(message):
            plain = TAG.sub(" ", PLACEHOLDER.sub(" ", welsh))
            assert not is_english(plain), (english, welsh)
            if len(plain.split()) > 3:
                assert welsh != english, welsh


def test_quotation_marks_brackets_and_full_stops_are_kept() -> None:
    for message in TRANSLATED:
        for english, welsh in texts(message):
            assert welsh.count("“") == welsh.count("”"), (english, welsh)
            assert "'" not in TAG.sub("", welsh), welsh
            assert english.endswith("?") == welsh.endswith("?"), (english, welsh)
            assert english.endswith(".") == welsh.endswith("."), (english, welsh)
            assert (english[:1] == " ") == (welsh[:1] == " "), (english, welsh)
