"""The answers in plain words, with a way to change each."""

from datetime import UTC, datetime
from typing import Any

import pytest

from portal.web.report import flow
from portal.web.report.summary import allegation_lines, is_only_fraud, sections

NOW = datetime(2026, 3, 2, tzinfo=UTC)
EVENT: dict[str, Any] = {
    "what": {"category": "something-else", "other": "A strange letter"},
    "when": {"kind": "unknown"},
    "where": {"place": "", "postcode": "SN1"},
    "force": {"force": "unsure"},
}
ANSWERS: dict[str, Any] = {
    "allegations": [EVENT, {"what": {"category": "hurt"}}],
    "who": {"who_for": "other", "relation": "Mother", "knows": "yes", "agrees": "cannot_ask"},
    "insider": {"insider": "unsure"},
    "way": {"way": "told"},
    "told": {"kind": "exact", "day": "1", "month": "3", "year": "2026"},
    "told_how": {"channel": "101", "force": "kent", "incident_number": "12"},
    "words": {"words": "It was late."},
    "about": {"name": "Ada", "birth_day": "", "birth_month": "5", "birth_year": "1980"},
    "contact": {"contact": "post", "detail": "1 High Street", "safe_times": "mornings"},
}


def lines(answers: dict[str, Any]) -> dict[str, str]:
    return {line.key: line.value for part in sections(answers, now=NOW) for line in part.lines}


def test_every_answer_is_said_in_words() -> None:
    assert [line.value for line in allegation_lines(ANSWERS, now=NOW)[0]] == [
        "Something else: A strange letter",
        "I don’t know when",
        "SN1",
        "I am not sure",
    ]
    said = lines(ANSWERS)
    assert said["Do they agree"] == "I cannot ask them"
    assert said["Someone in the police"] == "I am not sure"
    assert said["When you told the police"] == "Sunday 1 March 2026"
    assert said["Which force"] == "Kent Police"
    assert said["Date of birth"] == "May 1980"
    assert said["Where to reach you"] == "1 High Street"


def test_what_was_not_answered_is_said_to_be_so() -> None:
    said = lines({"allegations": [{}]})
    assert said["What"] == "Not given"
    assert said["Your choice"] == "Not given"
    assert said["Date of birth"] == "Not given"


def test_every_answer_can_be_changed_at_a_page_that_applies() -> None:
    for way in ("told", "pass", "keep"):
        answers = ANSWERS | {"way": {"way": way}}
        addresses = {place.address for place in flow.places(answers)}
        hrefs = [line.href for part in sections(answers, now=NOW) for line in part.lines]
        assert set(hrefs) <= addresses
        unlisted = {"/start/more", "/start/check"}
        assert addresses - set(hrefs) == unlisted


@pytest.mark.parametrize(
    ("happened", "only"),
    [
        ([], False),
        (["fraud"], True),
        (["fraud", "fraud"], True),
        (["fraud", "robbery"], False),
        (["fraud", "in-no-list"], False),
        (["burglary-home"], False),
    ],
)
def test_only_fraud_is_fraud_through_and_through(happened: list[str], only: bool) -> None:
    told = [{"what": {"category": slug}} for slug in happened]
    assert is_only_fraud({"allegations": told}) is only


def test_a_clock_change_that_was_decided_for_the_person_is_told() -> None:
    event = EVENT | {
        "when": {"kind": "exact", "day": "30", "month": "3", "year": "2025", "time": "1:30am"}
    }
    when = allegation_lines({"allegations": [event]}, now=NOW)[0][1].value
    assert "The clocks went forward that night" in when
