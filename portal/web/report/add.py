"""Adding to what was sent: written, checked, and put on record below what stays as it is."""

from flask import redirect, render_template
from werkzeug.wrappers import Response

from portal.errors import Refused
from portal.languages.translating import _, lazy
from portal.reports.additions import LONGEST, add
from portal.web.access import get_visit, site
from portal.web.carry import kept_fields
from portal.web.choices import OneOfList, Option
from portal.web.fields import LongText
from portal.web.report.blueprint import blueprint
from portal.web.report.opened import Opened, ask_again, read_opened, set_aside
from portal.web.report.page_form import Around, PageForm
from portal.web.report.summary import Line, Section, what_words

_PAGE, _SENT, _PROBLEM = "back/add", "/back/open", "problem"


class AddForm(PageForm):
    """What a person wants to add, and what it is about."""

    words = LongText(
        lazy("What you want to add"),
        limit=LONGEST,
        rows=12,
        needed=lazy("Write what you want to add, or go back"),
    )
    part = OneOfList(
        lazy("What it is about (you can leave this as it is)"), prompt=lazy("All of it")
    )

    def prepare(self) -> None:
        """Offer what happened, where there is more than one thing."""
        told = self.around.answers.get("allegations") or []
        if len(told) < 2:
            del self["part"]
            return
        self.part.options = tuple(
            Option(
                str(number),
                _(
                    "Part %(number)s: %(what)s",
                    number=number,
                    what=what_words(each.get("what") or {}),
                ),
            )
            for number, each in enumerate(told, 1)
        )

    @property
    def number(self) -> int:
        """The thing that it is about, from 1; 0 for all."""
        chosen = str(self.part.data or "") if "part" in self else ""
        return int(chosen) if chosen.isdigit() else 0


@blueprint.get("/back/add")
def add_more() -> Response | str:
    """A box for more words, and what becomes of them."""
    opened = read_opened()
    if opened.is_draft:
        return redirect(_SENT, 303)
    typed = opened.typed(_PAGE)
    form = AddForm.make({}, _around(opened), typed)
    if typed and _PROBLEM in typed:
        form.refuse(typed[_PROBLEM])
    return render_template("report/add.html", form=form, report=opened.report)


@blueprint.post("/back/add")
def added_more() -> Response:
    """Set the words aside, to be checked before they are put on record."""
    opened = read_opened()
    if opened.is_draft:
        return redirect(_SENT, 303)
    form = AddForm.make({}, _around(opened))
    if not form.validate():
        return ask_again(_PAGE)
    set_aside(_PAGE, [each for each in kept_fields() if each[0] != _PROBLEM])
    return redirect("/back/add/check", 303)


@blueprint.get("/back/add/check")
def add_check() -> Response | str:
    """What is going to be put on record."""
    form = _written(read_opened())
    if form is None:
        return redirect("/back/add", 303)
    lines = [Line(_("In your own words"), str(form.words.data))]
    if form.number:
        lines.append(Line(_("About"), _("Part %(number)s", number=form.number)))
    return render_template("report/add_check.html", section=Section("", lines))


@blueprint.post("/back/add/check")
def add_send() -> Response:
    """Put it on record. Pressed twice, it is added once."""
    form, here, report_id = _written(read_opened()), site(), get_visit().report_id
    if form is None:
        return redirect(_SENT, 303)
    try:
        with here.database.transaction() as session:
            add(
                session,
                report_id,
                str(form.words.data),
                number=form.number,
                keyring=here.keyring,
                now=here.now(),
            )
    except Refused as refused:
        typed = [("words", str(form.words.data)), ("part", str(form.number or ""))]
        set_aside(_PAGE, [*typed, (_PROBLEM, refused.message)])
        return redirect("/back/add", 303)
    set_aside(_PAGE, None)
    return redirect(f"{_SENT}?done=added", 303)


def _written(opened: Opened) -> AddForm | None:
    """The form as it was set aside; None when there is none, or something is wrong with it."""
    typed = opened.typed(_PAGE)
    if opened.is_draft or typed is None or _PROBLEM in typed:
        return None
    form = AddForm.make({}, _around(opened), typed)
    return None if form.error_links() else form


def _around(opened: Opened) -> Around:
    return Around(opened.answers, 0, opened.agreed, site().now())
