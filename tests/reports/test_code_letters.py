"""What a safe way is told about codes says neither what for, nor where."""

from portal.reports.code_letters import asked_letter, cancelled_letter
from tests.promises.test_nothing_gives_away import TELLING


def test_neither_letter_tells_what_it_is_about() -> None:
    for letter in (asked_letter("a@example.org"), cancelled_letter("a@example.org")):
        assert letter.address == "a@example.org"
        assert not TELLING.search(letter.subject + letter.body)
        assert "://" not in letter.body
