"""A short survey that nobody has to answer: asked once after each milestone, gone when put away."""

from flask import redirect, render_template
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from portal.errors import Refused
from portal.languages.translating import lazy
from portal.ledger.service import OpenedEntry, timeline
from portal.reports.drafts import get_data_key
from portal.reports.milestones import Reached, reached, waiting
from portal.reports.models import Report
from portal.reports.service import allegations_of
from portal.reports.surveys import ITEMS, answer_survey, dismiss_survey, done_with
from portal.web.access import get_visit, site
from portal.web.choices import OneOf, Option
from portal.web.forms import PlainForm
from portal.web.report.blueprint import blueprint
from portal.web.report.opened import read_opened

_BACK = "/back/open"
_REFUSED = 400
_POINTS = (
    Option("5", lazy("Yes, fully")),
    Option("4", lazy("Yes, mostly")),
    Option("3", lazy("In between")),
    Option("2", lazy("No, not really")),
    Option("1", lazy("No, not at all")),
    Option("0", lazy("I would rather not say")),
)


class SurveyForm(PlainForm):
    """Six questions in the field's own items, each with five points. Every one may stay empty."""

    informed = OneOf(lazy("Have the police kept you informed?"), options=_POINTS)
    fairly = OneOf(lazy("Have the police treated you fairly?"), options=_POINTS)
    respect = OneOf(lazy("Have the police treated you with respect?"), options=_POINTS)
    believed = OneOf(lazy("Have the police believed you?"), options=_POINTS)
    investigated = OneOf(lazy("Have the police looked into it thoroughly?"), options=_POINTS)
    again = OneOf(lazy("Would you report a crime to the police again?"), options=_POINTS)

    def chosen(self) -> dict[str, int]:
        """The points by item, for those that were answered."""
        return {item: int(self[item].data) for item in ITEMS if self[item].data}


def find_survey(
    session: Session, report: Report, entries: list[OpenedEntry]
) -> tuple[Reached | None, list[Reached]]:
    """The milestone that is asked about now, None for none, and all that were reached."""
    if report.withdrawn_at is not None:
        return None, []
    found = reached([(one.kind, one.at, one.fields) for one in entries], now=site().now())
    done = done_with(session, report.id, keyring=site().keyring)
    return waiting(found, done), found


@blueprint.get("/back/how")
def survey() -> Response | str:
    """The questions, while there is a milestone to ask about."""
    if _find()[0] is None:
        return redirect(_BACK, 303)
    return render_template("report/survey.html", form=SurveyForm())


@blueprint.post("/back/how")
def survey_answered() -> Response | tuple[str, int]:
    """Count the answers. Pressed twice, they count once."""
    form, here = SurveyForm(), site()
    now_asked, found, force_id = _find()
    if now_asked is None:
        return redirect(_BACK, 303)
    if form.validate() and not form.chosen():
        form.refuse(str(_NOTHING))
    if form.error_links():
        return render_template("report/survey.html", form=form), _REFUSED
    try:
        with here.database.transaction() as session:
            answer_survey(
                session,
                get_visit().report_id,
                now_asked.milestone,
                form.chosen(),
                force_id=now_asked.force_id or force_id,
                passed=[one.milestone for one in found],
                keyring=here.keyring,
                now=here.now(),
            )
    except Refused as refused:
        form.refuse(refused.message)
        return render_template("report/survey.html", form=form), _REFUSED
    return redirect(f"{_BACK}?done=5", 303)


@blueprint.post("/back/how/no")
def survey_dismissed() -> Response:
    """Put it away for good."""
    now_asked, found, _force = _find()
    if now_asked is not None:
        with site().database.transaction() as session:
            dismiss_survey(
                session,
                get_visit().report_id,
                now_asked.milestone,
                passed=[one.milestone for one in found],
                keyring=site().keyring,
            )
    return redirect(_BACK, 303)


_NOTHING = lazy("Nothing was chosen. Answer one of them, or choose not to be asked")


def _find() -> tuple[Reached | None, list[Reached], str]:
    """What is asked now, what was reached, and the force of the first part, "" for none."""
    report = read_opened().report
    if report.state == "draft":
        return None, [], ""
    with site().database.reading() as session:
        data_key = get_data_key(session, report.id, keyring=site().keyring)
        entries = timeline(session, report.id, data_key.open)
        now_asked, found = find_survey(session, report, entries)
        first = allegations_of(session, report.id)[0]
    return now_asked, found, first.force_id or ""
