"""A copy of everything about a report, in one file: readable, for machines, and with the proofs.

Each part of the site that holds something about a person adds a section to `SECTIONS`, so that a
copy is never short of one. docs/download-everything.md describes the files.
"""

import json
import zipfile
from collections.abc import Callable, Iterator, Sequence
from io import BytesIO

from flask import Response as FlaskResponse
from flask import redirect, render_template
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from portal.clock import timestamp
from portal.errors import Refused
from portal.languages.translating import _
from portal.ledger.policy import policy_of
from portal.ledger.receipt import to_bytes
from portal.ledger.service import indices_of, make_receipt
from portal.reports.drafts import get_data_key, get_report
from portal.reports.models import Report
from portal.sealing import DataKey
from portal.web.access import get_visit, site
from portal.web.report.blueprint import blueprint
from portal.web.report.everything_beside import files, messages, safe_way, what_was_said
from portal.web.report.everything_parts import (
    Part,
    limits,
    looks_and_openings,
    what_happened,
    what_was_added,
    what_was_sent,
)
from portal.web.report.opened import read_opened
from portal.web.report.send import attachment

FORMAT = "on-record-copy/v1"
NAME = "copy.zip"
"""The file's name tells nothing."""
MOST_BYTES = 200_000_000
_WORDS = (".html", ".json", ".txt")

Contribute = Callable[[Session, Report, DataKey], Part]
SECTIONS: tuple[Contribute, ...] = (
    what_was_sent,
    what_was_added,
    what_happened,
    what_was_said,
    files,
    messages,
    limits,
    looks_and_openings,
    safe_way,
)
"""What a copy holds, in order. Others add theirs here."""


@blueprint.get("/back/everything")
def everything() -> Response | str:
    """What is in the copy, and a word of care before it is saved."""
    opened = read_opened()
    if opened.is_draft:
        return redirect("/back/open", 303)
    return render_template("report/everything.html", most_recent=opened.report.changed_at)


@blueprint.get("/back/everything/file")
def everything_file() -> Response | FlaskResponse:
    """The copy itself, made in memory for this one answer and kept nowhere."""
    if read_opened().is_draft:
        return redirect("/back/open", 303)
    here, report_id = site(), get_visit().report_id
    with here.database.reading() as session:
        report = get_report(session, report_id)
        data_key = get_data_key(session, report_id, keyring=here.keyring)
        parts = [contribute(session, report, data_key) for contribute in SECTIONS]
        receipts = list(_receipts(session, report, data_key))
    return attachment(_packed(parts, receipts), NAME, "application/zip")


def _receipts(session: Session, report: Report, data_key: DataKey) -> Iterator[tuple[str, bytes]]:
    """The receipt of every entry, as its own link gives it, by the name of its file."""
    for number, index in sorted(indices_of(session, report.id).items()):
        receipt = make_receipt(session, index, open_sealed=data_key.open, signer=site().signer)
        yield f"receipts/{number:03}-receipt-{index}.json", to_bytes(receipt)


def _packed(parts: Sequence[Part], receipts: Sequence[tuple[str, bytes]]) -> bytes:
    """The ZIP file. Raises Refused when it would hold more than `MOST_BYTES`."""
    here = site()
    now = here.now()
    names = [name for name, _data in receipts]
    data = {
        "format": FORMAT,
        "made_at": timestamp(now),
        "receipts": names,
        "sections": {part.name: part.data for part in parts},
    }
    readable = render_template("report/everything_file.html", parts=parts, names=names, now=now)
    files = [
        ("readable.html", readable.encode()),
        ("data.json", json.dumps(data, ensure_ascii=False, indent=1).encode()),
        ("policy.txt", policy_of(here.signer, here.witnesses)),
        *receipts,
        *(each for part in parts for each in part.files),
    ]
    if sum(len(content) for _name, content in files) > MOST_BYTES:
        raise Refused(
            _("This is too much for one file. Save the receipts one by one. Nothing was changed.")
        )
    made = BytesIO()
    with zipfile.ZipFile(made, "w") as folder:
        for name, content in files:
            # The time inside tells no more than the file's own.
            inside = zipfile.ZipInfo(name, now.timetuple()[:6])
            folder.writestr(inside, content, _how(name))
    return made.getvalue()


def _how(name: str) -> int:
    """Words are packed small; pictures, documents, sound and video are so already."""
    return zipfile.ZIP_DEFLATED if name.endswith(_WORDS) else zipfile.ZIP_STORED
