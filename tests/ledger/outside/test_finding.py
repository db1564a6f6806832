"""Every finding says in plain words what was found and what to do, and has its own exit code."""

from pathlib import Path

from portal.ledger.outside import finding
from portal.ledger.outside.finding import NAMES, NEXT, WELL, Finding


def test_every_code_is_told_apart_by_name() -> None:
    assert set(NAMES) == set(NEXT)
    assert len(set(NAMES.values())) == len(NAMES)
    assert 2 not in NAMES, "the command line ends with 2 for wrong use"
    assert all(NEXT[code] for code in NAMES if code not in (WELL, finding.DAMAGED))


def test_the_lines_name_the_entries_and_the_evidence() -> None:
    found = Finding(finding.ALTERED, "They changed.", (3, 7), Path("evidence/altered-1"))
    assert found.lines()[:3] == [
        "Altered entries. They changed.",
        "First entries concerned: 3 to 7.",
        "Evidence: evidence/altered-1",
    ]
    assert Finding(WELL, "9 entries.").lines() == ["All well. 9 entries."]
