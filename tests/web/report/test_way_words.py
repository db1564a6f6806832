"""A way in words: enough to know it again, and no more for whoever glances."""

from portal.reports.safe_hours import SafeHours
from portal.reports.safe_ways import CALL, EMAIL, TEXT, Way, WayRules
from portal.web.report.way_words import address_in_full, masked, say_hours, say_rules

CALLED = Way(CALL, "+447700900982", WayRules(code_word="narwhal", no_message=True, hang_up=True))


def test_little_is_shown_where_somebody_may_glance() -> None:
    assert masked(Way(EMAIL, "rosa@example.org")) == "r…@example.org"
    assert masked(Way(TEXT, "+447700900982")) == "the number that ends in 982"
    assert address_in_full(Way(EMAIL, "rosa@example.org")) == "rosa@example.org"
    assert address_in_full(CALLED) == "07700 900 982"


def test_hours_are_said_in_one_sentence() -> None:
    assert say_hours(SafeHours()) == "At any time."
    assert say_hours(SafeHours((0, 2))) == "All day on: Monday, Wednesday."
    assert say_hours(SafeHours((), 9, 17)) == "From 9am until 5pm, on: every day."
    assert say_hours(SafeHours((5,), 22, 6)) == ("From 10pm until 6am the next day, on: Saturday.")


def test_rules_are_said_and_a_code_word_only_that_it_is_there() -> None:
    said = " ".join(say_rules(CALLED))
    assert "The caller says your code word first." in said
    assert "narwhal" not in said
    assert "never leaves a message" in said
    assert "hangs up" in said
    assert say_rules(Way(EMAIL, "a@b.uk"))[-1] == "Only for your return code."
    news = Way(EMAIL, "a@b.uk", WayRules(news=True))
    assert "when there is something new" in say_rules(news)[-1]
