"""The advocate's list, starting something for a person, and opening what was sent for them."""

from uuid import UUID

from flask import Blueprint, redirect, render_template, request
from werkzeug.wrappers import Response

from portal.evidence.listing import count_files
from portal.ledger.service import timeline
from portal.reports.caseload import Case, cases_of, get_case, open_case, start_case
from portal.reports.codes import make_code
from portal.reports.drafts import get_data_key, open_answers
from portal.reports.staff_messages import new_by_report
from portal.web.access import get_account, site
from portal.web.advocate import messages
from portal.web.advocate.cases import line, lines
from portal.web.advocate.forms import AgreedForm, ReasonForm
from portal.web.report import flow
from portal.web.report.contact_history import without_oversight
from portal.web.report.history import events
from portal.web.report.opened import open_visit, remember
from portal.web.report.since import since
from portal.web.report.standing import standings
from portal.web.report.summary import is_only_fraud, later, sections
from portal.web.shown_files import list_files, send_file

blueprint = Blueprint("advocate", __name__)

_REFUSED = 400
_PER_PAGE = 50


@blueprint.get("")
def cases() -> str:
    """The people who agreed, oldest first."""
    here, account = site(), get_account()
    page = max(1, request.args.get("page", 1, type=int))
    with here.database.reading() as reading:
        found = cases_of(reading, account.id, keyring=here.keyring)
        shown = found[(page - 1) * _PER_PAGE : page * _PER_PAGE]
        listed = lines(reading, shown, now=here.now())
        new = new_by_report(reading, account.id)
    return render_template(
        "advocate/cases.html",
        account=account,
        cases=listed,
        count=len(found),
        new=new,
        newer=page - 1 if page > 1 else None,
        older=page + 1 if page * _PER_PAGE < len(found) else None,
    )


@blueprint.route("/start", methods=["GET", "POST"])
def start() -> str | Response | tuple[str, int]:
    """Ask whether the person agrees; then make their draft and go on in their pages."""
    here, account = site(), get_account()
    form, status = AgreedForm(), 200
    if form.is_submitted():
        if form.validate():
            code = make_code(here.codes)
            with here.database.transaction() as writing:
                report = start_case(
                    writing, account=account, code=code, keyring=here.keyring, now=here.now()
                )
                token = open_visit(writing, report, code.text, now=report.created_at)
            remember(token)
            return redirect("/start/code", 303)
        status = _REFUSED
    return render_template("advocate/start.html", account=account, form=form), status


@blueprint.get("/<uuid:report_id>")
def case(report_id: UUID) -> str:
    """What the list says about one of them, and the question why it is opened."""
    return _ask(report_id, ReasonForm())


@blueprint.post("/<uuid:report_id>")
def open_one(report_id: UUID) -> str | tuple[str, int]:
    """Write down the look, commit it, and only then show what was sent and what happened."""
    form = ReasonForm()
    if not form.validate():
        return _ask(report_id, form), _REFUSED
    here, account = site(), get_account()
    with here.database.transaction() as writing:
        opened = open_case(
            writing,
            report_id,
            account=account,
            reason=form.said(),
            keyring=here.keyring,
            now=here.now(),
        )
    return _show(opened, form.said())


@blueprint.get("/files/<uuid:look_id>")
def files(look_id: UUID) -> str:
    """The files that were added to what was opened."""
    return list_files(look_id, "advocate/files.html")


@blueprint.post("/files/<uuid:look_id>/<int:number>")
def file(look_id: UUID, number: int) -> Response:
    """One of them, once the look at it was written."""
    return send_file(look_id, number)


def _ask(report_id: UUID, form: ReasonForm) -> str:
    here, account = site(), get_account()
    with here.database.reading() as reading:
        found = get_case(reading, account.id, report_id, keyring=here.keyring)
        listed = line(reading, found, now=here.now())
        new = new_by_report(reading, account.id).get(report_id, 0)
    return render_template("advocate/case.html", account=account, case=listed, form=form, new=new)


def _show(opened: Case, reason: str) -> str:
    here, now = site(), site().now()
    with here.database.reading() as reading:
        data_key = get_data_key(reading, opened.report.id, keyring=here.keyring)
        answers = open_answers(opened.report, data_key)
        entries = timeline(reading, opened.report.id, data_key.open)
        stands = standings(reading, opened.allegations, now=now)
        listed = line(reading, opened, now=now)
        count = count_files(reading, opened.report.id)
    return render_template(
        "advocate/opened.html",
        account=get_account(),
        case=listed,
        reason=reason,
        look_id=opened.look_id,
        files=count,
        sections=[
            *since(entries, now=now),
            *later(entries, now=now),
            *sections(answers, now=now),
        ],
        events=events(without_oversight(entries), parts=flow.count_allegations(answers)),
        standings=stands,
        only_fraud=is_only_fraud(answers),
    )


_THREAD = "/<uuid:report_id>/messages/<uuid:look_id>"
blueprint.add_url_rule("/messages", "messages", messages.messages)
blueprint.add_url_rule(
    "/<uuid:report_id>/messages", "open_messages", messages.open_messages, methods=("POST",)
)
blueprint.add_url_rule(_THREAD, "thread", messages.thread)
blueprint.add_url_rule(_THREAD, "answer", messages.answer, methods=("POST",))
