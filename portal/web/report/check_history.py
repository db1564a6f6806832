"""Why something needs a check, and what became of it, told from the ledger's entries."""

from collections.abc import Mapping
from typing import Any

from portal.languages.translating import _, lazy
from portal.web.report.said_history import ACTIONS, ALERTS

Fields = Mapping[str, Any]

_ALERTS = {
    "unrecorded": lazy(
        "We found no crime record for it in time, so we asked the people who watch over "
        "the police to check. It does not mean yet that a rule was broken."
    ),
    "recorded_late": lazy(
        "The police wrote it down as a crime after their time limit. We told the "
        "people who watch over the police."
    ),
    "backdated": lazy(
        "A police record appeared that was not there before, with an earlier time on it. "
        "We told the people who watch over the police."
    ),
    "vanished": lazy(
        "A police record that was there before is gone. We told the people who watch over "
        "the police."
    ),
    "undelivered": lazy(
        "We could not send the police a notice about it. It is in their inbox all the "
        "same, and their time limit counts."
    ),
}
_ALERT = lazy("We saw something that needs a check, and told the people who watch over the police.")

_ACTIONS = {
    "acknowledged": lazy("The people who watch over the police began to look at it."),
    "asked_the_force": lazy(
        "The people who watch over the police noted a question to the police force."
    ),
    "commented": lazy("The people who watch over the police made a note about it."),
    "proposed": lazy("Somebody in the police force proposed what to do about it."),
    "resolved": lazy("The people who watch over the police ended their check."),
    "match_accepted": lazy("We found a police crime record that fits, so the check ended."),
    "reopened": lazy("The police record no longer fits, so the check began again."),
    "became_full": lazy("No police record was accepted for it so far, so the check goes on."),
    "checked": lazy("The police force’s records now reach far enough, and it is not among them."),
    "reach_moved": lazy("The police force sent us more records; they do not reach far enough yet."),
}


def alert_words(fields: Fields) -> str:
    """Why something needs a check."""
    kind = str(fields.get("alert.kind", ""))
    return str(_ALERTS.get(kind) or ALERTS.get(kind) or _ALERT)


def action_words(fields: Fields) -> str:
    """What became of such a check."""
    action = str(fields.get("action", ""))
    return str(_ACTIONS.get(action) or ACTIONS.get(action) or _("The check of it was carried on."))
