"""While an erasure waits its page holds two dates, two buttons, and nothing of what was sent."""

from datetime import UTC, datetime

from flask import Flask

from portal.reports.models import Report
from portal.web.report.closing_page import closing_page


def test_it_says_when_it_was_asked_for_when_it_is_done_and_how_to_keep_it(app: Flask) -> None:
    report = Report(
        erase_asked_at=datetime(2026, 3, 2, 9, tzinfo=UTC),
        erase_due_at=datetime(2026, 3, 5, 9, tzinfo=UTC),
        answers=b"Quaggamire",
    )
    with app.test_request_context("/back/open"):
        page = closing_page(report)
    assert "2 March 2026, 9am" in page
    assert "5 March 2026, 9am" in page
    assert 'action="/back/keep"' in page
    assert 'action="/back/close"' in page
    assert "Quaggamire" not in page
