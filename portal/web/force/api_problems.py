"""What a force's own system is told when something is wrong: problem details (RFC 9457).

`code` is for programs and stays as it is; `detail` is for people. Neither, nor an entry of
`errors`, ever repeats what was sent.
"""

import json
from http import HTTPStatus

from flask import Response
from pydantic import BaseModel, ConfigDict, Field

from portal.errors import (
    Busy,
    NotAllowed,
    NotFound,
    OnRecordError,
    Refused,
    TooManyTries,
    Unavailable,
)
from portal.police.batch import Fault, NotJson, TooManyRows, WrongForm
from portal.police.requests import KeyUsed, WrongKey
from portal.police.service import SupplyUnderWay

ENDPOINTS = frozenset({"force.take_batch", "force.read_supply", "force.describe"})
"""Full names of the endpoints that programs ask: whatever goes wrong there is told in JSON."""

UNDER = "/force/supplies/"

_TRY_AGAIN_AFTER = 30  # seconds
_EXACT = ConfigDict(extra="forbid")


class WrongCredential(NotAllowed):
    """The request shows no credential that is in force."""


class NotSentAsJson(Refused):
    """The Content-Type is another than application/json."""


# The first kind that fits decides.
_KINDS: tuple[tuple[type[OnRecordError], int, str], ...] = (
    (WrongCredential, 401, "wrong_credential"),
    (WrongKey, 400, "wrong_key"),
    (NotJson, 400, "not_json"),
    (NotSentAsJson, 415, "not_sent_as_json"),
    (TooManyRows, 413, "too_large"),
    (WrongForm, 422, "wrong_form"),
    (KeyUsed, 422, "key_used"),
    (SupplyUnderWay, 409, "under_way"),
    (NotFound, 404, "not_found"),
    (NotAllowed, 403, "not_allowed"),
    (Refused, 409, "refused"),
    (TooManyTries, 429, "too_many"),
    (Unavailable, 503, "unavailable"),
    (Busy, 503, "unavailable"),
)
_HTTP = {
    400: ("bad_request", "The request cannot be read. Nothing was taken."),
    404: ("not_found", "There is nothing under this address."),
    413: ("too_large", "The batch is larger than is taken at once. Nothing was taken."),
    500: ("fault", "Something went wrong here. Send the batch again under the same key."),
}


class ProblemEntry(BaseModel):
    """One thing that is wrong with a batch; `row` counts from 1."""

    model_config = _EXACT

    row: int | None = Field(ge=1)
    field: str
    reason: str


class Problem(BaseModel):
    """Why a request was not done."""

    model_config = _EXACT

    type: str
    title: str
    status: int
    code: str
    detail: str
    errors: list[ProblemEntry] = Field(default=[])


def domain_problem(error: OnRecordError) -> Response | None:
    """The answer to an error that the domain raised on purpose; None for a kind not known."""
    for kind, status, code in _KINDS:
        if isinstance(error, kind):
            faults = error.faults if isinstance(error, WrongForm) else ()
            return _answer(status, code, error.message, faults)
    return None


def http_problem(status: int) -> Response:
    """The answer to an HTTP error, or to a fault of ours."""
    code, detail = _HTTP.get(status, _HTTP[400 if status < 500 else 500])
    return _answer(status, code, detail)


def _answer(status: int, code: str, detail: str, faults: tuple[Fault, ...] = ()) -> Response:
    problem = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "code": code,
        "detail": detail,
    }
    if faults:
        problem["errors"] = [
            {"row": each.row, "field": each.field, "reason": each.reason} for each in faults
        ]
    response = Response(json.dumps(problem), status, mimetype="application/problem+json")
    if status == 401:
        response.headers["WWW-Authenticate"] = 'Bearer realm="records"'
    if code in ("under_way", "unavailable"):
        response.headers["Retry-After"] = str(_TRY_AGAIN_AFTER)
    return response
