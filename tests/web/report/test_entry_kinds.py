"""The kinds of entries: every one that the history tells of has words for whoever is shown it."""

from portal.web.report.entry_kinds import KINDS
from portal.web.report.history import _WORDS


def test_every_kind_that_its_person_reads_of_is_named_for_others_too() -> None:
    assert set(_WORDS) <= set(KINDS)


def test_no_kind_is_named_twice_with_the_same_words() -> None:
    words = [str(said) for said in KINDS.values()]
    assert len(set(words)) == len(words)
