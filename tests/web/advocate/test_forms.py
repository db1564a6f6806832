"""Promises about what an advocate is asked."""

import pytest
from flask import Flask

from portal.web.advocate.forms import AgreedForm, ReasonForm


@pytest.fixture
def app() -> Flask:
    """Forms need no database."""
    bare = Flask("forms")
    bare.config.update(SECRET_KEY="for this test only", WTF_CSRF_ENABLED=False)
    return bare


@pytest.mark.parametrize(("sent", "goes_on"), [({"agrees": "yes"}, True), ({}, False)])
def test_only_a_ticked_box_is_consent(app: Flask, sent: dict[str, str], goes_on: bool) -> None:
    with app.test_request_context(method="POST", data=sent):
        assert AgreedForm().validate() is goes_on


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"reason": "asked"}, "They asked me to look"),
        ({"reason": "asked", "words": "left over"}, "They asked me to look"),
        ({"reason": "other", "words": " To write a letter "}, "To write a letter"),
    ],
)
def test_the_reason_is_kept_in_the_words_that_the_person_reads(
    app: Flask, sent: dict[str, str], said: str
) -> None:
    with app.test_request_context(method="POST", data=sent):
        form = ReasonForm()
        assert form.validate()
        assert form.said() == said


@pytest.mark.parametrize("sent", [{}, {"reason": "other"}, {"reason": "other", "words": "  "}])
def test_no_reason_is_no_reason(app: Flask, sent: dict[str, str]) -> None:
    with app.test_request_context(method="POST", data=sent):
        assert not ReasonForm().validate()
