"""The blueprint of the reporter's pages, and what each of their requests does first."""

from flask import Blueprint

from portal.reports.visits import TOUCH_EVERY, touch_visit
from portal.web.access import find_open_visit, site

blueprint = Blueprint("report", __name__)


@blueprint.before_request
def keep_awake() -> None:
    """Note that the visit is in use, so that two idle hours count from the last page."""
    visit = find_open_visit()
    now = site().now()
    if visit is not None and visit.seen_at + TOUCH_EVERY < now:
        with site().database.transaction() as session:
            touch_visit(session, visit, now=now)
