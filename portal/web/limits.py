"""What a form may hold at most, looked at before it is read: reading it is what costs.

Werkzeug bounds the parts of a multipart form, but not the fields of an urlencoded one, and two
million characters of `a&a&a&...` would become a million fields.
"""

from flask import Flask, abort, request

from portal.web import uploads
from portal.web.access import find_open_visit

MOST_FIELDS = 1_000
MOST_BYTES = 2 * 1024 * 1024
_URLENCODED = "application/x-www-form-urlencoded"


def install(app: Flask) -> None:
    """Refuse a form that is too large. Install it before whatever reads forms."""
    app.config["MAX_FORM_PARTS"] = MOST_FIELDS
    app.config["MAX_FORM_MEMORY_SIZE"] = MOST_BYTES
    app.before_request(refuse_large_forms)


def refuse_large_forms() -> None:
    """Answer 413 to an urlencoded form of more fields, or more bytes, than any of our pages has.

    A form with files may be larger than any other, for whoever holds something open.
    """
    if request.endpoint in uploads.ENDPOINTS and find_open_visit() is not None:
        request.max_content_length = uploads.most_bytes()
    if request.mimetype != _URLENCODED:
        return
    request.max_content_length = min(MOST_BYTES, request.max_content_length or MOST_BYTES)
    # Kept, so that the form is then read from it.
    if request.get_data().count(b"&") >= MOST_FIELDS:
        abort(413)
