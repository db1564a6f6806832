"""Promises of the language of a page."""

from flask import Flask

from portal.languages.translating import spoken


def test_a_page_is_english_and_says_nothing_of_it_to_the_next_request(app: Flask) -> None:
    with app.test_request_context("/"):
        app.preprocess_request()
        assert spoken() == "en"
    assert spoken() == "en"


def test_a_template_can_say_its_words_in_the_readers_language(app: Flask) -> None:
    template = app.jinja_env.from_string("{% trans %}Leave this page{% endtrans %}")
    with app.test_request_context("/"):
        assert template.render() == "Leave this page"
