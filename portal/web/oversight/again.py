"""Having a record looked at again that was decided on: which, and why."""

from collections.abc import Sequence
from uuid import UUID

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from portal.accounts.models import Account
from portal.errors import Refused
from portal.matching.cases import Case
from portal.matching.queries import Waiting
from portal.matching.reopening import CHANGED, can_look_again, look_again
from portal.web.access import get_account, site
from portal.web.oversight.case_forms import AgainForm
from portal.web.oversight.case_page import get_case
from portal.web.oversight.naming import sign_named

REFUSED = 422


def again(allegation_id: UUID) -> str | Response | tuple[str, int]:
    """Ask which records and why; then the case stands before a reader again."""
    account, form = get_account(), AgainForm()
    case, decided = _find(account, allegation_id)
    form.offer(decided, request.args.get("record", 0, type=int))
    if not form.is_offered():
        # Somebody put it back meanwhile, or the person said that it is not theirs.
        form.records.data = []
        form.refuse(CHANGED)
    elif form.is_submitted() and form.validate():
        record_ids = [int(one) for one in form["records"].data]
        if _look_again(account, allegation_id, record_ids, form):
            # Where too many fit, nothing stands beside the report until it is named.
            signed = sign_named(record_ids[0], allegation_id) if case.crowd else None
            where = url_for(
                "oversight.case", allegation_id=allegation_id, named=signed, done="again"
            )
            return redirect(where, 303)
        case, decided = _find(account, allegation_id)
        form.offer(decided, 0)
    html = render_template(
        "oversight/again.html", account=account, form=form, case=case, decided=decided
    )
    return (html, REFUSED) if form.error_links() else html


def _find(account: Account, allegation_id: UUID) -> tuple[Case, Sequence[Waiting]]:
    with site().database.reading() as reading:
        found = get_case(reading, account, allegation_id)
        return found, can_look_again(reading, found)


def _look_again(
    account: Account, allegation_id: UUID, record_ids: Sequence[int], form: AgainForm
) -> bool:
    here = site()
    try:
        with here.database.transaction() as writing:
            look_again(
                writing,
                allegation_id,
                record_ids,
                account=account,
                reason=form["reason"].data,
                keyring=here.keyring,
                now=here.now(),
            )
    except Refused as refused:
        form.refuse(refused.message)
        return False
    return True
