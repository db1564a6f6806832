"""What a question knows of the other answers."""

from datetime import UTC, datetime

from portal.web.report.page_form import Around

NOW = datetime(2026, 3, 2, tzinfo=UTC)


def test_a_question_finds_the_answers_about_its_own_event_only() -> None:
    answers = {"allegations": [{"what": "one"}, {"what": "two"}]}
    found = [Around(answers, number, frozenset(), NOW).allegation() for number in range(4)]
    assert found == [{}, {"what": "one"}, {"what": "two"}, {}]


def test_what_a_question_knows_is_not_written_into_logs() -> None:
    assert "secret" not in repr(Around({"words": "secret"}, 0, frozenset(), NOW))
