"""The questions, one a page: shown with what was answered, saved, and on to the next."""

from contextlib import suppress
from typing import Any

from flask import redirect, render_template, request
from werkzeug.wrappers import Response

from portal.errors import NotFound, Refused
from portal.reference.categories import Category
from portal.reports.drafts import mark_of, remove_allegation, save_allegation, save_answers
from portal.reports.filing import may_pass
from portal.web.access import get_visit, site
from portal.web.carry import kept_fields
from portal.web.report import flow
from portal.web.report.blueprint import blueprint
from portal.web.report.forms_event import (
    ForceForm,
    MoreForm,
    WhatForm,
    WhereForm,
    grouped_categories,
)
from portal.web.report.forms_person import AboutForm, ContactForm, InsiderForm, WhoForm, WordsForm
from portal.web.report.forms_way import PassForm, ToldHowForm, WayForm, agreed_forces
from portal.web.report.opened import Opened, ask_again, read_opened, set_aside
from portal.web.report.page_form import Around, PageForm
from portal.web.report.save_later import LATER, leave_for_later
from portal.web.report.steps import step_of, title_of
from portal.web.report.summary import allegation_lines
from portal.web.report.when import ToldForm, WhenForm

FORMS: dict[str, type[PageForm]] = {
    "what": WhatForm,
    "when": WhenForm,
    "where": WhereForm,
    "area": ForceForm,
    "more": MoreForm,
    "who": WhoForm,
    "others": InsiderForm,
    "way": WayForm,
    "told": ToldForm,
    "told-how": ToldHowForm,
    "pass": PassForm,
    "words": WordsForm,
    "about": AboutForm,
    "contact": ContactForm,
}


@blueprint.get("/start/<int:number>/<name>")
def allegation_question(number: int, name: str) -> Response | str:
    """One question about one thing that happened, as far as it was answered."""
    return _show(name, number)


@blueprint.post("/start/<int:number>/<name>")
def allegation_answer(number: int, name: str) -> Response | str:
    """Save the answer to such a question."""
    return _answer(name, number)


@blueprint.get("/start/<name>")
def question(name: str) -> Response | str:
    """One question about the whole, as far as it was answered."""
    return _show(name, 0)


@blueprint.post("/start/<name>")
def answer(name: str) -> Response | str:
    """Save the answer to such a question."""
    return _answer(name, 0)


@blueprint.post("/start/<int:number>/remove")
def remove(number: int) -> Response:
    """Take one thing that happened out again; at least one stays.

    When the list changed since it was shown, as by a double click, it is shown again.
    """
    mark = request.form.get("mark", "")
    with suppress(Refused, NotFound), site().database.transaction() as session:
        remove_allegation(
            session,
            get_visit().report_id,
            number,
            mark,
            keyring=site().keyring,
            now=site().now(),
        )
    return redirect(_with_then("/start/more", _then()), 303)


def _show(name: str, number: int) -> Response | str:
    opened = read_opened()
    if not opened.is_draft:
        return redirect("/start/done", 303)
    place = flow.get_place(name, number, opened.answers)
    return _page(place, _form(place, opened), opened)


def _answer(name: str, number: int) -> Response | str:
    opened = read_opened()
    place = flow.get_place(name, number, opened.answers)
    form = _form(place, opened)
    if opened.is_draft and LATER in request.form:
        return _save_for_later(place, form, opened)
    if not form.validate():
        return ask_again(place.kept_as) if opened.is_draft else redirect("/start/done", 303)
    then = _then()
    if isinstance(form, MoreForm):
        if opened.typed(place.kept_as) is not None:
            set_aside(place.kept_as, None)
        return redirect(_after_more(form, place, opened, then), 303)
    answers = _save(place, form.values())
    return redirect(_with_then(flow.next_place(place, answers, then).address, then), 303)


def _save_for_later(place: flow.Place, form: PageForm, opened: Opened) -> Response:
    """Keep what was typed, right or wrong, and close; what can be saved is saved as an answer."""
    if form.validate() and not isinstance(form, MoreForm):
        _save(place, form.values())
    else:
        set_aside(place.kept_as, [each for each in kept_fields() if each[0] != LATER])
    return leave_for_later(opened)


def _after_more(form: MoreForm, place: flow.Place, opened: Opened, then: str) -> str:
    if form.more.data == "yes":
        number = flow.count_allegations(opened.answers) + 1
        return _with_then(flow.get_place("what", number, opened.answers).address, then)
    # "No" while a thing begun is unfinished leads to what is missing of it.
    first = flow.open_event(opened.answers)
    after = first or flow.next_place(place, opened.answers, then)
    return _with_then(after.address, then)


def _save(place: flow.Place, values: dict[str, Any]) -> dict[str, Any]:
    """Save one page's answers and give back all of them as they then are."""
    report_id, keys, now = get_visit().report_id, site().keyring, site().now()
    key = place.page.key
    with site().database.transaction() as session:
        if place.number:
            save_allegation(session, report_id, place.number, key, values, keyring=keys, now=now)
        else:
            save_answers(session, report_id, key, values, keyring=keys, now=now)
    return read_opened().answers


def _form(place: flow.Place, opened: Opened) -> PageForm:
    around = Around(opened.answers, place.number, opened.agreed, site().now())
    kept = around.allegation() if place.number else opened.answers
    typed = opened.typed(place.kept_as) if request.method != "POST" else None
    return FORMS[place.page.name].make(kept.get(place.page.key) or {}, around, typed)


def _page(place: flow.Place, form: PageForm, opened: Opened) -> str:
    answers, then = opened.answers, _then()
    is_list = place.page.name == "more"
    back = flow.back_place(place, answers, then)
    step, steps = step_of(place)
    return render_template(
        f"report/pages/{place.page.key}.html",
        form=form,
        around=form.around,
        number=place.number,
        answers=answers,
        title=title_of(place),
        step=step,
        steps=steps,
        back=_with_then(back.address, _then_of(back, then)) if back else "/start/code",
        then=then,
        lines=allegation_lines(answers, now=site().now()) if is_list else [],
        marks=_marks(answers) if is_list else [],
        groups=_groups(form, answers) if isinstance(form, WhatForm) else [],
        agreed=agreed_forces(form.around),
        is_other=flow.for_someone_else(answers),
        young=flow.is_young(answers),
        police=flow.police_involved(answers),
        does_not_agree=flow.does_not_agree(answers),
        may_pass=may_pass(answers),
    )


def _groups(form: WhatForm, answers: dict[str, Any]) -> list[tuple[str, list[Category]]]:
    return grouped_categories(young=flow.is_young(answers), chosen=form.category.data or "")


def _marks(answers: dict[str, Any]) -> list[str]:
    return [mark_of(answers, number) for number in range(1, flow.count_allegations(answers) + 1)]


def _then() -> str:
    """Where to return after a change: only places that we know."""
    then = request.args.get("then", "")
    return then if then in flow.THENS else ""


def _then_of(place: flow.Place, then: str) -> str:
    return "" if place.page.name == then or then == flow.MORE else then


def _with_then(address: str, then: str) -> str:
    ends = {"/start/check", "/start/more"} if then == flow.MORE else {"/start/check"}
    return f"{address}?then={then}" if then and address not in ends else address
