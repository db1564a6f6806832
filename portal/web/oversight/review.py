"""The review queue, and one case: what was reported beside its candidates, and deciding on it."""

from typing import cast
from uuid import UUID

from flask import redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from portal.accounts.models import Account
from portal.errors import NotAllowed, NotFound, Refused
from portal.matching.asking import ask, can_ask_force, kind_for
from portal.matching.beside import NOT_THERE, find_named, put_beside
from portal.matching.cases import Case, find_case
from portal.matching.deciding import refuse
from portal.matching.gone import is_gone
from portal.matching.questions import Asks, questions_about, words_for
from portal.matching.queueing import count_apart, next_case, queue
from portal.matching.readers import Verdict
from portal.matching.reopening import can_look_again
from portal.matching.reviewing import CHANGED, agreement_of, read, readings_seen
from portal.oversight.details import read_match
from portal.oversight.queries import PER_PAGE
from portal.reports.drafts import get_report
from portal.web.access import DECIDERS, get_account, site
from portal.web.oversight import words
from portal.web.oversight.forms import NameForm, ReadForm
from portal.web.oversight.naming import find_signed, sign_named, sign_shown

REFUSED = 422
_MOST_PAGES = 10_000
_SEEN_BYTES = 16
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
    form.offer(found.proposed, found.accepted if account.role in DECIDERS else ())
    if not form.is_submitted():
        return _show(account, found, form)
    if not form.is_offered():
        # Somebody decided meanwhile. To undo that is another thought, and not the next press.
        form.offer(found.proposed, ())
        form.refuse(CHANGED)
        return _show(account, found, form), REFUSED
    if form.validate():
        done = _decide(account, found, form)
        if done:
            return _go_on(account, done, allegation_id)
    # Somebody else may have decided meanwhile.
    found = find_shown(account, allegation_id)
    form.offer(found.proposed, found.accepted if account.role in DECIDERS else ())
    return _show(account, found, form), REFUSED


def name_record(allegation_id: UUID) -> Response | tuple[str, int]:
    """Put the record with a number beside a case that has too many to compare."""
    account, form, naming = get_account(), ReadForm(), NameForm()
    with site().database.reading() as reading:
        found = _get(reading, account, allegation_id)
        record_id = None
        if naming.validate():
            record_id = find_named(reading, found.allegation, naming["reference"].data)
    if record_id is not None or not found.crowd:
        signed = sign_named(record_id, allegation_id) if record_id is not None else None
        where = url_for("oversight.case", allegation_id=allegation_id, named=signed)
        return redirect(where, 303)
    if not naming.error_links():
        naming.refuse(NOT_THERE)
    return _show(account, found, form, naming), REFUSED


def ask_about(allegation_id: UUID) -> Response:
    """Ask the victim or a force about one candidate."""
    here, account, named = site(), get_account(), find_signed(allegation_id)
    asks = request.form.get("asks", "")
    if asks not in ("victim", "force"):
        raise NotFound("There is no such question.")
    with here.database.transaction() as writing:
        ask(
            writing,
            allegation_id,
            request.form.get("record", 0, type=int),
            cast(Asks, asks),
            account=account,
            named=named,
            keyring=here.keyring,
            now=here.now(),
        )
    signed = sign_named(named.record_id, allegation_id) if named else None
    done = f"asked-{asks}"
    return redirect(
        url_for("oversight.case", allegation_id=allegation_id, named=signed, done=done), 303
    )


def agreement() -> str:
    """How far two readers of the same case agree."""
    with site().database.reading() as reading:
        found = agreement_of(reading)
    return render_template(
        "oversight/agreement.html", account=get_account(), words=words, found=found
    )


def find_shown(account: Account, allegation_id: UUID, look_id: UUID | None = None) -> Case:
    """The case of a page, with the record beside it that its address names, if there are too many
    to compare; with `look_id` only if it was named for that look. Raises NotFound.
    """
    with site().database.reading() as reading:
        found = _get(reading, account, allegation_id)
        named = find_signed(allegation_id, look_id)
        if named is None:
            return found
        try:
            return put_beside(reading, found, named, now=site().now())
        except Refused:
            # Decided on meanwhile: the page says what was.
            return found


def _get(session: Session, account: Account, allegation_id: UUID) -> Case:
    found = find_case(session, account, allegation_id)
    if found is None:
        raise NotFound("There is no such case, or it is not one of yours to see.")
    return found


def _decide(account: Account, found: Case, form: ReadForm) -> str:
    """What was done, as the next page says it; "" when it was refused, with the reason in the
    form.
    """
    here, allegation_id = site(), found.allegation.id
    gone = {one.record.id for one in found.proposed if is_gone(one.version)}
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


def _show(account: Account, found: Case, form: ReadForm, naming: NameForm | None = None) -> str:
    here = site()
    with here.database.reading() as reading:
        sides = [read_match(reading, one, keyring=here.keyring) for one in found.proposed]
        accepted = [read_match(reading, one, keyring=here.keyring) for one in found.accepted]
        refused = [read_match(reading, one, keyring=here.keyring) for one in found.refused]
        gone = [read_match(reading, one, keyring=here.keyring) for one in found.gone]
        asked = questions_about(reading, found.allegation, keyring=here.keyring)
        report = get_report(reading, found.allegation.report_id)
        page = {
            "candidates": sides,
            "accepted": accepted,
            "refused": refused,
            "gone": gone,
            "none_stands": all(is_gone(one.version) for one in found.proposed),
            "again": {one.record.id for one in can_look_again(reading, found)},
            "readings": readings_seen(reading, found, account, keyring=here.keyring),
            "asked": {(one.record_id, one.asks): one for one in asked},
            "to_ask": [
                {
                    "victim": words_for(kind_for(reading, one, "victim"), one.record.reference),
                    "force": words_for("record", one.record.reference)
                    if can_ask_force(reading, report.id, one.record.force_id)
                    else "",
                }
                for one in found.proposed
            ],
            "signed": {
                one.record_id: sign_named(one.record_id, found.allegation.id) for one in asked
            },
        }
    return render_template(
        "oversight/case.html",
        account=account,
        words=words,
        before=request.args.get("of", type=UUID),
        case=found,
        form=form,
        naming=naming or NameForm(formdata=None),
        named=sign_shown(found),
        report=report,
        waited=here.now() - (found.allegation.clock_starts_at or here.now()),
        is_decider=account.role in DECIDERS,
        is_mine=found.may_read(account),
        has_read=found.has_read(account),
        **page,
    )
