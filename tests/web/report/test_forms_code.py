"""Promises about the questions around return codes: forgiving, and in plain words."""

import pytest
from flask import Flask

from portal.reports.codes import new_code
from portal.web.report.forms_code import CodeForm, NumberForm, OldCodeForm, ReceiptForm


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        (CodeForm, "Type your return code"),
        (OldCodeForm, "Type the return code that you have now"),
        (NumberForm, "Type the number from the message"),
        (ReceiptForm, "Choose the receipt file that you saved"),
    ],
)
def test_an_empty_answer_is_told_what_to_do(app: Flask, kind: type[CodeForm], words: str) -> None:
    with app.test_request_context("/", method="POST", data={}):
        form = kind()
        assert not form.validate()
        assert [link.text for link in form.error_links()] == [words]


def test_a_code_in_words_is_not_too_long(app: Flask) -> None:
    words = " - ".join(["November"] * 20)
    with app.test_request_context("/", method="POST", data={"code": words}):
        assert CodeForm().validate()
    with app.test_request_context("/", method="POST", data={"code": new_code() * 16}):
        assert not CodeForm().validate()


def test_the_phone_offers_the_number_from_the_message(app: Flask) -> None:
    with app.test_request_context("/"):
        html = NumberForm()["number"]()
    assert 'autocomplete="one-time-code"' in html
    assert 'inputmode="numeric"' in html
