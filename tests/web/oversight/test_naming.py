"""A record is named by its number, and never by counting up what stands in an address."""

import re

from flask import Flask

from tests.rig.clock import HandClock
from tests.rig.people import add_person, sign_in, site_of
from tests.rig.reviewed import crowded_case
from tests.web.oversight.test_review import at, inspector, pcc


def test_a_number_that_fits_nothing_is_said_to_and_what_was_typed_stays(
    app: Flask, clock: HandClock
) -> None:
    site = site_of(app)
    filed = crowded_case(site, clock)
    client = pcc(app)
    for typed, said in (
        ("54/99/26", "shares anything with the report"),
        ("", "Type the crime reference"),
    ):
        page = client.post(f"{at(site, filed)}/beside", data={"reference": typed})
        assert page.status_code == 422
        assert said in page.text
        assert f'value="{typed}"' in page.text or not typed
    assert pcc(app, "kent", "other").post(f"{at(site, filed)}/beside").status_code == 404


def counted_up(address: str) -> list[str]:
    """The same address with the number of the record in it counted from 1 to 11."""
    return [re.sub(r"=\d+", f"={number}", address) for number in range(1, 12)]


def test_nobody_leafs_through_the_register_by_counting_up_what_stands_in_an_address(
    app: Flask, clock: HandClock
) -> None:
    site = site_of(app)
    filed = crowded_case(site, clock)
    client = pcc(app)
    beside = client.post(f"{at(site, filed)}/beside", data={"reference": "54/2/26"}).location
    shown = [client.get(one).text for one in counted_up(beside)]
    assert [re.findall(r"A: (54/\d/26)", one)[:1] for one in shown if "A: 54" in one] == [
        ["54/2/26"]
    ]
    (name,) = re.findall(r"\?(\w+)=", beside)
    for bad in ("x", "", "1", "9" * 5000, "١.١." + "0" * 32):
        page = client.get(at(site, filed), query_string={name: bad})
        assert (page.status_code, "A: 54" in page.text) == (200, False)
    other = inspector(app).get(beside)
    assert "A: 54" not in other.text, "each names the record by themselves"
    clock.advance(hours=12)
    assert "A: 54" not in client.get(beside).text


def test_a_registrar_names_no_record_beside_a_report(app: Flask, clock: HandClock) -> None:
    site = site_of(app)
    filed = crowded_case(site, clock)
    client = sign_in(app, add_person(site, "registrar", force_id="wiltshire"))
    page = client.get(at(site, filed)).text
    assert "Too many records to compare" in page
    assert "Crime reference of the record" not in page
    named = client.post(f"{at(site, filed)}/beside", data={"reference": "54/2/26"})
    assert named.status_code == 403
