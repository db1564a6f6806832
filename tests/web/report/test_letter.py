"""The text to copy holds what the person sent, and lines for what only they should write."""

from dataclasses import replace
from datetime import date

from portal.web.report.letter import Facts, write_letter

FACTS = Facts(
    force="Wiltshire Police",
    what="Break-in at a home",
    when="Sunday 1 March 2026",
    told="8am on Monday 2 March 2026",
    incident_number="5403260000321",
    crime_reference="",
    limit="8am on Tuesday 3 March 2026",
    refused={},
    recorded="",
    entries=[(7, date(2026, 3, 2))],
)


def test_it_asks_what_was_recorded_and_why_not() -> None:
    text = write_letter(FACTS)
    assert text.startswith("To the Force Crime Registrar of Wiltshire Police\n\n")
    assert "Incident number that I was given: 5403260000321" in text
    assert "Crime reference that I was given" not in text
    assert "it had to be recorded by 8am on Tuesday 3 March 2026" in text
    assert "who decided that?" in text
    assert "entry 7 of the public log" in text
    assert text.endswith("A safe way to answer me: ________________________")


def test_what_police_said_is_in_it_when_the_person_told_us() -> None:
    text = write_letter(replace(FACTS, refused={"said": "yes", "when": "Monday", "reason": "No."}))
    assert "I was told that it will not be recorded." in text
    assert "When I was told: Monday" in text
    assert "Who told me" not in text


def test_a_record_that_says_something_else_is_asked_about_and_no_limit_is_claimed() -> None:
    text = write_letter(replace(FACTS, recorded="54/7/26, “Criminal damage”"))
    assert "recorded as 54/7/26, “Criminal damage”. That is not what I reported." in text
    assert "who decided that?" in text
    assert "had to be recorded" not in text


def test_what_is_not_known_is_left_out() -> None:
    text = write_letter(replace(FACTS, force="", told="", limit="", entries=[]))
    assert text.startswith("To the Force Crime Registrar of the police force")
    assert "When the police were told" not in text
    assert "Counting" not in text
    assert "entry" not in text
