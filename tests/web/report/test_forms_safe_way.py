"""Promises about the form of how to be reached: nothing typed is lost, nothing is given away."""

from typing import Any

import pytest
from flask import Flask
from werkzeug.datastructures import MultiDict

from portal.reports.safe_hours import SafeHours
from portal.reports.safe_ways import CALL, EMAIL, TEXT, Contact, Way, WayRules
from portal.web.report.forms_safe_way import SafeWayForm, say_hour

BOTH = frozenset({"email", "text"})
RULES = WayRules(SafeHours((0, 4), 22, 6), code_word="narwhal", no_message=True, hang_up=True)
CALLED = Contact(confirmed=Way(CALL, "+447700900982", RULES))


def form(
    app: Flask,
    typed: dict[str, Any] | None = None,
    contact: Contact = Contact(),  # noqa: B008 - it never changes
    *,
    needs_code: bool = False,
    sends: frozenset[str] = BOTH,
) -> SafeWayForm:
    """The form as it is posted, or as it is first shown."""
    method = "GET" if typed is None else "POST"
    with app.test_request_context("/back/safe-way", method=method):
        made = SafeWayForm(MultiDict(typed or {}) if typed is not None else None)
        made.offer(contact, sends, needs_code=needs_code)
        made.valid = made.validate_all() if typed is not None else True  # type: ignore[attr-defined]
        made.said = [link.text for link in made.error_links()]  # type: ignore[attr-defined]
        return made


def said(app: Flask, typed: dict[str, Any], **more: Any) -> str:  # noqa: ANN401
    """What is wrong with it, "" for nothing."""
    return " ".join(form(app, typed, **more).said)  # type: ignore[attr-defined]


def test_nobody_is_contacted_unless_they_choose_it(app: Flask) -> None:
    made = form(app)
    assert made["way"].data == "none"
    assert made["purpose"].data == "code"
    assert said(app, {"way": "none"}) == ""


def test_only_what_can_be_sent_from_here_is_offered(app: Flask) -> None:
    assert [one.value for one in form(app, sends=frozenset()).way.options] == ["none", "call"]
    assert "Choose" in said(app, {"way": "text", "mobile": "07700 900982"}, sends=frozenset())


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({}, "Choose how you may be reached"),
        ({"way": "email"}, "Type an email address"),
        ({"way": "email", "address": "a@b"}, "in full"),
        ({"way": "text"}, "Type a phone number"),
        ({"way": "text", "mobile": "ring me"}, "Type a phone number"),
        ({"way": "text", "mobile": "01225 555012"}, "cannot take a text"),
        ({"way": "call", "phone": "01225 555012", "code": "x"}, "Type a phone number"),
        (
            {"way": "call", "phone": "01225 555012", "phone_again": "01225 555013", "code": "x"},
            "not the same",
        ),
        (
            {"way": "call", "phone": "01225 555012", "phone_again": "01225 555012"},
            "Type your return code",
        ),
        ({"way": "email", "address": "a@b.uk", "start": "9"}, "Choose both hours"),
        ({"way": "email", "address": "a@b.uk", "start": "9", "end": "9"}, "Choose both hours"),
        ({"way": "email", "address": "a@b.uk", "start": "25", "end": "9"}, "Choose one"),
        ({"way": "email", "address": "a@b.uk", "days": "9"}, "Choose from these answers"),
    ],
)
def test_what_does_not_fit_is_said(app: Flask, typed: dict[str, Any], words: str) -> None:
    assert words in said(app, typed)


def test_the_code_is_asked_for_where_a_page_alone_is_not_enough(app: Flask) -> None:
    typed = {"way": "email", "address": "a@b.uk"}
    assert said(app, typed) == ""
    assert "return code" in said(app, typed, needs_code=True)
    assert "return code" in said(app, {"way": "none"}, needs_code=True)
    assert said(app, typed | {"code": "x"}, needs_code=True) == ""


def test_a_way_is_what_was_chosen(app: Flask) -> None:
    typed = {
        "way": "text",
        "mobile": "07700 900 982",
        "purpose": "news",
        "days": ["1", "0"],
        "start": "22",
        "end": "0",
        "code_word": "not for texts",
    }
    way = form(app, typed).chosen(Contact())
    assert way == Way(TEXT, "+447700900982", WayRules(SafeHours((0, 1), 22, 0), news=True))
    email = form(app, {"way": "email", "address": "a@b.uk"}).chosen(Contact())
    assert email == Way(EMAIL, "a@b.uk")


def test_a_code_word_is_never_shown_again_and_kept_when_left_empty(app: Flask) -> None:
    made = form(app, contact=CALLED, needs_code=True)
    assert made["code_word"].data == ""
    with app.test_request_context():
        assert "narwhal" not in str(made.way()) + str(made.code_word())
    assert made["calling"].data == ["message", "other"]
    assert (made["start"].data, made["end"].data) == ("22", "6")
    typed = {
        "way": "call",
        "phone": "07700 900983",
        "phone_again": "+44 7700 900983",
        "calling": "other",
        "code": "x",
    }
    way = form(app, typed, CALLED, needs_code=True).chosen(CALLED)
    assert way.address == "+447700900983"
    assert (way.rules.code_word, way.rules.hang_up, way.rules.no_message) == (
        "narwhal",
        True,
        False,
    )
    other = form(app, typed | {"code_word": "heron"}, CALLED, needs_code=True).chosen(CALLED)
    assert other.rules.code_word == "heron"


@pytest.mark.parametrize(
    ("hour", "words"), [(0, "midnight"), (9, "9am"), (12, "midday"), (23, "11pm")]
)
def test_an_hour_is_said_as_people_do(hour: int, words: str) -> None:
    assert say_hour(hour) == words
