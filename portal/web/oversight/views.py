"""The addresses under /oversight."""

from flask import Blueprint

from portal.web.oversight import alert, lists, matches

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
blueprint.add_url_rule("/matches", "matches", matches.matches)
blueprint.add_url_rule("/matches/<uuid:match_id>", "match", matches.match, methods=("GET", "POST"))
