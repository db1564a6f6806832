"""A form asks only what the answers call for, and leads from each error to its question."""

import pytest
from flask import Flask
from werkzeug.datastructures import MultiDict

from portal.web.choices import OneOf, Option
from portal.web.dates import DateParts
from portal.web.fields import FileChoice, ShortText
from portal.web.forms import ErrorLink, PlainForm


class WhenForm(PlainForm):
    known = OneOf(
        "Do you know when?",
        needed="Choose an answer",
        options=(
            Option("yes", "Yes", reveals=("exact", "about")),
            Option("about", "Roughly", reveals=("about",)),
            Option("no", "No"),
        ),
    )
    exact = OneOf(
        "Do you know the day?",
        needed="Choose yes or no",
        options=(Option("yes", "Yes", reveals=("day",)), Option("no", "No")),
    )
    day = DateParts("What day?", needed="Write the day")
    about = ShortText("About when?", limit=5)
    name = ShortText("Your name", needed="Write your name")


@pytest.fixture
def app() -> Flask:
    app = Flask(__name__)
    app.config["WTF_CSRF_ENABLED"] = False
    app.config["SECRET_KEY"] = "for this test only"
    return app


def answer(app: Flask, **sent: str) -> WhenForm:
    with app.test_request_context():
        form = WhenForm(MultiDict(sent))
        form.validate()
        return form


def test_a_question_nobody_reached_is_not_missed(app: Flask) -> None:
    form = answer(app, known="no", name="Ann")
    assert form.error_links() == []
    assert form.answers() == {"known": "no", "name": "Ann"}


def test_a_question_that_was_reached_is(app: Flask) -> None:
    form = answer(app, known="yes", exact="yes", name="Ann")
    assert form.error_links() == [ErrorLink("Write the day", "#day-day")]


def test_a_sleeping_question_puts_those_under_it_to_sleep(app: Flask) -> None:
    assert answer(app, known="no", exact="yes", name="Ann").asleep() == {"exact", "day", "about"}


def test_a_question_that_two_answers_reveal_wakes_for_either(app: Flask) -> None:
    assert "about" not in answer(app, known="about").asleep()
    assert "about" not in answer(app, known="yes").asleep()


def test_what_was_typed_in_a_sleeping_question_is_kept(app: Flask) -> None:
    form = answer(app, known="no", about="far too long", name="Ann")
    assert form.about.data == "far too long"
    assert form.error_links() == []


def test_errors_come_in_the_order_of_the_questions(app: Flask) -> None:
    assert [link.href for link in answer(app).error_links()] == ["#known", "#name"]


def test_a_refusal_by_the_service_leads_to_its_question_or_stands_alone(app: Flask) -> None:
    form = answer(app, known="no", name="Ann")
    form.refuse("That name is taken.", "name")
    form.refuse("The force cannot take this now")
    assert form.error_links() == [
        ErrorLink("The force cannot take this now", ""),
        ErrorLink("That name is taken", "#name"),
    ]


def test_revealed_questions_are_drawn_inside_the_answer_and_not_again(app: Flask) -> None:
    form = answer(app)
    assert [field.name for field in form.shown_fields()] == ["known", "name"]
    assert 'id="about"' in form.known()


def test_a_form_with_a_file_says_so(app: Flask) -> None:
    class FileForm(PlainForm):
        file = FileChoice("A file")

    with app.test_request_context():
        assert FileForm().holds_files
        assert not WhenForm().holds_files


def test_an_answer_cannot_reveal_a_question_that_does_not_exist(app: Flask) -> None:
    class WrongForm(PlainForm):
        known = OneOf("?", options=(Option("yes", "Yes", reveals=("nowhere",)),))

    with app.test_request_context(), pytest.raises(KeyError):
        WrongForm()
