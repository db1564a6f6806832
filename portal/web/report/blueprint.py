"""The blueprint of the reporter's pages, and what each of their requests does first."""

from uuid import UUID

from flask import Blueprint, redirect, request
from flask import session as cookie
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from portal.accounts.sign_ins import find_holder
from portal.reports.drafts import get_report
from portal.reports.visits import TOUCH_EVERY, touch_visit
from portal.web.access import find_open_visit, site

blueprint = Blueprint("report", __name__)

_THE_PERSONS_OWN = "/back/"
_OWN_PAGES = ("/back/", "/start/")
_WHILE_CLOSING = frozenset(
    f"{blueprint.name}.{name}"
    for name in ("report", "keep_it", "again", "close", "saved_for_later")
)
_FOR_EVERYBODY = frozenset({f"{blueprint.name}.again", f"{blueprint.name}.close"})


@blueprint.before_request
def keep_awake() -> None:
    """Note that the visit is in use, so that two idle hours count from the last page."""
    visit = find_open_visit()
    now = site().now()
    if visit is not None and visit.seen_at + TOUCH_EVERY < now:
        with site().database.transaction() as session:
            touch_visit(session, visit, now=now)


@blueprint.before_request
def lead_supporter_to_their_list() -> Response | None:
    """In the browser of the supporter who sent it, the person's own pages do not open.

    Their list opens it instead, where each look is written with a reason. That holds after their
    sign-in is over too: the cookie still says whose it was.
    """
    if not request.path.startswith(_THE_PERSONS_OWN) or request.endpoint in _FOR_EVERYBODY:
        return None
    visit, token = find_open_visit(), cookie.get("sign_in")
    if visit is None or not token:
        return None
    with site().database.reading() as session:
        is_supporters = _was_sent_by(session, visit.report_id, find_holder(session, token))
    return redirect(f"/advocate/{visit.report_id}", 303) if is_supporters else None


@blueprint.before_request
def show_only_that_it_closes() -> Response | None:
    """While an erasure waits nothing of what was sent is shown, to its own person either: whoever
    holds the code sees that it was asked for, and can keep it.
    """
    if not request.path.startswith(_OWN_PAGES) or request.endpoint in _WHILE_CLOSING:
        return None
    visit = find_open_visit()
    if visit is None:
        return None
    with site().database.reading() as session:
        closing = get_report(session, visit.report_id).erase_asked_at is not None
    return redirect("/back/open", 303) if closing else None


def _was_sent_by(session: Session, report_id: UUID, account_id: UUID | None) -> bool:
    report = get_report(session, report_id)
    return account_id is not None and report.filed_by == account_id and report.state != "draft"
