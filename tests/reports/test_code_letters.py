"""What a safe way is told of codes says neither what for, nor where, in its person’s language."""

import pytest

from portal.languages.translating import spoken
from portal.reports.code_letters import asked_letter, cancelled_letter, news_letter
from portal.reports.safe_contacts import number_letter
from portal.reports.safe_ways import EMAIL, Way, WayRules
from tests.promises.test_nothing_gives_away import TELLING
from tests.rig.welsh import is_english


@pytest.mark.parametrize("language", ["en", "cy"])
def test_no_letter_tells_what_it_is_about_in_the_language_of_who_chose_the_way(
    language: str,
) -> None:
    way = Way(EMAIL, "a@example.org", WayRules(language=language))
    for letter in (
        asked_letter(way),
        cancelled_letter(way),
        news_letter(way),
        number_letter(way, "12345678"),
    ):
        assert letter.address == "a@example.org"
        assert not TELLING.search(letter.subject + letter.body)
        assert "://" not in letter.body
        assert is_english(letter.body) == (language == "en")
    assert spoken() == "en", "whoever asks goes on in their own language"


def test_a_way_keeps_its_language_and_one_from_before_is_english() -> None:
    rules = WayRules(language="cy")
    assert WayRules.from_data(rules.to_data()) == rules
    before = WayRules().to_data()
    assert "language" not in before
    assert WayRules.from_data(before).language == "en"
