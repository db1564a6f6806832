"""The OpenAPI document is true: what it allows is taken, what it forbids refused, as it says."""

import json
from typing import Any

import pytest
from flask import Flask

from portal.config import Settings
from portal.police.batch import MOST_ROWS, Batch
from portal.police.rows import COLUMNS
from portal.site import Site
from portal.web.force.api_problems import ENDPOINTS
from portal.web.force.openapi import LARGEST_BATCH, document
from tests.rig.batches import credential_of
from tests.rig.conforming import differences
from tests.rig.webserver import serving


def read(app: Flask) -> dict[str, Any]:
    answer = app.test_client().get("/force/openapi.json")
    assert answer.status_code == 200
    found: dict[str, Any] = answer.get_json()
    return found


@pytest.mark.parametrize("backend", ["sqlite"])
def test_every_address_for_programs_is_in_the_document_and_no_other(app: Flask) -> None:
    described = {
        (path.replace("{", "<uuid:").replace("}", ">"), method.upper())
        for path, methods in read(app)["paths"].items()
        for method in methods
    }
    there = {
        (rule.rule, method)
        for rule in app.url_map.iter_rules()
        if rule.endpoint in ENDPOINTS
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }
    assert described == there


def test_the_document_is_for_the_site_that_serves_it() -> None:
    for address in ("https://a.example", "https://b.example"):
        assert json.loads(document(address))["servers"] == [{"url": address}]


def test_the_document_states_the_columns_and_the_limits() -> None:
    written = json.loads(document("https://a.example"))
    schemas = written["components"]["schemas"]
    assert set(schemas["BatchRow"]["properties"]) == set(COLUMNS)
    assert schemas["Batch"]["properties"]["rows"]["maxItems"] == MOST_ROWS
    too_large = written["paths"]["/force/records"]["post"]["responses"]["413"]["description"]
    assert f"{MOST_ROWS:,} rows" in too_large
    assert f"{LARGEST_BATCH // 2**20} MiB" in too_large


def test_the_example_is_a_batch() -> None:
    content = json.loads(document("x"))["paths"]["/force/records"]["post"]["requestBody"]
    example = content["content"]["application/json"]["example"]
    assert len(Batch.model_validate(example).rows) == example["row_count"]


@pytest.mark.parametrize("backend", ["sqlite"])
def test_the_site_answers_as_the_document_says_whatever_is_sent(
    site: Site, settings: Settings
) -> None:
    shown = {"Authorization": f"Bearer {credential_of(site)}"}
    with serving(settings) as address:
        found, statuses = differences(
            address, "/force/openapi.json", headers=shown, examples=10, left_out="get"
        )
    assert not found, "\n".join(found)
    assert statuses[201] >= 5
    assert {200, 201, 400, 401, 404, 405, 422} <= set(statuses)
