"""Adding files: to a draft, or to what was sent. What is there already, and what came of it."""

from typing import Any

from flask import redirect, render_template, request
from werkzeug.wrappers import Response

from portal.evidence.adding import add_file
from portal.evidence.kinds import ACCEPT
from portal.evidence.listing import files_of
from portal.evidence.names import clean_name
from portal.evidence.refusals import FileRefused, too_large
from portal.evidence.unfinished import find_sendings
from portal.languages.translating import _
from portal.reports.drafts import get_data_key
from portal.web.access import get_visit, site
from portal.web.report.blueprint import blueprint
from portal.web.report.evidence_words import FAMILIES, Outcome, Refusal, size_words
from portal.web.report.opened import Opened, read_opened, set_aside
from portal.web.uploads import MOST_AT_ONCE, Upload, current_limits, uploads_in

DRAFT, SENT = "/start/files", "/back/files"
_PAGE = "files"  # the name under which the outcome is kept


@blueprint.get(DRAFT)
@blueprint.get(SENT)
def files() -> Response | str:
    """What was added, what is taken, and the form to add more."""
    opened = read_opened()
    if request.path != home_of(opened):
        return redirect(home_of(opened), 303)
    outcome = Outcome()
    if request.args.get("done") == "1":
        outcome = Outcome.of_fields(opened.typed(_PAGE), visit_mark())
    return render_template("report/evidence.html", outcome=outcome, **_shown(opened))


@blueprint.post(DRAFT)
@blueprint.post(SENT)
def files_take() -> Response:
    """Keep each file that arrived wholly and may be taken; say of each other one why not."""
    opened = read_opened()
    chosen = uploads_in(request.files.getlist("files"))
    taken, refused = list[int](), list[Refusal]()
    for place, upload in enumerate(chosen):
        try:
            taken.append(_keep(opened, upload, place))
        except FileRefused as problem:
            refused.append(Refusal(clean_name(upload.name), problem.message))
    if not chosen:
        refused.append(Refusal("", _("Choose at least one file.")))
    set_aside(_PAGE, Outcome(taken, refused).as_fields(visit_mark()))
    return redirect(f"{home_of(opened)}?done=1", 303)


def home_of(opened: Opened) -> str:
    """The address of the list: one for a draft, another for what was sent."""
    return DRAFT if opened.is_draft else SENT


def visit_mark() -> str:
    """What tells this visit from any other. Nobody can make the cookie's token from it."""
    return get_visit().token_hash.hex()


def _keep(opened: Opened, upload: Upload, place: int) -> int:
    if place >= MOST_AT_ONCE:
        raise FileRefused(_("Add at most %(count)s files at a time.", count=MOST_AT_ONCE))
    if not upload.is_kept:
        raise too_large(current_limits().largest_file)
    here = site()
    return add_file(here.database, opened.report.id, upload, keyring=here.keyring, now=here.now())


def _shown(opened: Opened) -> dict[str, Any]:
    with site().database.reading() as session:
        data_key = get_data_key(session, opened.report.id, keyring=site().keyring)
        added = files_of(session, opened.report.id, data_key=data_key)
        unfinished = find_sendings(session, opened.report.id, data_key=data_key)
    return {
        "report": opened.report,
        "is_draft": opened.is_draft,
        "home": home_of(opened),
        "files": added,
        "unfinished": unfinished,
        "limits": current_limits(),
        "accept": ACCEPT,
        "families": FAMILIES,
        "size_words": size_words,
    }
