"""Pages on which a person says what is wrong with what the police made of it, or takes it back."""

from flask import redirect, render_template
from werkzeug.wrappers import Response

from portal.errors import Refused
from portal.matching.statements import StatementSeen, statements_of
from portal.matching.stating import state, take_back
from portal.web.access import get_visit, site
from portal.web.report.blueprint import blueprint
from portal.web.report.forms_said import SaidForm
from portal.web.report.opened import read_opened
from portal.web.report.saying import (
    SAYS,
    WAYS,
    Part,
    find_part,
    find_standing,
    parts_of,
    records_for,
)

_BACK = "/back/open"
_REFUSED = 400
Page = str | Response | tuple[str, int]


@blueprint.get("/back/say/<word>/<int:part>")
def say(word: str, part: int) -> Page:
    """Ask what the person wants to say; what cannot be said now leads back."""
    found = _find(word, part)
    if found is None:
        return redirect(_BACK, 303)
    return _page(word, found, _form(word, found))


@blueprint.post("/back/say/<word>/<int:part>")
def say_now(word: str, part: int) -> Page:
    """Put it on record. Pressed twice, it is said once."""
    found, here = _find(word, part), site()
    if found is None:
        return redirect(_BACK, 303)
    form = _form(word, found)
    if not form.validate():
        return _page(word, found, form), _REFUSED
    try:
        with here.database.transaction() as session:
            state(
                session,
                get_visit().report_id,
                part,
                form.kind(WAYS[word].kind),
                reference=form.reference([one.reference for one in records_for(found, word)]),
                details=form.details(),
                keyring=here.keyring,
                now=here.now(),
            )
    except Refused as refused:
        form.refuse(refused.message)
        return _page(word, found, form), _REFUSED
    return redirect(f"{_BACK}?done=3#said", 303)


@blueprint.get("/back/say/undo/<int:number>")
def unsay(number: int) -> Page:
    """What taking it back does, and what it does not."""
    found = _find_said(number)
    if found is None:
        return redirect(_BACK, 303)
    return render_template("report/unsay.html", one=found, number=number, words=SAYS[found.kind])


@blueprint.post("/back/say/undo/<int:number>")
def unsay_now(number: int) -> Page:
    """Take it back. Twice changes nothing more."""
    found, here = _find_said(number), site()
    if found is None:
        return redirect(_BACK, 303)
    try:
        with here.database.transaction() as session:
            take_back(
                session,
                get_visit().report_id,
                found.id,
                keyring=here.keyring,
                now=here.now(),
            )
    except Refused:
        # Withdrawn meanwhile: the page that follows says so.
        return redirect(_BACK, 303)
    return redirect(f"{_BACK}?done=4#said", 303)


def _find(word: str, ordinal: int) -> Part | None:
    report = read_opened().report
    if word not in WAYS or report.state == "draft":
        return None
    with site().database.reading() as session:
        return find_part(parts_of(session, report), word, ordinal)


def _find_said(number: int) -> StatementSeen | None:
    report = read_opened().report
    if report.withdrawn_at is not None:
        return None
    with site().database.reading() as session:
        statements = statements_of(session, report.id, keyring=site().keyring)
    return find_standing(statements, number)


def _form(word: str, part: Part) -> SaidForm:
    form = WAYS[word].form()
    form.offer([one.reference for one in records_for(part, word)])
    return form


def _page(word: str, part: Part, form: SaidForm) -> str:
    return render_template(
        "report/say.html", word=word, part=part, records=records_for(part, word), form=form
    )
