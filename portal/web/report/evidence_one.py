"""One of the person's own files: looking at it, saving it back, taking it out of a draft."""

from flask import redirect, render_template, request
from werkzeug.wrappers import Response

from portal.evidence.listing import FileSeen, get_file, read_copy, read_original
from portal.evidence.removing import remove_file
from portal.reports.drafts import get_data_key
from portal.sealing import DataKey
from portal.web.access import get_visit, site
from portal.web.file_answers import saved, shown
from portal.web.report.blueprint import blueprint
from portal.web.report.evidence import DRAFT, SENT, home_of
from portal.web.report.evidence_words import FAMILIES, size_words
from portal.web.report.opened import read_opened


@blueprint.get(f"{DRAFT}/<int:number>")
@blueprint.get(f"{SENT}/<int:number>")
def file(number: int) -> Response | str:
    """What is known of a file, the picture if it is one, and what can be saved."""
    return _page("report/evidence_file.html", number, "")


@blueprint.get(f"{DRAFT}/<int:number>/copy")
@blueprint.get(f"{SENT}/<int:number>/copy")
def file_copy(number: int) -> Response:
    """The copy that others are shown."""
    found, data_key = _find(number)
    return shown(read_copy(site().database, found, data_key=data_key))


@blueprint.get(f"{DRAFT}/<int:number>/original")
@blueprint.get(f"{SENT}/<int:number>/original")
def file_original(number: int) -> Response:
    """The file back as it came, bit for bit."""
    found, data_key = _find(number)
    return saved(read_original(site().database, found, data_key=data_key))


@blueprint.get(f"{DRAFT}/<int:number>/remove")
def file_remove(number: int) -> Response | str:
    """Ask whether the file is to go."""
    return _page("report/evidence_remove.html", number, "/remove")


@blueprint.post(f"{DRAFT}/<int:number>/remove")
def file_removed(number: int) -> Response:
    """Take the file out of the draft."""
    with site().database.transaction() as session:
        remove_file(session, get_visit().report_id, number, now=site().now())
    return redirect(f"{DRAFT}?done=2", 303)


def _page(template: str, number: int, rest: str) -> Response | str:
    opened = read_opened()
    address = f"{home_of(opened)}/{number}"
    if request.path != f"{address}{rest}":
        return redirect(address, 303)
    found, _data_key = _find(number)
    return render_template(
        template,
        file=found,
        home=home_of(opened),
        address=address,
        is_draft=opened.is_draft,
        families=FAMILIES,
        size_words=size_words,
    )


def _find(number: int) -> tuple[FileSeen, DataKey]:
    """A file of what is open here, and the key to it. Raises NotFound."""
    report_id = get_visit().report_id
    with site().database.reading() as session:
        data_key = get_data_key(session, report_id, keyring=site().keyring)
        return get_file(session, report_id, number, data_key=data_key), data_key
