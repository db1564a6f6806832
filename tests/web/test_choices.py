"""Answers to choose from: only those offered count, and each says what it asks next."""

import pytest
from werkzeug.datastructures import MultiDict
from wtforms import Form

from portal.web.choices import AnyOf, OneOf, OneOfList, Option, Tick


class Questions(Form):
    when = OneOf(
        "When?",
        needed="Choose when it happened",
        options=(Option("day", "I know the day"), Option("unknown", "I don’t know")),
    )
    force = OneOfList("Which force?", options=(Option("wiltshire", "Wiltshire"),))
    who = AnyOf(
        "Who knows?",
        options=(Option("friend", "A friend"), Option("none", "Nobody", alone=True)),
    )
    agree = Tick("Do you agree?", says="Yes", needed="Tick the box if you agree")


def ask(*sent: tuple[str, str]) -> Questions:
    form = Questions(MultiDict(sent))
    form.validate()
    return form


def test_i_do_not_know_is_an_answer() -> None:
    form = ask(("when", "unknown"))
    assert form.when.data == "unknown"
    assert list(form.when.errors) == []


@pytest.mark.parametrize("sent", [[], [("when", "")], [("when", "never")]])
def test_no_answer_or_one_that_was_not_offered_asks_again(sent: list[tuple[str, str]]) -> None:
    assert list(ask(*sent).when.errors) == ["Choose when it happened"]


def test_a_list_left_alone_is_no_answer() -> None:
    form = ask(("force", ""))
    assert form.force.data == ""
    assert list(form.force.errors) == []


def test_a_list_takes_only_what_it_offers() -> None:
    assert list(ask(("force", "atlantis")).force.errors) == ["Choose one of these answers"]


def test_several_boxes_can_be_ticked() -> None:
    form = ask(("who", "friend"))
    assert form.who.data == ["friend"]
    assert list(form.who.errors) == []


def test_nobody_cannot_be_ticked_with_somebody() -> None:
    (message,) = ask(("who", "friend"), ("who", "none")).who.errors
    assert message == "Choose “Nobody” alone, or leave it out"


def test_a_box_that_was_never_offered_is_refused() -> None:
    assert ask(("who", "mayor")).who.errors


def test_unticking_every_box_is_heard_although_browsers_send_nothing() -> None:
    form = Questions(MultiDict({"when": "day"}), data={"who": ["friend"]})
    assert form.who.data == []


def test_stored_answers_come_back_chosen() -> None:
    form = Questions(data={"when": "day", "who": ["friend"], "agree": ["yes"]})
    assert form.when.is_chosen("day")
    assert form.who.is_chosen("friend")
    assert form.agree.ticked


def test_agreement_is_never_assumed() -> None:
    form = ask()
    assert not form.agree.ticked
    assert list(form.agree.errors) == ["Tick the box if you agree"]
