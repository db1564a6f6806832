"""Promises of the lines about checks: each says why, or what came of it, and blames nobody."""

import pytest

from portal.alerts.models import KINDS
from portal.languages.translating import speaking
from portal.web.report.check_history import action_words, alert_words
from tests.rig.welsh import is_english


@pytest.mark.parametrize("kind", [*KINDS, "", "new-one"])
def test_a_check_is_told_without_a_verdict_in_either_language(kind: str) -> None:
    said = alert_words({"alert.kind": kind})
    assert said.endswith(".")
    assert "breach" not in said
    with speaking("cy"):
        assert not is_english(alert_words({"alert.kind": kind}))


@pytest.mark.parametrize("action", ["acknowledged", "resolved", "reopened", "", "new-one"])
def test_what_became_of_a_check_is_always_said_somehow(action: str) -> None:
    assert action_words({"action": action}).endswith(".")
    with speaking("cy"):
        assert not is_english(action_words({"action": action}))
