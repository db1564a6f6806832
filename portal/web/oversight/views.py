"""The addresses under /oversight."""

from flask import Blueprint

from portal.web.oversight import (
    again,
    alert,
    case_opened,
    confidence,
    files,
    lists,
    messages,
    review,
)

blueprint = Blueprint("oversight", __name__)

blueprint.add_url_rule("", "start", lists.start)
blueprint.add_url_rule("/alerts", "alerts", lists.alerts)
blueprint.add_url_rule("/unmatched", "unmatched", lists.unmatched)
blueprint.add_url_rule("/alerts/<uuid:alert_id>", "alert", alert.alert, methods=("GET", "POST"))
blueprint.add_url_rule("/alerts/<uuid:alert_id>/proof", "proof", alert.proof)
blueprint.add_url_rule(
    "/alerts/<uuid:alert_id>/open", "open_report", alert.open_report, methods=("GET", "POST")
)
blueprint.add_url_rule("/alerts/<uuid:alert_id>/open/<uuid:look_id>", "opened", alert.opened)
blueprint.add_url_rule("/files/<uuid:look_id>", "files", files.files)
blueprint.add_url_rule("/files/<uuid:look_id>/<int:number>", "file", files.file, methods=("POST",))
blueprint.add_url_rule("/said", "confidence", confidence.confidence_page)
_CASE = "/review/<uuid:allegation_id>"
blueprint.add_url_rule("/review", "review", review.review)
blueprint.add_url_rule("/review/agreement", "agreement", review.agreement)
blueprint.add_url_rule(_CASE, "case", review.case, methods=("GET", "POST"))
blueprint.add_url_rule(f"{_CASE}/beside", "name_record", review.name_record, methods=("POST",))
blueprint.add_url_rule(f"{_CASE}/again", "again", again.again, methods=("GET", "POST"))
blueprint.add_url_rule(f"{_CASE}/open", "open_case", case_opened.open_case, methods=("GET", "POST"))
blueprint.add_url_rule(f"{_CASE}/open/<uuid:look_id>", "case_opened", case_opened.case_opened)
_MESSAGES = "/messages/<uuid:report_id>"
blueprint.add_url_rule("/messages", "messages", messages.messages)
blueprint.add_url_rule(_MESSAGES, "ask_messages", messages.ask_messages, methods=("GET", "POST"))
blueprint.add_url_rule(f"{_MESSAGES}/<uuid:look_id>", "thread", messages.thread)
blueprint.add_url_rule(f"{_MESSAGES}/<uuid:look_id>", "answer", messages.answer, methods=("POST",))
