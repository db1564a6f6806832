"""Promises about words: whoever reads like an eleven-year-old understands every page for victims.

GOV.UK's content design guidance writes for a reading age of 9, and splits sentences of more than
25 words.
"""

import statistics

import pytest
from flask import Flask
from flask.testing import FlaskClient

from portal.site import Site
from tests.rig.drafts import kept_report, ready_draft
from tests.rig.reading import reading_age, sentences

OLDEST = 11.0
USUAL = 8.0
LONGEST = 30
"""Words of one sentence. Above the guidance's 25 for the few that quote a rule or name a place."""

# What is read by people who check: lawyers, engineers. The page says first what it means.
FOR_CHECKERS = {"/receipts", "/log", "/receipts/check"}

ENDS = {"report.leave"}
"""What would close the visit that the other pages need."""


def pages_of(app: Flask, client: FlaskClient) -> dict[str, str]:
    """Every page for victims that this browser is shown, by address."""
    found = {}
    for rule in app.url_map.iter_rules():
        if rule.endpoint in ENDS or not rule.endpoint.startswith("report."):
            continue
        if "GET" in (rule.methods or ()) and not rule.arguments:
            answer = client.get(rule.rule)
            if answer.status_code == 200 and answer.mimetype == "text/html":
                found[rule.rule] = answer.get_data(as_text=True)
    for name in ("who", "1/what", "1/when", "1/where", "1/area", "more", "others", "way"):
        answer = client.get(f"/start/{name}")
        if answer.status_code == 200:
            found[f"/start/{name}"] = answer.get_data(as_text=True)
    return {address: html for address, html in found.items() if "<main" in html}


def enter(client: FlaskClient, code: str) -> None:
    assert client.post("/back", data={"code": code}).status_code == 303


@pytest.fixture(params=["nobody", "a draft", "a report"])
def pages(
    request: pytest.FixtureRequest, app: Flask, client: FlaskClient, site: Site
) -> dict[str, str]:
    """The pages that somebody without a visit, with a draft or with a report open is shown."""
    if request.param == "a draft":
        enter(client, ready_draft(site).code)
    elif request.param == "a report":
        enter(client, kept_report(site).code)
    return pages_of(app, client)


def test_every_page_for_victims_is_understood_at_the_age_of_eleven(pages: dict[str, str]) -> None:
    assert len(pages) > 8
    ages = {address: reading_age(sentences(html)) for address, html in pages.items()}
    too_old = {address: round(age, 1) for address, age in ages.items() if age > OLDEST}
    assert not too_old
    assert statistics.median(ages.values()) <= USUAL


def test_no_sentence_runs_out_of_breath(pages: dict[str, str]) -> None:
    long = [
        f"{address}: {' '.join(words)}"
        for address, html in pages.items()
        if address not in FOR_CHECKERS
        for words in sentences(html)
        if len(words) > LONGEST
    ]
    assert not long, "\n".join(long)


def test_the_measure_knows_a_childs_book_from_a_statute() -> None:
    child = "<main><p>The cat sat on the mat. It was warm there. She was glad.</p></main>"
    statute = (
        "<main><p>Notwithstanding any preceding provision, the aforementioned responsibilities of "
        "constabularies concerning notifiable occurrences necessitate contemporaneous registration "
        "in accordance with applicable counting regulations.</p></main>"
    )
    assert reading_age(sentences(child)) < 8
    assert reading_age(sentences(statute)) > 18
