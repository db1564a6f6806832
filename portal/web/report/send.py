"""Checking the answers, sending them once, and the receipt."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import Response as FlaskResponse
from flask import redirect, render_template, request
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from portal.errors import NotFound, Refused
from portal.evidence.listing import count_files
from portal.evidence.sending import send as send_with_files
from portal.languages.translating import _
from portal.ledger import verify
from portal.ledger.policy import policy_of
from portal.ledger.receipt import Receipt, to_bytes
from portal.ledger.service import make_receipt
from portal.reports.drafts import code_was_kept, get_data_key, get_report, save_answers
from portal.reports.models import Report
from portal.reports.visits import forget_code
from portal.web.access import get_visit, site
from portal.web.report import flow
from portal.web.report.blueprint import blueprint
from portal.web.report.opened import Opened, read_opened, set_aside, shown_code
from portal.web.report.steps import step_of, title_of
from portal.web.report.summary import is_only_fraud, names_sexual, sections

WITHOUT_ANSWERS = ("kind", "at", "subject", "sequence", "previous")
"""What every entry holds, whatever it is about."""


@blueprint.get("/start/check")
def check() -> Response | str:
    """Every answer, each with a link to change it, and the button that sends."""
    opened = read_opened()
    if not opened.is_draft:
        return redirect("/start/done", 303)
    place = flow.resume(opened.answers)
    if place.page.name != flow.CHECK:
        return redirect(place.address, 303)
    typed = opened.typed(flow.CHECK)
    step, steps = step_of(place)
    with site().database.reading() as session:
        files = count_files(session, opened.report.id)
    return render_template(
        "report/check.html",
        title=title_of(place),
        step=step,
        steps=steps,
        sections=sections(opened.answers, now=site().now()),
        way=flow.chosen_way(opened.answers),
        files=files,
        problem=typed.get("problem", "") if typed else "",
    )


@blueprint.post("/start/check")
def send() -> Response:
    """Send it. Pressed twice, or again after going back, it is one report and one receipt."""
    opened = read_opened()
    place = flow.resume(opened.answers)
    if opened.is_draft and place.page.name != flow.CHECK:
        return redirect(place.address, 303)
    try:
        with site().database.transaction() as session:
            _submit(session, opened)
    except Refused as refused:
        set_aside(flow.CHECK, [("problem", refused.message)])
        return redirect("/start/check", 303)
    return redirect("/start/done", 303)


@blueprint.get("/start/done")
def done() -> Response | str:
    """That it is on record, since when, what the receipt proves, and the return code apart."""
    opened = read_opened()
    if opened.is_draft:
        return redirect("/start/check", 303)
    proof = read_proof(opened.report)
    return render_template(
        "report/done.html",
        report=opened.report,
        way=opened.report.state,
        proof=proof,
        is_sexual=names_sexual(opened.answers),
        only_fraud=is_only_fraud(opened.answers),
        groups=shown_code(opened.report),
    )


@blueprint.get("/start/receipt")
def receipt() -> FlaskResponse:
    """The receipt file of what was sent."""
    opened = read_opened()
    if opened.report.entry_index is None:
        raise NotFound(_("There is no receipt yet, because this was not sent."))
    return receipt_file(opened.report, opened.report.entry_index, "receipt-long.json")


@blueprint.get("/start/receipt/short")
def short_receipt() -> FlaskResponse:
    """The receipt file that shows none of the answers: that an entry is there, and since when."""
    opened = read_opened()
    if opened.report.entry_index is None:
        raise NotFound(_("There is no receipt yet, because this was not sent."))
    index = opened.report.entry_index
    return receipt_file(opened.report, index, "receipt.json", names=WITHOUT_ANSWERS)


@blueprint.post("/start/code-kept")
def code_kept() -> Response:
    """The person kept the return code: it is not shown again, and no copy stays."""
    report_id = get_visit().report_id
    with site().database.transaction() as session:
        code_was_kept(session, report_id, now=site().now())
        forget_code(session, report_id)
    return redirect(
        "/back/open?done=2" if request.args.get("then") == "back" else "/start/done", 303
    )


@dataclass(frozen=True)
class Proof:
    """A receipt as the verifier judges it under this log's own policy."""

    entry: int
    log: str
    verdict: verify.Verdict

    @property
    def holds(self) -> bool:
        """Whether the receipt proves that the entry is in the list."""
        return self.verdict.code == verify.PROVED

    @property
    def is_timed(self) -> bool:
        """Whether witnesses vouch for a time."""
        return self.verdict.not_after is not None


def read_proof(report: Report) -> Proof | None:
    """What the receipt of a sent report proves; None for a draft."""
    if report.entry_index is None:
        return None
    return prove(read_receipt(report, report.entry_index))


def prove(receipt: Receipt) -> Proof:
    """What a receipt proves under this log's own policy."""
    data = to_bytes(receipt)
    verdict = verify.judge(data, policy_of(site().signer, site().witnesses))
    if verdict.code != verify.PROVED:
        # The witnesses have yet to see it: it stands in the log all the same.
        verdict = verify.judge(data, policy_of(site().signer))
    return Proof(verdict.entry_index or 0, verdict.origin or site().signer.name, verdict)


def read_receipt(report: Report, index: int, names: Sequence[str] | None = None) -> Receipt:
    """The receipt of one entry of a report, showing `names`, or all that its person may show."""
    with site().database.reading() as session:
        data_key = get_data_key(session, report.id, keyring=site().keyring)
        return make_receipt(
            session, index, open_sealed=data_key.open, signer=site().signer, names=names
        )


def receipt_file(
    report: Report, index: int, name: str, *, names: Sequence[str] | None = None
) -> FlaskResponse:
    """The receipt of one entry of a report, to be saved under a name that tells nothing.

    `names` are the fields that it shows; without them, all that its person may show.
    """
    data = to_bytes(read_receipt(report, index, names))
    return attachment(data, name, "application/json")


def attachment(data: bytes, name: str, mimetype: str) -> FlaskResponse:
    """A file to be saved, under a name that tells nothing."""
    response = FlaskResponse(data, mimetype=mimetype)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _submit(session: Session, opened: Opened) -> None:
    report_id, keys, now = opened.report.id, site().keyring, site().now()
    # Answers to questions that a later answer took away were not on the page that was checked.
    if get_report(session, report_id, lock=True).state == "draft":
        for key in flow.left_over(opened.answers):
            save_answers(session, report_id, key, {}, keyring=keys, now=now)
    send_with_files(session, report_id, keyring=keys, now=now)
