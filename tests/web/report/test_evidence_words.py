"""Promises about words for files: sizes as telephones show them, and what came of choosing them."""

from werkzeug.datastructures import MultiDict

from portal.web.report.evidence_words import (
    EVIDENCE_WORDS,
    Outcome,
    Refusal,
    kind_words,
    opened_file_words,
    size_words,
)


def test_sizes_are_said_in_the_units_that_people_know() -> None:
    assert [size_words(size) for size in (1, 999, 1500, 999_499, 1_000_000, 52_340_000)] == [
        *("1 bytes", "999 bytes", "2 KB", "999 KB", "1.0 MB", "52.3 MB"),
    ]


def test_an_entry_about_a_file_says_which_and_what_it_is() -> None:
    fields = {"file.number": 3, "file.kind": "ogg", "file.size": 4000}
    assert EVIDENCE_WORDS["evidence_added"](fields) == "You added file 3: Sound, 4 KB."
    assert kind_words("unheard-of") == "unheard-of"


def test_a_look_at_a_file_says_which_and_whether_it_was_saved() -> None:
    assert opened_file_words({"reason": "x"}) == ""
    assert opened_file_words({"file.number": 2, "file.what": "copy"}) == (
        "They looked at the copy of file 2."
    )
    assert "saved file 2" in opened_file_words({"file.number": 2, "file.what": "original"})


def test_what_came_of_choosing_is_carried_whole_and_to_the_same_visit_only() -> None:
    outcome = Outcome([1, 4], [Refusal("a b.html", "It is a program."), Refusal("", "Choose.")])
    kept = MultiDict(outcome.as_fields("visit-1"))
    assert Outcome.of_fields(kept, "visit-1") == outcome
    assert Outcome.of_fields(kept, "visit-2") == Outcome()
    assert Outcome.of_fields(None, "visit-1") == Outcome()
