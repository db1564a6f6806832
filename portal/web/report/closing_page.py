"""All that is shown of a report while its erasure waits: that it does, and how to keep it."""

from flask import render_template

from portal.reports.models import Report


def closing_page(report: Report) -> str:
    """When it was asked for, when it is done, and one button that keeps it after all."""
    return render_template("report/closing.html", report=report)
