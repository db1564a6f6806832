"""Correcting an answer: the line is chosen, asked anew on its own page, checked, put on record."""

from typing import Any, NamedTuple

from flask import redirect, render_template, request
from werkzeug.wrappers import Response

from portal.errors import NotFound, Refused
from portal.languages.translating import _
from portal.reports.corrections import (
    OF_ALL,
    OF_EACH,
    can_correct,
    correct,
    page_in,
    path_of,
)
from portal.web.access import get_visit, site
from portal.web.carry import kept_fields
from portal.web.report import flow
from portal.web.report.blueprint import blueprint
from portal.web.report.forms_event import grouped_categories
from portal.web.report.opened import Opened, answers_now, ask_again, read_opened, set_aside
from portal.web.report.page_form import Around, PageForm
from portal.web.report.questions import FORMS
from portal.web.report.since import NAMES, page_lines
from portal.web.report.summary import Line, Section

_SENT, _LIST, _PROBLEM = "/back/open", "/back/correct", "problem"
_PAGES = {name: page for page, name in NAMES.items()}


class Place(NamedTuple):
    """A page of what was sent: its key, the allegation (0: all), and the answers as they hold."""

    page: str
    name: str
    number: int
    answers: dict[str, Any]

    @property
    def address(self) -> str:
        """Where it is corrected."""
        return f"{_LIST}/{self.number}/{self.name}"

    @property
    def line(self) -> int:
        """Which line of the list it is, from 1: the pages' titles tell no more."""
        each, told = len(OF_EACH), flow.count_allegations(self.answers)
        if self.number:
            return (self.number - 1) * each + OF_EACH.index(self.page) + 1
        return told * each + OF_ALL.index(self.page) + 1

    @property
    def kept_as(self) -> str:
        """Under which name what was typed there is kept."""
        return f"correct/{self.number}/{self.page}"


@blueprint.get("/back/correct")
def correct_list() -> Response | str:
    """Every line that can be corrected, as it holds now."""
    opened = read_opened()
    if opened.is_draft:
        return redirect(_SENT, 303)
    answers = answers_now(opened)
    told, now = flow.count_allegations(answers), site().now()
    numbered = [(page, number) for number in range(1, told + 1) for page in OF_EACH]
    sections: dict[str, list[Line]] = {}
    for page, number in [*numbered, *((page, 0) for page in OF_ALL)]:
        if can_correct(opened.report, page, number, told):
            place = Place(page, NAMES[page], number, answers)
            title = _title(number, told)
            boxes = page_in(answers, page, number)
            lines = page_lines(path_of(page, number), boxes, now=now)
            sections.setdefault(title, []).extend(
                Line(line.key, line.value, place.address) for line in lines
            )
    found = [Section(title, lines) for title, lines in sections.items()]
    return render_template("report/correct.html", sections=found, report=opened.report)


@blueprint.get("/back/correct/<int:number>/<name>")
def correct_page(number: int, name: str) -> Response | str:
    """The same question once more, filled with what holds now."""
    opened = read_opened()
    place = _place(opened, number, name)
    typed = opened.typed(place.kept_as)
    form = _form(place, opened)
    if typed and _PROBLEM in typed:
        form.refuse(typed[_PROBLEM])
    answers = place.answers
    return render_template(
        f"report/pages/{place.page}.html",
        correcting=True,
        line=place.line,
        form=form,
        around=form.around,
        number=number,
        answers=answers,
        back=_LIST,
        then="",
        groups=grouped_categories() if place.page == "what" else [],
        is_other=flow.for_someone_else(answers),
        police=flow.police_involved(answers),
    )


@blueprint.post("/back/correct/<int:number>/<name>")
def correct_answer(number: int, name: str) -> Response:
    """Set what was typed aside, to be checked before it is put on record."""
    opened = read_opened()
    place = _place(opened, number, name)
    if not _form(place, opened).validate():
        return ask_again(place.kept_as)
    set_aside(place.kept_as, [each for each in kept_fields() if each[0] != _PROBLEM])
    return redirect(f"{place.address}/check", 303)


@blueprint.get("/back/correct/<int:number>/<name>/check")
def correct_check(number: int, name: str) -> Response | str:
    """What stood there, what is going to stand there, and what a correction does not do."""
    opened = read_opened()
    place = _place(opened, number, name)
    form = _typed_rightly(place, opened)
    if form is None:
        return redirect(place.address, 303)
    now, path = site().now(), path_of(place.page, place.number)
    before = page_lines(path, page_in(place.answers, place.page, place.number), now=now)
    after = page_lines(path, form.values(), now=now)
    return render_template(
        "report/correct_check.html",
        place=place,
        before=Section(_("What stands there now"), before),
        after=Section(_("What you correct it to"), after),
        is_followed=opened.report.state != "kept",
    )


@blueprint.post("/back/correct/<int:number>/<name>/check")
def correct_send(number: int, name: str) -> Response:
    """Put the right answer on record. Pressed twice, it is corrected once."""
    opened, here = read_opened(), site()
    place = _place(opened, number, name)
    form = _typed_rightly(place, opened)
    if form is None:
        return redirect(_SENT, 303)
    try:
        with here.database.transaction() as session:
            correct(
                session,
                get_visit().report_id,
                place.page,
                number,
                form.values(),
                keyring=here.keyring,
                now=here.now(),
            )
    except Refused as refused:
        typed = opened.typed(place.kept_as)
        kept = [*typed.items(multi=True)] if typed else []
        set_aside(place.kept_as, [*kept, (_PROBLEM, refused.message)])
        return redirect(place.address, 303)
    set_aside(place.kept_as, None)
    return redirect(f"{_SENT}?done=corrected", 303)


def _title(number: int, told: int) -> str:
    if not number:
        return _("The whole of it")
    return _("What happened") if told == 1 else _("What happened, part %(number)s", number=number)


def _place(opened: Opened, number: int, name: str) -> Place:
    """Raises NotFound for what was not sent yet, and for a page that cannot be corrected."""
    page = _PAGES.get(name, "")
    if opened.is_draft:
        raise NotFound(_("There is no such answer to correct."))
    answers = answers_now(opened)
    if not can_correct(opened.report, page, number, flow.count_allegations(answers)):
        raise NotFound(_("There is no such answer to correct."))
    return Place(page, name, number, answers)


def _form(place: Place, opened: Opened) -> PageForm:
    around = Around(place.answers, place.number, opened.agreed, site().now())
    typed = opened.typed(place.kept_as) if request.method != "POST" else None
    stored = page_in(place.answers, place.page, place.number)
    return FORMS[place.name].make(stored, around, typed)


def _typed_rightly(place: Place, opened: Opened) -> PageForm | None:
    """The form as it was set aside; None when there is none, or something is wrong with it."""
    typed = opened.typed(place.kept_as)
    if typed is None or _PROBLEM in typed:
        return None
    around = Around(place.answers, place.number, opened.agreed, site().now())
    form = FORMS[place.name].make({}, around, typed)
    return None if form.error_links() else form
