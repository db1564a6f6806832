"""What the lists of those who help call what happened."""

from portal.web.staff_thread import AnswerForm, about_words, show_thread, take_answer


def test_what_happened_is_said_in_few_words() -> None:
    assert about_words(("burglary-home", "no such thing")) == "Break-in at a home, Something else"
    assert about_words(()) == ""


def test_the_pages_share_one_form() -> None:
    assert AnswerForm.words is not None
    assert callable(show_thread)
    assert callable(take_answer)
