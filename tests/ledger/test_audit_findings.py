"""Promises about what an audit says: one line for each finding, counted by its kind."""

from portal.ledger.audit_findings import Finding, Findings, slack


def test_a_finding_is_one_line_that_says_where_and_what() -> None:
    told: list[Finding] = []
    findings = Findings(told.append)
    assert findings.unless(True, "leaf", "entry 1", "it is wrong")
    assert not findings.unless(False, "leaf", "entry 2", "it is wrong")
    assert [str(one) for one in told] == ["entry 2: it is wrong"]
    assert findings.count == {"leaf": 1}


def test_a_page_has_minutes_and_a_long_run_has_hours() -> None:
    assert slack("submitted") < slack("supply_taken")
