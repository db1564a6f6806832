"""A receipt shows a person what is theirs: not a reviewer's reason, nor anybody else's record."""

import pytest

from portal.ledger.disclosure import printed_names, shown_names

EVERY = ["kind", "at", "subject", "sequence", "previous"]
OF_A_MATCH = [
    "allegation",
    "record.force",
    "record.reference",
    "record.version",
    "match.zone",
    "match.model",
    "decided.role",
    "decided.organisation",
    "decided.reason",
]


@pytest.mark.parametrize("kind", ["submitted", "told_police", "handed_over", "looked_at", "other"])
def test_what_a_person_said_and_who_looked_and_why_is_shown_whole(kind: str) -> None:
    names = ["answers.words.words", "role", "reason", *EVERY]
    assert shown_names(kind, names) == names


@pytest.mark.parametrize("kind", ["matched", "match_gone"])
def test_a_match_shows_the_record_and_who_decided_but_not_the_reason(kind: str) -> None:
    assert shown_names(kind, OF_A_MATCH + EVERY) == OF_A_MATCH[:-1] + EVERY


@pytest.mark.parametrize("kind", ["match_refused", "match_reopened"])
def test_a_refused_match_shows_nothing_of_a_record_that_may_be_about_somebody_else(
    kind: str,
) -> None:
    shown = shown_names(kind, [*OF_A_MATCH, "record.anything_new", *EVERY])
    assert shown == [
        "allegation",
        "match.zone",
        "match.model",
        "decided.role",
        "decided.organisation",
        *EVERY,
    ]


def test_a_reading_shows_that_it_was_and_nothing_of_what_was_read_or_thought() -> None:
    names = ["read.number", "read.of_two", "read.verdict", "read.records", *OF_A_MATCH, *EVERY]
    shown = shown_names("match_read", names)
    assert shown[:2] == ["read.number", "read.of_two"]
    assert not {"read.verdict", "read.records", "record.reference", "decided.reason"} & set(shown)


def test_a_look_shows_who_and_why_and_not_which_record_was_opened_beside_the_report() -> None:
    names = ["role", "organisation", "reason", "record.force", "record.reference"]
    assert shown_names("looked_at", names) == ["role", "organisation", "reason"]


def test_what_a_person_was_asked_is_theirs_and_what_a_force_was_asked_may_be_another_s() -> None:
    names = ["allegation", "record.force", "record.reference", "question", "answer", "words"]
    for kind in ("victim_asked", "victim_answered"):
        assert shown_names(kind, names) == names
    for kind in ("force_asked", "force_replied"):
        shown = shown_names(kind, names)
        assert {"allegation", "record.force", "answer"} <= set(shown)
        assert not {"record.reference", "question"} & set(shown)
    assert "words" not in shown_names("force_replied", names)


def test_a_change_of_an_alert_shows_what_was_done_but_not_the_reason() -> None:
    names = ["alert", "action", "role", "organisation"]
    assert shown_names("alert_changed", [*names, "reason", *EVERY]) == names + EVERY


@pytest.mark.parametrize("kind", ["submitted", "code_replaced", "matched", "match_refused"])
def test_the_key_of_a_request_to_erase_is_of_no_use_to_a_reader_and_is_never_shown(
    kind: str,
) -> None:
    assert shown_names(kind, ["request.key", *EVERY]) == EVERY


def test_the_code_on_a_sheet_opens_nothing_that_tells_what_it_is_about() -> None:
    names = ["kind", "at", "subject", "sequence", "previous", "after", "force", "answers.way.way"]
    assert printed_names("submitted", names) == ["kind", "at", "sequence"]
    for kind in ("told_police", "alert_raised", "force_answered", "looked_at", "a-new-kind"):
        assert printed_names(kind, names) == ["at", "sequence"]
