"""Messages of the person: with their supporter, and with those who watch over the police."""

from flask import redirect, render_template
from werkzeug.wrappers import Response

from portal.errors import NotFound, Refused
from portal.languages.translating import _, lazy
from portal.reports.correspondence import (
    ADVOCATE,
    LONGEST,
    OVERSIGHT,
    Threads,
    read_as_person,
    threads_of,
    were_read,
    write_as_person,
)
from portal.web.access import get_visit, site
from portal.web.carry import kept_fields
from portal.web.fields import LongText
from portal.web.report.blueprint import blueprint
from portal.web.report.history import looker
from portal.web.report.opened import Opened, ask_again, read_opened, set_aside
from portal.web.report.page_form import Around, PageForm

_LIST = "/back/messages"
_PROBLEM = "problem"
NAMES = {
    ADVOCATE: lazy("Your supporter"),
    OVERSIGHT: lazy("The people who watch over the police"),
}


class WriteForm(PageForm):
    """One message."""

    words = LongText(
        lazy("Your message"),
        needed=lazy("Write your message first"),
        hint=lazy("Only they can read it. What you write goes on record, and cannot be changed"),
        limit=LONGEST,
        rows=6,
    )


@blueprint.get("/back/messages")
def messages() -> Response | str:
    """With whom the person can write, and where there is something new."""
    opened = read_opened()
    threads = _threads(opened)
    if not threads.there:
        return redirect("/back/open", 303)
    return render_template("report/messages.html", threads=threads, names=NAMES)


@blueprint.get("/back/messages/<side>")
def message_thread(side: str) -> Response | str:
    """What was written to and fro, and the box for the next message."""
    opened, to = read_opened(), _side(side)
    threads = _threads(opened)
    if to not in threads.there:
        return redirect(_LIST, 303)
    with site().database.reading() as session:
        found = read_as_person(session, opened.report.id, to, keyring=site().keyring)
    if any(each.is_new for each in found):
        with site().database.transaction() as session:
            were_read(session, found, now=site().now())
    typed = opened.typed(_page_of(side))
    form = WriteForm.make({}, _around(opened), typed)
    if typed and _PROBLEM in typed:
        form.refuse(typed[_PROBLEM])
    return render_template(
        "report/message_thread.html",
        form=form,
        side=side,
        name=NAMES[to],
        to=to,
        messages=found,
        looker=looker,
        can_write=to in threads.open,
        withdrawn=opened.report.withdrawn_at is not None,
    )


@blueprint.post("/back/messages/<side>")
def message_send(side: str) -> Response:
    """Send it. Twice is once; what could not be sent stays in its box."""
    opened, here, to, page = read_opened(), site(), _side(side), _page_of(side)
    form = WriteForm.make({}, _around(opened))
    if not form.validate():
        return ask_again(page)
    try:
        with here.database.transaction() as session:
            write_as_person(
                session,
                get_visit().report_id,
                to,
                str(form["words"].data),
                keyring=here.keyring,
                now=here.now(),
            )
    except (Refused, NotFound) as refused:
        set_aside(page, [*kept_fields(), (_PROBLEM, str(refused.message))])
        return redirect(f"{_LIST}/{side}", 303)
    if opened.typed(page) is not None:
        set_aside(page, None)
    return redirect(f"{_LIST}/{side}?done=1", 303)


_SIDES = {"supporter": ADVOCATE, "office": OVERSIGHT}


def _side(named: str) -> str:
    """Whom a word of an address means. Raises NotFound for any other."""
    if named not in _SIDES:
        raise NotFound(_("There is no such page."))
    return _SIDES[named]


def _page_of(side: str) -> str:
    return f"messages/{side}"


def _threads(opened: Opened) -> Threads:
    with site().database.reading() as session:
        return threads_of(session, opened.report, keyring=site().keyring)


def _around(opened: Opened) -> Around:
    return Around(answers=opened.answers, number=0, agreed=opened.agreed, now=site().now())
