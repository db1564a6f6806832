"""What the person said is told in the timeline in their own words, and alerts in plain ones."""

from portal.alerts.models import KINDS
from portal.web.report.history import alert_words
from portal.web.report.said_history import ACTIONS, SAID_WORDS, ended_words, refused_words


def test_a_statement_is_quoted_with_what_was_added() -> None:
    said = SAID_WORDS["stated"]
    fields = {"statement.kind": "not_what_i_said"}
    assert said(fields) == "You said: “This is not what I reported.”"
    words = said({**fields, "statement.words": "It was worse: 100 % worse."})
    assert words.endswith("You added: “It was worse: 100 % worse.”")
    assert SAID_WORDS["statement_taken_back"](fields).startswith("You took this back")


def test_what_the_person_did_about_a_record_is_not_said_of_anybody_else() -> None:
    mine = {"decided.role": "victim", "record.reference": "54/7/26"}
    assert "no longer counts for you" in refused_words(mine)
    assert "looks again" in ended_words(mine)
    assert refused_words({"decided.role": "pcc"}) == ended_words({}) == ""


def test_every_kind_of_alert_has_words_of_its_own() -> None:
    about_reports = [kind for kind in KINDS if kind != "supply_stale"]
    words = [alert_words({"alert.kind": kind}) for kind in about_reports]
    assert len(set(words)) == len(about_reports)
    assert all("broke the law" not in each for each in words)
    assert len(set(map(str, ACTIONS.values()))) == 3
