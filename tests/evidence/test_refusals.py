"""Promises about refusals: each says why in plain words, and in numbers that people know."""

from portal.evidence import refusals


def test_sizes_are_said_in_whole_megabytes() -> None:
    assert refusals.too_large(100_000_000).message == "It is larger than 100 MB."
    assert "500 MB" in refusals.too_much(500_000_000).message


def test_every_kind_of_other_file_has_words_and_what_to_do() -> None:
    assert "screenshot" in refusals.not_taken("web").message
    assert "PDF" in refusals.not_taken("office").message
    assert "files in it" in refusals.not_taken("packed").message
    assert refusals.not_taken("program").message == "It is a program."
    assert refusals.not_taken("whatever").message == refusals.not_taken("other").message


def test_no_refusal_blames_or_frightens() -> None:
    every = [
        *(refusals.not_taken(why) for why in ("web", "office", "packed", "program", "other")),
        *(refusals.is_empty(), refusals.too_many(100), refusals.is_there(2), refusals.is_closed()),
        *(refusals.is_gone(), refusals.is_another()),
    ]
    for refusal in every:
        words = refusal.message.lower()
        assert not {"danger", "virus", "attack", "invalid", "forbidden"} & set(words.split())
        assert refusal.message.endswith(".")
        assert type(refusal.message) is str
