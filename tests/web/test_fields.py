"""A field keeps what was typed, and says in plain words what it cannot take."""

from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.datastructures import FileStorage, MultiDict
from wtforms import Form

from portal.web.fields import FileChoice, LongText, Secret, ShortText, clean_text


class Questions(Form):
    name = ShortText("Your name", limit=10, needed="Write your name")
    story = LongText("In your own words", limit=20)
    password = Secret("Password", limit=20)
    file = FileChoice("A file", needed="Choose a file")


def ask(**sent: object) -> Questions:
    form = Questions(MultiDict(sent))
    form.validate()
    return form


@given(st.text())
def test_text_comes_out_clean_and_stays_so(typed: str) -> None:
    clean = clean_text(typed)
    assert "\x00" not in clean
    assert "\r" not in clean
    assert clean == clean.strip()
    assert clean_text(clean) == clean


@given(st.text(st.characters(exclude_categories=["Cc", "Zs", "Zl", "Zp", "Cs"])))
def test_letters_of_every_language_are_kept_as_typed(typed: str) -> None:
    assert clean_text(f"  {typed}\n") == typed


def test_a_paragraph_keeps_its_lines() -> None:
    assert ask(story="One\r\n\r\n  Two\r\n").story.data == "One\n\n  Two"


def test_a_name_stays_on_one_line() -> None:
    assert ask(name="Ann\r\nLee").name.data == "Ann Lee"


def test_an_unseen_character_no_database_takes_is_dropped() -> None:
    assert ask(name="An\x00n").name.data == "Ann"


def test_a_question_left_empty_says_what_it_needs() -> None:
    assert list(ask(name="   ").name.errors) == ["Write your name"]


def test_a_question_that_is_not_needed_may_stay_empty() -> None:
    assert list(ask().story.errors) == []


def test_a_text_too_long_is_all_kept_and_the_words_say_so() -> None:
    form = ask(story="x" * 21)
    assert form.story.data == "x" * 21
    (message,) = form.story.errors
    assert message.startswith("This has 21 characters. Make it 20 or fewer")
    assert "still here" in message


def test_a_text_of_just_the_limit_is_taken() -> None:
    assert list(ask(story="x" * 20).story.errors) == []


def test_line_ends_count_once_as_the_counter_on_the_page_counts_them() -> None:
    assert list(ask(story="x" * 9 + "\r\n" + "x" * 10).story.errors) == []


def test_a_password_keeps_the_spaces_that_belong_to_it() -> None:
    assert ask(password=" open sesame ").password.data == " open sesame "


def test_a_stored_answer_fills_the_field_and_nothing_stored_leaves_it_empty() -> None:
    form = Questions(data={"name": "Ann", "story": None})
    assert form.name.data == "Ann"
    assert form.story.data == ""


def test_a_file_sent_where_text_belongs_is_no_text() -> None:
    form = ask(name=FileStorage(BytesIO(b"x"), filename="x.txt"), story="fine")
    assert list(form.name.errors) == ["Write your name"]


@pytest.mark.parametrize("sent", ["text", FileStorage(BytesIO(b""), filename="")])
def test_a_file_control_left_empty_is_no_file(sent: object) -> None:
    form = ask(file=sent)
    assert form.file.data is None
    assert list(form.file.errors) == ["Choose a file"]


def test_a_chosen_file_arrives_even_when_it_is_empty() -> None:
    form = ask(file=FileStorage(BytesIO(b""), filename="records.csv"))
    assert form.file.data.filename == "records.csv"
    assert list(form.file.errors) == []
