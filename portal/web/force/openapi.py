"""The OpenAPI 3.1 document of the addresses for a force's own system.

The schemas are those of the models that read and write the JSON itself, so that they cannot part;
a test sends what the document allows, and what it does not, and compares the answers.
"""

import json
from functools import lru_cache
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import JsonSchemaMode, models_json_schema

from portal.police.answers import SupplyAnswer
from portal.police.batch import MOST_ROWS, Batch
from portal.police.requests import KEY_PATTERN
from portal.web.force.api_problems import Problem

LARGEST_BATCH = 16 * 1024 * 1024  # bytes
_REFERENCE = "#/components/schemas/{model}"
_SECURITY: list[dict[str, list[str]]] = [{"credential": []}]
_PROBLEMS = {
    400: "The Idempotency-Key is missing or malformed, or the body is not JSON.",
    401: "No credential that is in use was shown.",
    404: "The force has no such supply.",
    409: "A rule refuses it: the period is not over, another number of rows than declared, or "
    "another supply of the force is being taken at this moment (code under_way; try again).",
    413: f"More than {MOST_ROWS:,} rows, or more than {LARGEST_BATCH // 2**20} MiB.",
    415: "The Content-Type is not application/json.",
    422: "The body is not of the form of a batch (each fault is listed), or the Idempotency-Key "
    "came before with another body (code key_used).",
    500: "A fault here. Send the batch again under the same key.",
    503: "Not available just now, or no receipt can be made. Send it again under the same key.",
}
_ABOUT = f"""\
A force sends its crime records in batches. A batch is a supply, like a file: it says which period
it covers, whether it holds every record of it, and how many rows it has. It is taken whole or not
at all; rows with a wrong cell are left out of it and listed with their number and field. At most
{MOST_ROWS:,} rows and {LARGEST_BATCH // 2**20} MiB; what is larger is sent as a file. No answer
repeats what was sent."""


@lru_cache(maxsize=4)
def document(public_url: str) -> bytes:
    """The document as JSON, for a site under `public_url`."""
    written = {
        "openapi": "3.1.0",
        "info": {"title": "On Record: crime records", "version": "1", "description": _ABOUT},
        "servers": [{"url": public_url}],
        "paths": {
            "/force/records": {"post": _take_batch()},
            "/force/supplies/{supply_id}": {"get": _read_supply()},
            "/force/openapi.json": {"get": _describe()},
        },
        "components": {"schemas": _schemas(), "securitySchemes": _SCHEMES},
    }
    return json.dumps(written, ensure_ascii=False, indent=1).encode()


_SCHEMES = {
    "credential": {
        "type": "http",
        "scheme": "bearer",
        "description": "The force's credential, made with `flask credentials add`.",
    }
}


def _schemas() -> dict[str, Any]:
    modes: list[tuple[type[BaseModel], JsonSchemaMode]] = [
        (Batch, "validation"),
        (SupplyAnswer, "serialization"),
        (Problem, "validation"),
    ]
    _, found = models_json_schema(modes, ref_template=_REFERENCE)
    schemas: dict[str, Any] = found["$defs"]
    return schemas


def _take_batch() -> dict[str, Any]:
    return {
        "operationId": "takeBatch",
        "summary": "Send a batch of crime records",
        "security": _SECURITY,
        "parameters": [_KEY],
        "requestBody": {
            "required": True,
            "content": {"application/json": {"schema": _ref("Batch"), "example": _EXAMPLE}},
        },
        "responses": {
            "201": _supply("The batch is a supply. Sent again, it is answered with the same bytes.")
        }
        | _problems(400, 401, 409, 413, 415, 422, 500, 503),
    }


def _read_supply() -> dict[str, Any]:
    return {
        "operationId": "readSupply",
        "summary": "Read what became of a batch or file, with its receipt as it is now",
        "security": _SECURITY,
        "parameters": [
            {
                "name": "supply_id",
                "in": "path",
                "required": True,
                "schema": {"type": "string", "format": "uuid"},
            }
        ],
        "responses": {"200": _supply("The supply.")} | _problems(401, 404, 500, 503),
    }


def _describe() -> dict[str, Any]:
    answer = {"application/json": {"schema": {"type": "object"}}}
    return {
        "operationId": "describe",
        "summary": "Read this document",
        "security": [],
        "responses": {"200": {"description": "This document.", "content": answer}},
    }


def _supply(words: str) -> dict[str, Any]:
    return {
        "description": words,
        "content": {"application/json": {"schema": _ref("SupplyAnswer")}},
    }


def _problems(*statuses: int) -> dict[str, Any]:
    content = {"application/problem+json": {"schema": _ref("Problem")}}
    return {
        str(status): {"description": _PROBLEMS[status], "content": content} for status in statuses
    }


def _ref(name: str) -> dict[str, str]:
    return {"$ref": _REFERENCE.format(model=name)}


_KEY = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": True,
    "description": "Another for each batch; the same when a batch is sent again. Kept for 30 days.",
    "schema": {"type": "string", "pattern": KEY_PATTERN},
}
_EXAMPLE = {
    "covers_from": "2026-02-01T00:00:00Z",
    "covers_to": "2026-02-02T00:00:00Z",
    "holds": "changes",
    "row_count": 1,
    "rows": [
        {
            "crime_reference": "54240012345",
            "recorded_at": "2026-02-01T10:15:00",
            "reported_at": "2026-02-01 08:40",
            "offence_code": "28E",
            "postcode": "SN1 1AA",
        }
    ],
}
