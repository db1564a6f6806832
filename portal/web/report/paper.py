"""A receipt to be printed, or saved as a PDF. It names nobody, no place and nothing that happened.

For what was sent it stands under /start as well, where the supporter who sent it can reach it.
"""

from urllib.parse import urlencode

from flask import Response as FlaskResponse
from flask import render_template, request

from portal.errors import NotFound
from portal.languages.translating import _
from portal.ledger.disclosure import printed_names
from portal.web.access import site
from portal.web.report.blueprint import blueprint
from portal.web.report.opened import Opened, read_opened, shown_code
from portal.web.report.own_entries import own_entry, own_index
from portal.web.report.pdf import to_pdf
from portal.web.report.qr import find_code
from portal.web.report.send import attachment, prove, read_receipt
from portal.web.report.sheet import TITLE, Sheet


@blueprint.get("/start/print")
@blueprint.get("/back/print/<int:number>")
def print_sheet(number: int | None = None) -> str:
    """The receipt of one entry on a page made for paper."""
    opened = read_opened()
    return render_template(
        "report/print.html",
        title=TITLE,
        sheet=_sheet(opened, number),
        asked=_asks_for_code(),
        large=_is_large(),
        link=_link,
        can_show_code=bool(shown_code(opened.report)),
        back="/start/done" if number is None else "/back/open",
    )


@blueprint.get("/start/print/file")
@blueprint.get("/back/print/<int:number>/file")
def print_file(number: int | None = None) -> FlaskResponse:
    """The same sheet as a PDF."""
    opened = read_opened()
    sheet = _sheet(opened, number)
    data = to_pdf(sheet, large=_is_large())
    # The file that opens everything must not be taken for the one that can be given away.
    name = "home-copy" if sheet.groups else "receipt"
    place = "" if number is None else f"-{sheet.entry}"
    return attachment(data, f"{name}{place}.pdf", "application/pdf")


def _asks_for_code() -> bool:
    return request.args.get("code") == "yes"


def _is_large() -> bool:
    return request.args.get("print") == "large"


def _link(*, file: bool = False, code: bool | None = None, large: bool | None = None) -> str:
    """The address of this sheet, or of its file, as it is but for what is named."""
    asked = {
        "code": "yes" if (_asks_for_code() if code is None else code) else "",
        "print": "large" if (_is_large() if large is None else large) else "",
    }
    query = urlencode({name: value for name, value in asked.items() if value})
    return f"{request.path}{'/file' if file else ''}{'?' if query else ''}{query}"


def _sheet(opened: Opened, number: int | None) -> Sheet:
    """The sheet of an entry. The return code is on it only if asked for, and while it is kept."""
    index = opened.report.entry_index if number is None else own_index(opened.report, number)
    if index is None:
        raise NotFound(_("There is no receipt yet, because this was not sent."))
    entry = own_entry(opened.report, index)
    names = printed_names(entry.kind, entry.fields)
    receipt = read_receipt(opened.report, index, names)
    proof = prove(receipt)
    public_url = site().settings.public_url
    return Sheet(
        entry=proof.entry,
        log=proof.log,
        at=entry.at,
        verdict=proof.verdict,
        holds=proof.holds,
        public_url=public_url,
        shown=names,
        code=find_code(public_url, receipt),
        groups=shown_code(opened.report) if _asks_for_code() else (),
        demonstration=site().settings.demonstration,
    )
