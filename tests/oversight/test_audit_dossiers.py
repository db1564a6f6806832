"""Promises about what is compared: both sides are counted, and the odd one is named."""

from portal.ledger.audit_findings import Finding, Findings
from portal.oversight.audit_dossiers import compare, find_keys
from portal.site import Site


def told(entries: list[tuple[object, int]], rows: list[tuple[object, object]]) -> list[str]:
    found: list[Finding] = []
    compare(Findings(found.append), "look", "report 1", entries, rows, "look")
    return [one.where for one in found]


def test_entries_and_rows_are_paired_one_to_one() -> None:
    assert told([("a", 1), ("b", 2)], [("b", "y"), ("a", "x")]) == []
    assert told([("a", 1)], []) == ["entry 1"]
    assert told([], [("a", "x")]) == ["look x"]
    assert told([("a", 1)], [("a", "x"), ("a", "y")]) == ["look x", "look y"]


def test_a_subject_without_a_key_is_left_out(site: Site) -> None:
    with site.database.reading() as session:
        assert find_keys(session, set(), site.keyring) == {}
