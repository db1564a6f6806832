"""Sending a file piece by piece, as the page's script does: after a lost connection it goes on."""

import re
from collections.abc import Callable
from uuid import UUID

from flask import Response, jsonify, redirect, request
from werkzeug.wrappers import Response as AnyResponse

from portal.errors import NotFound
from portal.evidence.parts import PART
from portal.evidence.refusals import FileRefused, is_another
from portal.evidence.unfinished import (
    Announced,
    Sending,
    begin_sending,
    drop_sending,
    finish_sending,
    take_part,
)
from portal.web.access import get_visit, site
from portal.web.report.blueprint import blueprint
from portal.web.report.evidence import DRAFT, SENT, home_of
from portal.web.report.opened import read_opened

_SHA256 = re.compile(r"[0-9a-f]{64}")
_REFUSED = 409
_HASH = "X-Part-Sha256"
_LONGEST_NUMBER = 15


@blueprint.post(f"{DRAFT}/begin")
@blueprint.post(f"{SENT}/begin")
def files_begin() -> tuple[Response, int]:
    """Start a file, or find the one that was cut off: how many pieces of it are here."""

    def begin() -> Response:
        size, whole = request.form.get("size", ""), request.form.get("whole", "")
        if not (size.isascii() and size.isdigit() and len(size) < _LONGEST_NUMBER):
            raise is_another()
        announced = Announced(request.form.get("name", ""), int(size), _digest(whole))
        here = site()
        with here.database.transaction() as session:
            sending = begin_sending(
                session,
                get_visit().report_id,
                announced,
                keyring=here.keyring,
                now=here.now(),
            )
        return _told(sending)

    return _answer(begin)


@blueprint.post(f"{DRAFT}/<uuid:file_id>/<int:number>")
@blueprint.post(f"{SENT}/<uuid:file_id>/<int:number>")
def files_part(file_id: UUID, number: int) -> tuple[Response, int]:
    """Keep one piece. A first piece of a kind that is not taken ends the file."""

    def take() -> Response:
        here, report_id = site(), get_visit().report_id
        piece = request.stream.read(PART + 1)
        digest = _digest(request.headers.get(_HASH, ""))
        try:
            with here.database.transaction() as session:
                sending = take_part(
                    session,
                    report_id,
                    file_id,
                    number,
                    piece,
                    digest=digest,
                    keyring=here.keyring,
                    now=here.now(),
                )
        except FileRefused:
            if number == 1:
                drop_sending(here.database, report_id, file_id)
            raise
        return _told(sending)

    return _answer(take)


@blueprint.post(f"{DRAFT}/<uuid:file_id>/finish")
@blueprint.post(f"{SENT}/<uuid:file_id>/finish")
def files_finish(file_id: UUID) -> tuple[Response, int]:
    """Keep the file, now that all of it is here. Twice it is one file."""

    def finish() -> Response:
        here, report_id = site(), get_visit().report_id
        number = finish_sending(
            here.database, report_id, file_id, keyring=here.keyring, now=here.now()
        )
        return jsonify(number=number)

    return _answer(finish)


@blueprint.post(f"{DRAFT}/<uuid:file_id>/drop")
@blueprint.post(f"{SENT}/<uuid:file_id>/drop")
def files_drop(file_id: UUID) -> AnyResponse:
    """Let go of what arrived of a file."""
    opened = read_opened()
    drop_sending(site().database, opened.report.id, file_id)
    return redirect(home_of(opened), 303)


def _answer(work: Callable[[], Response]) -> tuple[Response, int]:
    """What the script is told: what was done, or why not in words for the person."""
    try:
        return work(), 200
    except (FileRefused, NotFound) as problem:
        return jsonify(message=problem.message), _REFUSED


def _told(sending: Sending) -> Response:
    return jsonify(id=str(sending.id), parts=sending.parts, have=sending.have, size=PART)


def _digest(text: str) -> bytes:
    if not _SHA256.fullmatch(text):
        raise is_another()
    return bytes.fromhex(text)
