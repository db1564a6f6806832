"""One alert: what it rests on, what is done about it, its proof, and opening what was written."""

from uuid import UUID

from flask import Response, redirect, render_template, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as AnyResponse

from portal.accounts.models import Account
from portal.alerts.findings import say
from portal.alerts.lifecycle import act, get_alert
from portal.alerts.models import Alert
from portal.errors import NotAllowed, NotFound, Refused
from portal.ledger.receipt import to_bytes
from portal.oversight.details import AlertDetail, find_opened, make_proof, read_alert
from portal.reports.closed import is_closed
from portal.reports.drafts import get_report
from portal.reports.looks import look
from portal.reports.models import Allegation, Report
from portal.web.access import DECIDERS, get_account, site
from portal.web.oversight import words
from portal.web.oversight.forms import ActForm, OpenForm
from portal.web.oversight.opening import take_reason
from portal.web.report.latest_way import with_latest
from portal.web.report.saying import said_sections
from portal.web.report.since import since
from portal.web.report.summary import later, sections

REFUSED = 422
Page = str | AnyResponse | tuple[str, int]


def alert(alert_id: UUID) -> Page:
    """An alert with all that it rests on; doing something about it."""
    account = get_account()
    detail = _read(account, alert_id)
    form = ActForm()
    form.offer(_actions(account, detail))
    if not form.is_submitted():
        return _show(account, detail, form)
    if form.validate() and _act(account, alert_id, form):
        done = form["action"].data
        return redirect(url_for("oversight.alert", alert_id=alert_id, done=done), 303)
    # Somebody else may have changed it meanwhile, and then less can be done.
    detail = _read(account, alert_id)
    form.offer(_actions(account, detail))
    return _show(account, detail, form), REFUSED


def proof(alert_id: UUID) -> Page:
    """The receipt of the entry that raised an alert, as a file."""
    here = site()
    with here.database.reading() as reading:
        found = get_alert(reading, get_account(), alert_id)
        made = make_proof(reading, found, keyring=here.keyring, signer=here.signer)
    response = Response(to_bytes(made), mimetype="application/json")
    name = f"receipt-{found.entry_index}.json"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def open_report(alert_id: UUID) -> Page:
    """Ask for the reason; write the look; only then lead to what it shows."""
    here, account, form = site(), get_account(), OpenForm()
    with here.database.reading() as reading:
        found = get_alert(reading, account, alert_id)
        report = _report_of(reading, found)
    if made := take_reason(form, look, report.id):
        return redirect(url_for("oversight.opened", alert_id=alert_id, look_id=made.id), 303)
    html = render_template(
        "oversight/open.html",
        account=account,
        form=form,
        here="alerts",
        back=(url_for("oversight.alert", alert_id=alert_id), "Back to the alert"),
        withdrawn=is_closed(report),
        erasing=report.erase_asked_at is not None,
    )
    return (html, REFUSED) if form.error_links() else html


def opened(alert_id: UUID, look_id: UUID) -> Page:
    """What a person wrote, for a look that was written before; then the reason is asked anew."""
    here, account = site(), get_account()
    with here.database.reading() as reading:
        found = get_alert(reading, account, alert_id)
        report = _report_of(reading, found)
        content = find_opened(
            reading, look_id, report.id, account=account, keyring=here.keyring, now=here.now()
        )
    if content is None:
        return redirect(url_for("oversight.open_report", alert_id=alert_id), 303)
    return render_template(
        "oversight/opened.html",
        account=account,
        words=words,
        here="alerts",
        back=(url_for("oversight.alert", alert_id=alert_id), "Back to the alert"),
        content=content,
        look_id=look_id,
        messages=url_for("oversight.thread", report_id=report.id, look_id=look_id),
        candidates=(),
        sections=[
            *said_sections(content.statements),
            *since(content.entries, now=here.now()),
            *later(content.entries, now=here.now()),
            *with_latest(
                sections(content.answers, now=report.filed_at or here.now()), content.entries
            ),
        ],
    )


def _read(account: Account, alert_id: UUID) -> AlertDetail:
    here = site()
    with here.database.reading() as reading:
        found = get_alert(reading, account, alert_id)
        return read_alert(reading, found, keyring=here.keyring, now=here.now())


def _actions(account: Account, detail: AlertDetail) -> list[str]:
    """What this person can do about it now. An alert outlives the report that it is about."""
    if detail.alert.state == "resolved":
        return ["comment"]
    if account.role not in DECIDERS:
        return ["comment", "propose"]
    first = ["acknowledge"] if detail.alert.state == "open" else []
    return [*first, "ask", "comment", "propose", "resolve"]


def _act(account: Account, alert_id: UUID, form: ActForm) -> bool:
    here = site()
    try:
        with here.database.transaction() as writing:
            act(
                writing,
                alert_id,
                form["action"].data,
                account=account,
                reason=form["reason"].data,
                keyring=here.keyring,
                now=here.now(),
            )
    except (Refused, NotAllowed) as refused:
        form.refuse(refused.message)
        return False
    return True


def _show(account: Account, detail: AlertDetail, form: ActForm) -> str:
    found = detail.alert
    return render_template(
        "oversight/alert.html",
        account=account,
        words=words,
        detail=detail,
        alert=found,
        said=words.ERASED
        if detail.is_erased
        else say(found.kind, found.facts, lead=found.stage == "lead"),
        form=form,
        can_open=detail.report is not None and not detail.is_erased and account.role in DECIDERS,
        can_decide=account.role in DECIDERS,
        now=site().now(),
    )


def _report_of(reading: Session, found: Alert) -> Report:
    if found.allegation_id is None:
        raise NotFound("This alert is about a force, so there is nothing to open.")
    report = get_report(reading, reading.get_one(Allegation, found.allegation_id).report_id)
    if report.erased_at is not None:
        raise NotFound("The person it belonged to had it erased, so there is nothing to open.")
    return report
