"""What was added and corrected later, in words: the first answer and the right one."""

from datetime import UTC, datetime
from typing import Any

import pytest

from portal.ledger.service import OpenedEntry
from portal.reports.corrections import OF_ALL, OF_EACH, PAGE, path_of
from portal.web.report.since import NAMES, page_lines, since

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)


def entry(kind: str, number: int = 2, **fields: Any) -> OpenedEntry:  # noqa: ANN401 - any JSON value
    given = {name.replace("__", "."): value for name, value in fields.items()}
    return OpenedEntry(number, kind, NOW, number, {"kind": kind, **given}, b"s" * 32)


def corrected(path: str, before: dict[str, str], after: dict[str, str]) -> OpenedEntry:
    fields = {f"before.{path}.{name}": value for name, value in before.items()}
    fields |= {f"answers.{path}.{name}": value for name, value in after.items()}
    number = int(path.split(".")[1]) if "." in path else None
    about = {"allegation": number} if number else {}
    return OpenedEntry(
        2, "corrected", NOW, 2, {"kind": "corrected", PAGE: path, **fields, **about}, b"s" * 32
    )


def test_an_addition_says_when_and_about_which_part() -> None:
    (all_of_it, one) = since(
        [
            entry("added", added__words="He came back."),
            entry("added", 3, added__words="On Sunday.", allegation=2),
        ],
        now=NOW,
    )
    assert all_of_it.title == "What you added on 2 March 2026, 9am"
    assert all_of_it.lines[0].value == "He came back."
    assert one.title.endswith("about part 2")
    assert one.number == 3


def test_a_correction_shows_only_the_lines_that_changed_both_as_they_were_and_are() -> None:
    (found,) = since(
        [
            corrected(
                "about",
                {"name": "Ada Quill", "birth_year": "1990"},
                {"name": "Ida Quill", "birth_year": "1990"},
            )
        ],
        now=NOW,
    )
    (line,) = found.lines
    assert line.key == "Name"
    assert line.value == "First: Ada Quill\nCorrected on 2 March 2026, 9am to: Ida Quill"


def test_an_answer_that_was_taken_away_or_given_first_says_so() -> None:
    (found,) = since(
        [
            corrected(
                "contact", {"contact": "none"}, {"contact": "email", "detail": "a@example.org"}
            )
        ],
        now=NOW,
    )
    said = {line.key: line.value for line in found.lines}
    assert said["Where to reach you"].startswith("First: Not given")
    assert said["Where to reach you"].endswith("a@example.org")


def test_a_reader_who_must_not_know_of_a_page_sees_nothing_of_it() -> None:
    entries = [corrected("insider", {"insider": "no"}, {"insider": "yes"})]
    assert len(since(entries, now=NOW)) == 1
    assert since(entries, now=NOW, hidden=frozenset({"insider"})) == []


def test_with_one_part_no_part_is_named() -> None:
    path = path_of("where", 1)
    (found,) = since([corrected(path, {"place": "A"}, {"place": "B"})], now=NOW, parts=1)
    assert found.title == "What you corrected on 2 March 2026, 9am"
    (found,) = since([corrected(path, {"place": "A"}, {"place": "B"})], now=NOW)
    assert found.title.endswith("about part 1")


@pytest.mark.parametrize("page", [*OF_EACH, *OF_ALL])
def test_every_page_that_can_be_corrected_has_lines_that_lead_to_it(page: str) -> None:
    lines = page_lines(path_of(page, 1 if page in OF_EACH else 0), {}, now=NOW)
    assert lines
    assert {line.href.rpartition("/")[2] for line in lines} == {NAMES[page]}
