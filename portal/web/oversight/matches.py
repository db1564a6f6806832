"""Possible matches: the queue that waits for a person, and deciding on one."""

from uuid import UUID

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from portal.accounts.models import Account
from portal.errors import NotAllowed, NotFound, Refused
from portal.matching.deciding import confirm, refuse
from portal.matching.queries import find_waiting, review_queue
from portal.oversight.details import MatchDetail, read_match
from portal.oversight.queries import PER_PAGE, count_to_review
from portal.web.access import DECIDERS, get_account, site
from portal.web.oversight import words
from portal.web.oversight.forms import DecideForm

REFUSED = 422
_MOST_PAGES = 10_000
_DEEDS = {"confirm": confirm, "refuse": refuse}


def matches() -> str:
    """The matches that wait for a person, the oldest first."""
    account = get_account()
    number = min(max(1, request.args.get("page", 1, type=int)), _MOST_PAGES)
    with site().database.reading() as reading:
        found = review_queue(reading, account, at_most=PER_PAGE + 1, after=(number - 1) * PER_PAGE)
        total = count_to_review(reading, account)
    return render_template(
        "oversight/matches.html",
        account=account,
        words=words,
        waiting=found[:PER_PAGE],
        total=total,
        earlier=url_for("oversight.matches", page=number - 1) if number > 1 else None,
        following=url_for("oversight.matches", page=number + 1) if len(found) > PER_PAGE else None,
    )


def match(match_id: UUID) -> str | Response | tuple[str, int]:
    """Both sides of a match beside each other; deciding on it."""
    account = get_account()
    detail = _read(account, match_id)
    form = DecideForm()
    if not form.is_submitted():
        return _show(account, detail, form)
    # Whether it can be confirmed by now is said in words of its own.
    form.offer("proposed")
    if form.validate() and _decide(account, match_id, form):
        return redirect(url_for("oversight.matches", done=form["decision"].data), 303)
    # Somebody else may have decided meanwhile.
    return _show(account, _read(account, match_id), form), REFUSED


def _read(account: Account, match_id: UUID) -> MatchDetail:
    here = site()
    with here.database.reading() as reading:
        sides = find_waiting(reading, account, match_id)
        if sides is None:
            raise NotFound("There is no such match, or it is not one of yours to see.")
        return read_match(reading, sides, keyring=here.keyring)


def _decide(account: Account, match_id: UUID, form: DecideForm) -> bool:
    here = site()
    decide = _DEEDS[form["decision"].data]
    try:
        with here.database.transaction() as writing:
            decide(
                writing,
                match_id,
                account=account,
                reason=form["reason"].data,
                version_id=request.form.get("version", 0, type=int),
                keyring=here.keyring,
                now=here.now(),
            )
    except (Refused, NotAllowed) as refused:
        form.refuse(refused.message)
        return False
    return True


def _show(account: Account, detail: MatchDetail, form: DecideForm) -> str:
    newest = detail.versions[-1][0]
    is_crime = not newest.is_incident and newest.removal_code is None
    form.offer(detail.sides.match.state, is_crime=is_crime)
    undecided = detail.sides.match.state in ("proposed", "accepted")
    return render_template(
        "oversight/match.html",
        account=account,
        words=words,
        each=detail,
        newest=newest.id,
        form=form,
        can_decide=undecided and account.role in DECIDERS,
    )
