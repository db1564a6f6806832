"""Coming back with the return code: what was sent, and what happened since."""

from collections.abc import Sequence

from flask import Response as FlaskResponse
from flask import redirect, render_template, request
from flask import session as cookie
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from portal.errors import Busy, NotFound
from portal.languages.translating import lazy
from portal.ledger.cosignatures import is_witnessed
from portal.ledger.service import timeline
from portal.matching.questions import to_answer
from portal.matching.statements import statements_of
from portal.reports import states
from portal.reports.code_changes import Used, code_was_used, find_change
from portal.reports.codes import WrongCode, key_material, parse_code
from portal.reports.drafts import get_data_key
from portal.reports.looks import looks_at
from portal.reports.models import Report
from portal.reports.service import allegations_of
from portal.reports.visits import end_visit, open_with_code, openings_of
from portal.web import carry
from portal.web.access import get_visit, site
from portal.web.report import flow
from portal.web.report.blueprint import blueprint
from portal.web.report.closing_page import closing_page
from portal.web.report.forms_code import CodeForm
from portal.web.report.history import events, is_unbroken, looker
from portal.web.report.opened import Opened, open_visit, read_opened, remember, shown_code
from portal.web.report.opening_parts import opening_parts
from portal.web.report.own_entries import own_index
from portal.web.report.own_history import recent
from portal.web.report.saying import parts_of, standing_of
from portal.web.report.send import receipt_file
from portal.web.report.since import since
from portal.web.report.standing import standings
from portal.web.report.steps import step_of
from portal.web.report.summary import is_only_fraud, later, names_sexual, sections
from portal.web.report.survey import find_survey

_OFFERED = (
    states.Move.TOLD,
    states.Move.PASS,
    states.Move.WITHDRAW,
    states.Move.TAKE_UP,
    states.Move.ADD,
    states.Move.CORRECT,
)
DONE = {
    "added": lazy("It is added to what you sent."),
    "corrected": lazy("It is corrected. What you wrote at first stays too."),
    "taken-up": lazy("You took it up again."),
    "kept": lazy("You kept it. It is not erased."),
}
"""What has just been done, in a sentence on top of the page that follows."""
_NOT_THIS = lazy(
    "That is not the code of what is open here. Check each group of five and try again."
)


@blueprint.get("/back")
def back() -> str:
    """Ask for the return code."""
    return render_template("report/back.html", form=CodeForm())


@blueprint.post("/back")
def open_again() -> Response | tuple[str, int]:
    """Open what the code belongs to. A wrong code is said to be wrong, and nothing more."""
    form = CodeForm()
    if not form.validate():
        return render_template("report/back.html", form=form), 400
    try:
        token = visit_with(str(form["code"].data))
    except (WrongCode, NotFound) as error:
        form.refuse(error.message, "code")
        return render_template("report/back.html", form=form), 400
    except Busy as busy:
        form.refuse(busy.message)
        return render_template("report/back.html", form=form), 503
    remember(token)
    return redirect("/back/open", 303)


def visit_with(typed: str) -> str:
    """Start a visit to what a typed return code opens; its token.

    Raises WrongCode for what cannot be a code, and NotFound for one that opens nothing.
    """
    report, used = find_opened(typed)
    code = None if report.code_kept_at else parse_code(typed)
    with site().database.transaction() as session:
        code_was_used(session, report.id, used, keyring=site().keyring, now=site().now())
        return open_visit(session, report, code, now=site().now())


def find_opened(typed: str) -> tuple[Report, Used]:
    """The report that a typed return code opens, and what was worked out of the code.

    Raises WrongCode, NotFound and Busy.
    """
    # The slow hash runs before any transaction: no other writer waits for it.
    with site().database.reading() as session:
        report = open_with_code(
            session, typed, codes=site().codes, keyring=site().keyring, now=site().now()
        )
    secret = key_material(typed)
    return report, Used(site().codes.digest_typed(secret), site().codes.tag(secret))


def find_used(typed: str) -> Used:
    """What was worked out of a code that was typed once more, for what is open here.

    Raises WrongCode, NotFound and Busy.
    """
    report, used = find_opened(typed)
    if report.id != get_visit().report_id:
        raise NotFound(_NOT_THIS)
    return used


@blueprint.get("/back/open")
def report() -> str:
    """What was sent and what happened since; for a draft, how to go on."""
    opened = read_opened()
    if opened.report.erase_asked_at is not None:
        return closing_page(opened.report)
    if opened.is_draft:
        step, steps = step_of(flow.resume(opened.answers, opened.unfinished))
        return render_template(
            "report/draft.html",
            report=opened.report,
            sections=sections(opened.answers, now=site().now()) if step > 1 else [],
            step=step,
            steps=steps,
        )
    return _report_page(opened)


def _report_page(opened: Opened) -> str:
    keys, now, sent = site().keyring, site().now(), opened.report
    with site().database.reading() as session:
        data_key = get_data_key(session, sent.id, keyring=keys)
        entries = timeline(session, sent.id, data_key.open)
        looks = looks_at(session, sent.id, keyring=keys)
        openings = openings_of(session, sent)
        change = find_change(session, sent.id)
        asked = to_answer(session, sent)
        saying = parts_of(session, sent)
        said = standing_of(statements_of(session, sent.id, keyring=keys))
        survey, _reached = find_survey(session, sent, entries)
        only_fraud = is_only_fraud(opened.answers)
        about = allegations_of(session, sent.id)
        stand = standings(session, about, now=now, only_fraud=only_fraud)
        parts = opening_parts(session, sent, entries, openings, now=now)
        witnessed = _witnessed(session, [entry.index for entry in entries])
    return render_template(
        "report/report.html",
        report=sent,
        change=change,
        asked=asked,
        saying=saying,
        said=said,
        survey=survey,
        **parts,
        sections=sections(opened.answers, now=now),
        later=later(entries, now=now),
        since=since(entries, now=now, parts=flow.count_allegations(opened.answers)),
        recent=recent(entries, now=now),
        done=DONE.get(request.args.get("done", "")),
        events=events(entries, parts=flow.count_allegations(opened.answers), witnessed=witnessed),
        unbroken=is_unbroken(entries),
        looks=[(look.at, looker(look.role, look.organisation), look.reason) for look in looks],
        openings=openings,
        standings=stand,
        moves=lawful_moves(opened),
        groups=shown_code(sent),
        is_sexual=names_sexual(opened.answers),
        only_fraud=only_fraud,
    )


def _witnessed(session: Session, indices: Sequence[int]) -> dict[int, bool]:
    """Which entries others outside vouch for; none is named where nobody is asked to."""
    if site().witnesses is None:
        return {}
    return {index: is_witnessed(session, index) for index in indices}


def lawful_moves(opened: Opened) -> set[str]:
    """What the person can still do: "told", "pass", "withdraw", "take_up", "add", "correct"."""
    sent = opened.report
    withdrawn = sent.withdrawn_at is not None
    found = {str(move) for move in _OFFERED if states.can(sent.state, move, withdrawn=withdrawn)}
    return found if opened.agreed else found - {"pass"}


@blueprint.get("/back/receipt/<int:number>")
def entry_receipt(number: int) -> FlaskResponse:
    """The receipt of one entry about this report. Another report's entry is not found."""
    opened = read_opened()
    index = own_index(opened.report, number)
    return receipt_file(opened.report, index, f"receipt-{index}.json")


@blueprint.post("/back/close")
def close() -> Response:
    """End the visit: whoever sits here next needs the code again."""
    get_visit()
    with site().database.transaction() as session:
        end_visit(session, cookie["visit"], now=site().now())
    cookie.pop("visit", None)
    return redirect("/", 303)


@blueprint.post("/back/again")
def again() -> Response:
    """Open the visit again and send on what was typed when it had ended."""
    address, kept = carry.carried_address(), carry.kept_fields()
    try:
        token = visit_with(request.form.get(carry.CODE_FIELD, ""))
    except (WrongCode, NotFound, Busy) as error:
        return carry.code_page(address, kept, error.message)
    remember(token)
    # 307: the browser sends the same form again, to the address that it was meant for.
    return redirect(address, 307)
