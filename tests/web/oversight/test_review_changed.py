"""What a reader chose of one page is never put on record of another, whatever came meanwhile."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from portal.site import Site
from tests.matching.test_unopened import without_key
from tests.rig.clock import HandClock
from tests.rig.filed import Filed, alerts_of, look_again
from tests.rig.people import site_of
from tests.rig.reviewed import INCIDENT, crowded_case, waiting_case
from tests.rig.supplies import row, take
from tests.web.oversight.test_review import at, decides, inspector, pcc, states

SAID = "What is compared here is not what it was"
WORDS = "It was the barn beside it."


def opened(client: FlaskClient, address: str) -> dict[str, str]:
    """The hidden answers of the page as it is now."""
    page = client.get(address).text
    return dict(re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', page))


def another_comes(site: Site) -> None:
    at_that = {"recorded_at": f"{site.now():%Y-%m-%d %H:%M}", "offence_code": "28E"}
    take(site, [row("54/8/26", incident_number=INCIDENT, **at_that)], is_full=False)
    look_again(site)
    assert states(site) == ["proposed", "proposed"]


def removed(site: Site, reference: str = "54/7/26") -> None:
    cells = {"incident_number": INCIDENT, "offence_code": "28E", "removal_code": "C2"}
    take(site, [row(reference, **cells)], is_full=False)
    look_again(site)


@pytest.mark.parametrize("press", [{"ask": "victim-1"}, {"why": "fits"}])
def test_none_of_one_record_is_not_none_of_two(
    app: Flask, clock: HandClock, press: dict[str, str]
) -> None:
    site = site_of(app)
    filed = waiting_case(site, clock)
    client = inspector(app)
    shown = opened(client, at(site, filed))
    another_comes(site)
    begun = {"decision": "none", "why": "event", "reason": WORDS}
    page = client.post(at(site, filed), data={**shown, **begun, **press}).text
    assert SAID in page
    assert f"{WORDS}</textarea>" in page
    assert " checked" not in page
    assert states(site) == ["proposed", "proposed"]


def test_yes_to_one_version_is_not_yes_to_the_next(app: Flask, clock: HandClock) -> None:
    site = site_of(app)
    filed = waiting_case(site, clock)
    client = inspector(app)
    shown = opened(client, at(site, filed))
    lesser = row("54/7/26", incident_number=INCIDENT, offence_code="58A")
    take(site, [lesser], is_full=False)
    look_again(site)
    begun = {"decision": "is-1", "why": "fits", "reason": WORDS}
    page = client.post(at(site, filed), data={**shown, **begun, "ask": "victim-1"}).text
    assert "The question waits for the person" in page
    assert SAID in page
    assert " checked" not in page


def shows_gone(client: FlaskClient, site: Site, filed: Filed) -> str:
    page = client.get(at(site, filed)).text
    assert "Was its record" in page
    assert ">Accepted<" not in " ".join(page.split())
    assert "The force removed it since" in page
    return page


def test_a_confirmed_record_that_was_removed_is_shown_as_that_wherever_it_stands(
    app: Flask, clock: HandClock
) -> None:
    site = site_of(app)
    filed = waiting_case(site, clock)
    decides(pcc(app), at(site, filed), "is-")
    clock.advance(days=3)
    removed(site)
    client = inspector(app)
    assert "No record of it stands</h1>" in shows_gone(client, site, filed)
    for alert in alerts_of(site):
        page = client.get(f"/oversight/alerts/{alert.id}").text
        assert "Was its record" in page
        assert "(C2)" in page


def test_where_too_many_fit_another_can_be_named_once_the_confirmed_one_was_removed(
    app: Flask, clock: HandClock
) -> None:
    site = site_of(app)
    filed = crowded_case(site, clock)
    client = pcc(app)
    beside = client.post(f"{at(site, filed)}/beside", data={"reference": "54/3/26"}).location
    decides(client, beside, "is-")
    assert 'name="reference"' not in client.get(at(site, filed)).text
    removed_row = row("54/3/26", incident_number=INCIDENT, offence_code="28E", removal_code="C2")
    take(site, [removed_row], is_full=False)
    page = shows_gone(client, site, filed)
    assert 'name="reference"' in page
    assert "Too many records to compare</h1>" in page


def test_nobody_is_asked_to_accept_what_a_newer_version_that_does_not_open_took_back(
    app: Flask, clock: HandClock
) -> None:
    site = site_of(app)
    filed = waiting_case(site, clock)
    clock.advance(days=1)
    gone = row("54/7/26", incident_number=INCIDENT, offence_code="28E", removal_code="C2")
    second = take(site, [gone], is_full=False)
    client = pcc(app)
    with without_key(site, second):
        look_again(site)
        page = client.get(at(site, filed)).text
    assert "The force sent a newer version of this record" in page
    assert "(C2)" in page
    assert 'value="is-' not in page
    assert 'value="none"' in page
