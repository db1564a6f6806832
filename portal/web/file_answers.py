"""Giving back a file that somebody added: as a download that nothing runs, or a picture of ours."""

from itertools import chain

from flask import Response

from portal.evidence.kinds import PICTURE
from portal.evidence.listing import Content
from portal.web.security import FILE_POLICY


def saved(content: Content) -> Response:
    """The file to be saved, under a name that tells nothing, in the kind that its bytes showed."""
    return _answer(content, "attachment")


def shown(content: Content) -> Response:
    """A copy: a picture that was drawn anew is shown, and anything else is saved."""
    return _answer(content, "inline" if content.kind.family == PICTURE else "attachment")


def _answer(content: Content, how: str) -> Response:
    # One that cannot be opened is told of on a page, before anything of it is sent.
    first = next(content.pieces)
    response = Response(chain((first,), content.pieces), mimetype=None)
    response.headers["Content-Type"] = content.kind.content_type
    response.headers["Content-Length"] = str(content.size)
    response.headers["Content-Disposition"] = f'{how}; filename="{content.saved_as}"'
    response.headers["Content-Security-Policy"] = FILE_POLICY
    return response
