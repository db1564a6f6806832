"""Promises about looks, handovers and answers: none is hidden, moved or reworded past the log."""

import pytest
from sqlalchemy import Connection, text

from portal.site import Site
from tests.rig.audited import found_after


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        ("DELETE FROM looks", "no look of report"),
        ("DELETE FROM handovers", "no handover of report"),
        ("DELETE FROM force_answers", "no answer of a force of report"),
        ("UPDATE handovers SET force_id = 'kent'", "no entry of its own fits it"),
    ],
)
def test_what_hangs_on_a_report_is_paired_with_its_entries(
    lived: Site, statement: str, words: str
) -> None:
    def change(connection: Connection) -> None:
        connection.execute(text(statement))

    assert any(words in str(one) for one in found_after(lived, change))
