"""The review queue, and one case: what was reported beside its candidates, and deciding on it."""

import re
from typing import cast
from uuid import UUID

from flask import redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from portal.accounts.models import Account
from portal.errors import NotAllowed, NotFound, Refused
from portal.matching.asking import ask
from portal.matching.beside import NOT_THERE, find_named
from portal.matching.cases import Case, find_case
from portal.matching.deciding import refuse
from portal.matching.questions import Asks
from portal.matching.queueing import count_apart, next_case, queue
from portal.matching.readers import Verdict
from portal.matching.reviewing import CHANGED, agreement_of, read
from portal.oversight.queries import PER_PAGE
from portal.web.access import DECIDERS, get_account, site
from portal.web.oversight import words
from portal.web.oversight.case_forms import NameForm, ReadForm
from portal.web.oversight.case_page import find_shown, get_case, show
from portal.web.oversight.naming import find_signed, sign_named

REFUSED = 422
_MOST_PAGES = 10_000
_SEEN_BYTES = 16
_IS_NUMBER = re.compile("[0-9]{1,18}")
_ENDS = ("accept", "gone", "refuse", "taken-back")


def review() -> str:
    """The cases that wait for a person: theirs to read first, the most urgent at the top."""
    here, account = site(), get_account()
    number = min(max(1, request.args.get("page", 1, type=int)), _MOST_PAGES)
    with here.database.reading() as reading:
        found = queue(reading, account, now=here.now())
        apart = count_apart(reading, account, now=here.now())
    start = (number - 1) * PER_PAGE
    return render_template(
        "oversight/review.html",
        account=account,
        words=words,
        before=request.args.get("of", type=UUID),
        cases=found[start : start + PER_PAGE],
        total=len(found),
        apart=apart,
        mine=sum(one.is_mine for one in found),
        earlier=url_for("oversight.review", page=number - 1) if number > 1 else None,
        following=url_for("oversight.review", page=number + 1)
        if len(found) > start + PER_PAGE
        else None,
    )


def case(allegation_id: UUID) -> str | Response | tuple[str, int]:
    """One case, and what this person makes of it. A decision leads to the next case."""
    account, form = get_account(), ReadForm()
    found = find_shown(account, allegation_id)
    _offer(form, found, account)
    if not form.is_submitted():
        return show(account, found, form)
    if "ask" in request.form:
        return _ask(account, allegation_id, form)
    if not form.is_offered():
        # Somebody decided meanwhile. To undo that is another thought, and not the next press.
        form.offer(found.proposed, (), newest=found.newest)
        form.refuse(CHANGED)
        return show(account, found, form), REFUSED
    if form.validate():
        done = _decide(account, found, form)
        if done:
            return _go_on(account, done, allegation_id)
    return _show_again(account, allegation_id, form), REFUSED


def name_record(allegation_id: UUID) -> Response | tuple[str, int]:
    """Put the record with a number beside a case that has too many to compare."""
    account, form, naming = get_account(), ReadForm(), NameForm()
    with site().database.reading() as reading:
        found = get_case(reading, account, allegation_id)
        record_id = None
        if naming.validate():
            record_id = find_named(reading, found.allegation, naming["reference"].data)
    if record_id is not None or not found.crowd:
        signed = sign_named(record_id, allegation_id) if record_id is not None else None
        where = url_for("oversight.case", allegation_id=allegation_id, named=signed)
        return redirect(where, 303)
    if not naming.error_links():
        naming.refuse(NOT_THERE)
    return show(account, found, form, naming), REFUSED


def agreement() -> str:
    """How far two readers of the same case agree."""
    with site().database.reading() as reading:
        found = agreement_of(reading)
    return render_template(
        "oversight/agreement.html", account=get_account(), words=words, found=found
    )


def _offer(form: ReadForm, found: Case, account: Account) -> None:
    accepted = found.accepted if account.role in DECIDERS else ()
    unsure = words.NEXT.get(found.step, "")
    form.offer(found.proposed, accepted, newest=found.newest, unsure=unsure)


def _show_again(account: Account, allegation_id: UUID, form: ReadForm, *, done: str = "") -> str:
    """The page as it is now. What was chosen of other candidates, or of other versions, is not
    chosen of these: the next press would put on record what nobody looked at.
    """
    found = find_shown(account, allegation_id)
    _offer(form, found, account)
    if form.is_begun and not _is_as_shown(found):
        form.forget_choice()
        if CHANGED not in form.form_errors:
            form.refuse(CHANGED)
    return show(account, found, form, done=done)


def _is_as_shown(found: Case) -> bool:
    records = (one.record.id for one in found.accepted)
    same = all(request.form.get(f"version-{one}") == str(found.newest.get(one)) for one in records)
    return same and _seen() == found.seen


def _ask(account: Account, allegation_id: UUID, form: ReadForm) -> str | Response | tuple[str, int]:
    """Ask the victim or a force about one candidate. What was begun of a decision stays as it is.

    Raises NotFound or NotAllowed.
    """
    here, named = site(), find_signed(allegation_id)
    asks, _, about = request.form["ask"].partition("-")
    if asks not in ("victim", "force") or not _IS_NUMBER.fullmatch(about):
        raise NotFound("There is no such question.")
    try:
        with here.database.transaction() as writing:
            ask(
                writing,
                allegation_id,
                int(about),
                cast(Asks, asks),
                account=account,
                named=named,
                keyring=here.keyring,
                now=here.now(),
            )
    except Refused as refused:
        form.refuse(refused.message)
        return _show_again(account, allegation_id, form), REFUSED
    done = f"asked-{asks}"
    if form.is_begun:
        return _show_again(account, allegation_id, form, done=done)
    signed = sign_named(named.record_id, allegation_id) if named else None
    return redirect(
        url_for("oversight.case", allegation_id=allegation_id, named=signed, done=done), 303
    )


def _decide(account: Account, found: Case, form: ReadForm) -> str:
    """What was done, as the next page says it; "" when it was refused, with the reason in the
    form.
    """
    here, allegation_id = site(), found.allegation.id
    gone = {one.record.id for one in found.proposed if one.version.is_gone}
    what, _, about = form["decision"].data.partition("-")
    try:
        with here.database.transaction() as writing:
            if what == "not":
                _take_back(writing, account, allegation_id, int(about), form.said)
                return "taken-back"
            chosen = int(about) if what == "is" else None
            step = read(
                writing,
                allegation_id,
                cast(Verdict, {"is": "record", "none": "none", "cannot": "cannot_tell"}[what]),
                record_id=chosen,
                account=account,
                reason=form.said,
                seen=_seen(),
                named=find_signed(allegation_id),
                keyring=here.keyring,
                now=here.now(),
            )
    except (Refused, NotAllowed) as refused:
        form.refuse(refused.message)
        return ""
    if account.role not in DECIDERS:
        return "proposed"
    return "gone" if step == "accept" and chosen in gone else step


def _take_back(
    writing: Session, account: Account, allegation_id: UUID, record_id: int, reason: str
) -> None:
    here = site()
    found = find_case(writing, account, allegation_id)
    for one in found.accepted if found else ():
        if one.record.id == record_id:
            refuse(
                writing,
                one.match.id,
                account=account,
                reason=reason,
                version_id=request.form.get(f"version-{record_id}", 0, type=int),
                keyring=here.keyring,
                now=here.now(),
            )
            return
    raise Refused("Nothing was changed. Somebody has decided this match already.")


def _go_on(account: Account, done: str, allegation_id: UUID) -> Response:
    """To the next case, or back to the queue when there is none."""
    here = site()
    # Whoever pressed the wrong button needs the way back now, and no list leads there any more.
    of = allegation_id if done in _ENDS else None
    following = None
    if account.role in DECIDERS and done != "taken-back":
        with here.database.reading() as reading:
            following = next_case(reading, account, now=here.now())
    if following is None:
        return redirect(url_for("oversight.review", done=done, of=of), 303)
    return redirect(url_for("oversight.case", allegation_id=following, done=done, of=of), 303)


def _seen() -> bytes:
    try:
        return bytes.fromhex(request.form.get("seen", ""))[:_SEEN_BYTES]
    except ValueError:
        return b""
