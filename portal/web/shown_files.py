"""Files as staff, advocates and forces see them: a list for a look that was written before, and
each file for another look, which is written before any of it is sent.
"""

from uuid import UUID

from flask import render_template, request
from werkzeug.wrappers import Response

from portal.evidence.listing import read_copy, read_original
from portal.evidence.looks import COPY, ORIGINAL, get_opened_files, open_file
from portal.reports.drafts import get_data_key
from portal.web.access import get_account, site
from portal.web.file_answers import saved, shown
from portal.web.report.evidence_words import FAMILIES, size_words


def list_files(look_id: UUID, template: str, **words: object) -> str:
    """The page of an area that lists the files. Raises NotFound once the look is over."""
    here, account = site(), get_account()
    with here.database.reading() as reading:
        opened = get_opened_files(
            reading, look_id, account=account, keyring=here.keyring, now=here.now()
        )
    return render_template(
        template,
        account=account,
        look_id=look_id,
        opened=opened,
        families=FAMILIES,
        size_words=size_words,
        **words,
    )


def send_file(look_id: UUID, number: int) -> Response:
    """Write down that this file is opened, commit that, and only then send it.

    It is the copy unless the original was asked for. Raises NotFound.
    """
    here, account = site(), get_account()
    what = ORIGINAL if request.form.get("what") == ORIGINAL else COPY
    with here.database.transaction() as writing:
        file = open_file(
            writing,
            look_id,
            number,
            what=what,
            account=account,
            keyring=here.keyring,
            now=here.now(),
        )
    with here.database.reading() as reading:
        data_key = get_data_key(reading, file.report_id, keyring=here.keyring)
    if what == ORIGINAL:
        return saved(read_original(here.database, file, data_key=data_key))
    return shown(read_copy(here.database, file, data_key=data_key))
