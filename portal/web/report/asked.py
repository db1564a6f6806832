"""A question to the person who comes back: whether a number of the police is for this report."""

from flask import redirect, render_template, request
from werkzeug.wrappers import Response

from portal.errors import Refused
from portal.languages.translating import lazy
from portal.matching.asking import answer_by_victim
from portal.matching.questions import Asked, to_answer
from portal.matching.zones import CALL
from portal.reports.models import Allegation
from portal.reports.safe_changes import was_just_opened
from portal.web.access import get_visit, site
from portal.web.choices import OneOf, Option
from portal.web.forms import PlainForm
from portal.web.report.blueprint import blueprint
from portal.web.report.opened import answers_now, read_opened
from portal.web.report.standing import name_of

_BACK = "/back/open"
_REFUSED = 400


class AskedForm(PlainForm):
    """Yes, no, or not known."""

    answer = OneOf(
        lazy("Your answer"),
        needed=lazy("Choose your answer"),
        options=(
            Option("yes", lazy("Yes")),
            Option("no", lazy("No")),
            Option("unknown", lazy("I don’t know")),
        ),
    )


@blueprint.get("/back/asked/<int:number>")
def asked(number: int) -> str | Response:
    """The question; one that was answered or taken back leads to where everything stands."""
    question = _find(number)
    if question is None:
        return redirect(_BACK, 303)
    return _page(AskedForm(), question)


@blueprint.post("/back/asked/<int:number>")
def asked_answer(number: int) -> Response | tuple[str, int]:
    """Keep the answer. Twice changes nothing more.

    The form says which question it showed: once one is answered, its number is the next one's.
    """
    form, here = AskedForm(), site()
    question = _find(number)
    if question is None or request.form.get("which") != str(question.id):
        return redirect(_BACK, 303)
    if not form.validate():
        return _page(form, question), _REFUSED
    try:
        with here.database.transaction() as session:
            answer_by_victim(
                session,
                get_visit().report_id,
                question.id,
                form["answer"].data,
                with_code=was_just_opened(get_visit(), here.now()),
                keyring=here.keyring,
                now=here.now(),
            )
    except Refused as refused:
        form.refuse(refused.message)
        return _page(form, question), _REFUSED
    return redirect(_BACK, 303)


def _page(form: AskedForm, question: Asked) -> str:
    with site().database.reading() as session:
        about = name_of(session.get_one(Allegation, question.allegation_id))
    return render_template(
        "report/asked.html",
        form=form,
        question=question,
        about=about,
        typed=_number_typed() if question.kind == CALL else "",
        can_say_yes=was_just_opened(get_visit(), site().now()),
    )


def _number_typed() -> str:
    """The one number that they typed, as they typed it: about a call nobody is asked who typed two,
    or corrected one.
    """
    told_how = answers_now(read_opened()).get("told_how") or {}
    return told_how.get("incident_number") or told_how.get("crime_reference") or ""


def _find(number: int) -> Asked | None:
    # An address stays in the browser's history: it names a place in the list, and no question.
    report = read_opened().report
    with site().database.reading() as session:
        return dict(enumerate(to_answer(session, report), 1)).get(number)
