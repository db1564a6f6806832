"""The files of a report that was passed to the force, for a look that was written before."""

from uuid import UUID

from werkzeug.wrappers import Response

from portal.web.shown_files import list_files, send_file


def files(look_id: UUID) -> str:
    """The list, while the look lasts."""
    return list_files(look_id, "force/files.html")


def file(look_id: UUID, number: int) -> Response:
    """One of them, once the look at it was written."""
    return send_file(look_id, number)
