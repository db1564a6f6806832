"""The first page of oversight and its lists: alerts, and what has no record."""

from datetime import UTC, datetime
from uuid import UUID

from flask import render_template, request, url_for

from portal.clock import timestamp
from portal.matching.queueing import count_cases
from portal.oversight.queries import (
    Mark,
    Wanted,
    alert_counts,
    count_alerts,
    count_unmatched,
    list_alerts,
    list_unmatched,
)
from portal.oversight.reaches import list_reaches
from portal.web.access import get_account, site
from portal.web.oversight import words
from portal.web.oversight.forms import AlertFilters, Filters, UnmatchedFilters

REFUSED = 422
_OLDEST_SHOWN = 10
_BETWEEN = "~"


def start() -> str:
    """What waits for this person."""
    here, account = site(), get_account()
    with here.database.reading() as reading:
        counts = alert_counts(reading, account)
        oldest = list_alerts(reading, account, Wanted(), at_most=_OLDEST_SHOWN)
        to_review = count_cases(reading, account, now=here.now())
        reaches = list_reaches(reading, account, now=here.now())
    return render_template(
        "oversight/start.html",
        account=account,
        words=words,
        kinds=[kind for kind in words.KINDS if any(kind == each for each, _ in counts)],
        states=[state for state in words.STATES if state != "resolved"],
        counts=counts,
        total=sum(counts.values()),
        oldest=oldest,
        to_review=to_review,
        reaches=reaches,
        now=here.now(),
    )


def alerts() -> str | tuple[str, int]:
    """The alerts, oldest first."""
    account = get_account()
    form: AlertFilters = AlertFilters.from_address(account)
    with site().database.reading() as reading:
        page = list_alerts(reading, account, form.wanted(), after=_mark())
        total = count_alerts(reading, account, form.wanted())
    html = render_template(
        "oversight/alerts.html",
        account=account,
        words=words,
        form=form,
        page=page,
        total=total,
        now=site().now(),
        first=_address("oversight.alerts", form) if _mark() else None,
        following=_address("oversight.alerts", form, page.after) if page.after else None,
    )
    return (html, REFUSED) if form.error_links() else html


def unmatched() -> str | tuple[str, int]:
    """What police were told of and have no record of, as far as we can see; oldest first."""
    account, now = get_account(), site().now()
    form: UnmatchedFilters = UnmatchedFilters.from_address(account)
    with site().database.reading() as reading:
        page = list_unmatched(reading, account, form.wanted(), now=now, after=_mark())
        total = count_unmatched(reading, account, form.wanted(), now=now)
    html = render_template(
        "oversight/unmatched.html",
        account=account,
        words=words,
        form=form,
        page=page,
        total=total,
        now=now,
        first=_address("oversight.unmatched", form) if _mark() else None,
        following=_address("oversight.unmatched", form, page.after) if page.after else None,
    )
    return (html, REFUSED) if form.error_links() else html


def _mark() -> Mark | None:
    """Where this page of the list begins; a mark that nobody gave out is the beginning."""
    at, _, key = request.args.get("after", "").partition(_BETWEEN)
    try:
        instant = datetime.fromisoformat(at)
        # Near the first and last years that there are, an instant has no time in UTC.
        return Mark(instant.astimezone(UTC), UUID(key)) if instant.tzinfo else None
    except (ValueError, OverflowError):
        return None


def _address(endpoint: str, form: Filters, after: Mark | None = None) -> str:
    # Only the form's own: Flask takes names such as "endpoint" for its instructions.
    kept = {name: request.args[name] for name in form.names_sent() if request.args.get(name)}
    if after is not None:
        kept["after"] = f"{timestamp(after.at)}{_BETWEEN}{after.id}"
    return url_for(endpoint, **kept)  # type: ignore[arg-type]
