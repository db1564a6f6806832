"""Oversight's messages with people: what waits, a thread opened with a reason, and its answer."""

from uuid import UUID

from flask import redirect, render_template, url_for
from werkzeug.wrappers import Response

from portal.reports.staff_messages import (
    get_thread_report,
    open_thread,
    waiting_for,
)
from portal.web.access import get_account, site
from portal.web.oversight import words
from portal.web.oversight.forms import OpenForm
from portal.web.oversight.opening import take_reason
from portal.web.staff_thread import AnswerForm, about_words, show_thread, take_answer

_THREAD = "oversight/thread.html"
REFUSED = 422


def messages() -> str:
    """What waits, unread first, then the longest wait."""
    here, account = site(), get_account()
    with here.database.reading() as reading:
        found = waiting_for(reading, account, keyring=here.keyring)
    return render_template(
        "oversight/messages.html", account=account, waiting=found, about_words=about_words
    )


def ask_messages(report_id: UUID) -> str | Response | tuple[str, int]:
    """Ask for the reason; write the look; only then lead to the thread."""
    here, account, form = site(), get_account(), OpenForm()
    with here.database.reading() as reading:
        report = get_thread_report(reading, report_id, account=account, keyring=here.keyring)
    if made := take_reason(form, open_thread, report_id):
        return redirect(url_for("oversight.thread", report_id=report_id, look_id=made.id), 303)
    html = render_template(
        "oversight/open_messages.html",
        account=account,
        form=form,
        withdrawn=report.withdrawn_at is not None,
    )
    return (html, REFUSED) if form.error_links() else html


def thread(report_id: UUID, look_id: UUID) -> str:
    """The thread for a look that was just written; after 15 minutes it is opened anew."""
    return show_thread(_THREAD, report_id, look_id, AnswerForm(), words=words)


def answer(report_id: UUID, look_id: UUID) -> Response | tuple[str, int]:
    """Send the answer, or note that none is needed; then what waits next."""
    form = AnswerForm()
    if done := take_answer(report_id, form):
        return redirect(url_for("oversight.messages", done=done), 303)
    return show_thread(_THREAD, report_id, look_id, form, words=words), REFUSED
