"""The rules of contact are data, and a wrong file is refused."""

from datetime import timedelta
from pathlib import Path

import pytest

from portal.reference.contact_rules import contact_rules
from portal.reference.files import BadDataFile

HEAD = "rule,value,unit,source\n"
RIGHT = "ask-again-after,90,days,ours\nbetween-notices,24,hours,ours\n"


def test_somebody_is_asked_after_90_days_and_written_to_once_a_day() -> None:
    assert contact_rules().ask_again_after == timedelta(days=90)
    assert contact_rules().between_notices == timedelta(hours=24)


@pytest.mark.parametrize(
    "rows",
    [
        RIGHT.replace("days", "weeks"),
        RIGHT.replace("90", "0"),
        RIGHT.replace("90", "soon"),
        RIGHT.replace("between-notices", "between"),
        RIGHT.replace("ours", ""),
        RIGHT.splitlines()[0] + "\n",
    ],
)
def test_a_file_that_does_not_hold_together_is_refused(tmp_path: Path, rows: str) -> None:
    (tmp_path / "contact_rules.csv").write_text(HEAD + rows)
    with pytest.raises(BadDataFile):
        contact_rules(tmp_path)
