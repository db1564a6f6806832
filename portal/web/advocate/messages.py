"""The supporter's messages: what waits over all their cases, and one thread with its answer."""

from uuid import UUID

from flask import redirect, render_template, url_for
from werkzeug.wrappers import Response

from portal.reports.staff_messages import (
    open_thread,
    waiting_for,
)
from portal.web.access import get_account, site
from portal.web.staff_thread import AnswerForm, about_words, show_thread, take_answer

_THREAD = "advocate/thread.html"
REFUSED = 400
_REASON = "To read the messages that you wrote to me, and to answer"


def messages() -> str:
    """What waits, unread first, then the longest wait. Enter opens the first of it."""
    here, account = site(), get_account()
    with here.database.reading() as reading:
        found = waiting_for(reading, account, keyring=here.keyring)
    return render_template(
        "advocate/messages.html", account=account, waiting=found, about_words=about_words
    )


def open_messages(report_id: UUID) -> Response:
    """Write the look with its reason, commit it, and only then lead to the thread."""
    here, account = site(), get_account()
    with here.database.transaction() as writing:
        made = open_thread(
            writing,
            report_id,
            account=account,
            reason=_REASON,
            keyring=here.keyring,
            now=here.now(),
        )
    return redirect(url_for("advocate.thread", report_id=report_id, look_id=made.id), 303)


def thread(report_id: UUID, look_id: UUID) -> str:
    """The thread for a look that was just written; after 15 minutes it is opened anew."""
    return show_thread(_THREAD, report_id, look_id, AnswerForm())


def answer(report_id: UUID, look_id: UUID) -> Response | tuple[str, int]:
    """Send the answer, or note that none is needed; then what waits next."""
    form = AnswerForm()
    if done := take_answer(report_id, form):
        return redirect(url_for("advocate.messages", done=done), 303)
    return show_thread(_THREAD, report_id, look_id, form), REFUSED
