"""The addresses under /force."""

from collections.abc import Callable

from flask import Blueprint
from werkzeug.wrappers import Response

from portal.web.force import api, asked, files, inbox, records

blueprint = Blueprint("force", __name__)

WITHOUT_TOKEN = api.WITHOUT_TOKEN

View = Callable[..., str | Response | tuple[str, int]]

_GET = ("GET",)
_POST = ("POST",)
_BOTH = ("GET", "POST")
_RULES: tuple[tuple[str, str, View, tuple[str, ...]], ...] = (
    ("", "inbox", inbox.inbox, _GET),
    ("/<uuid:handover_id>", "handover", inbox.handover, _BOTH),
    ("/<uuid:handover_id>/answer", "answer", inbox.answer, _BOTH),
    ("/asked/<uuid:question_id>", "asked", asked.asked, _BOTH),
    ("/files/<uuid:look_id>", "files", files.files, _GET),
    ("/files/<uuid:look_id>/<int:number>", "file", files.file, _POST),
    ("/records", "records", records.records, _GET),
    ("/records", "take_batch", api.take_batch, _POST),
    ("/supplies/<uuid:supply_id>", "read_supply", api.read_supply, _GET),
    ("/openapi.json", "describe", api.describe, _GET),
    ("/records/add", "add_records", records.add_records, _BOTH),
    ("/records/waiting/<uuid:file_id>", "waiting", records.waiting, _BOTH),
    ("/records/<uuid:supply_id>/receipt", "receipt", records.receipt, _GET),
    ("/records/<uuid:supply_id>", "supply", records.supply, _GET),
)
for _rule, _endpoint, _view, _methods in _RULES:
    blueprint.add_url_rule(_rule, _endpoint, _view, methods=_methods)
