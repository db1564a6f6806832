"""Where the likeliest record was removed, or is a note, the page says so and has a true answer."""

import re

import pytest
from flask import Flask

from tests.rig.clock import HandClock
from tests.rig.filed import alerts_of, look_again
from tests.rig.people import site_of
from tests.rig.reviewed import INCIDENT, crowded_case, waiting_case
from tests.rig.supplies import row, take
from tests.web.oversight.test_again import sends
from tests.web.oversight.test_review import at, decides, inspector, pcc, states

REMOVED = {"removal_code": "C2"}
NOTE = {"offence_code": "N100/1"}
WAS, IS_NOTE = (
    " was its record, and the force removed it",
    " is the note of it; no crime was recorded",
)


def offered(page: str) -> list[str]:
    found = re.findall(
        r'name="decision" type="radio".*?<label[^>]*>\s*(.*?)\s*</label>', page, re.S
    )
    return [" ".join(one.split()) for one in found]


@pytest.mark.parametrize(
    ("changed", "said", "no"),
    [(NOTE, IS_NOTE, "No, it is the note of something else"), (REMOVED, WAS, "No, it was not")],
)
def test_what_is_no_crime_record_is_offered_as_what_it_is_and_never_to_be_accepted(
    app: Flask, clock: HandClock, changed: dict[str, str], said: str, no: str
) -> None:
    site = site_of(app)
    filed = waiting_case(site, clock)
    client = pcc(app)
    assert offered(client.get(at(site, filed)).text)[0] == "Yes, 54/7/26 is its record"
    take(site, [row("54/7/26", **({"incident_number": INCIDENT} | changed))], is_full=False)
    look_again(site)
    page = client.get(at(site, filed)).text
    assert offered(page) == [f"Yes, 54/7/26{said}", no, "I cannot tell"]
    answer = decides(client, at(site, filed), "is-", reason="The same lock.")
    assert "?done=gone&of=" in answer.location
    assert "No time limit stops" in client.get(answer.location).text
    assert states(site) == ["ended"]
    look_again(site)
    case = client.get(at(site, filed)).text
    assert "No record of it stands</h1>" in case
    assert (
        "by PCC office (Harbour Support): “Person and event are the same. The same lock.”" in case
    )
    assert "Look at 54/7/26 again" in case
    assert "Nothing waits to be decided here" in case
    clock.advance(days=3)
    look_again(site)
    kinds = {one.kind for one in alerts_of(site)}
    assert kinds == {"unrecorded"} | ({"cancelled"} if changed == REMOVED else set())
    alert = next(one for one in alerts_of(site) if one.kind == "unrecorded")
    assert "See what was decided" in inspector(app).get(f"/oversight/alerts/{alert.id}").text


def test_each_letter_keeps_its_key_where_the_first_is_gone(app: Flask, clock: HandClock) -> None:
    site = site_of(app)
    filed = waiting_case(site, clock, references=("54/7/26",), occurred_from="", occurred_to="")
    gone = waiting_case(site, clock, references=("54/8/26",), incident="5403260000999", **REMOVED)
    cells = {"offence_code": "28E", "recorded_at": f"{site.now():%Y-%m-%d %H:%M}"}
    take(site, [row("54/9/26", incident_number="5403260000999", **cells)], is_full=False)
    look_again(site)
    page = pcc(app).get(at(site, gone)).text
    assert offered(page)[:2] == [f"A: 54/8/26{WAS}", "B: 54/9/26"]
    keys = re.findall(r'data-key="(\d)" data-for="([^"]+)"', page)
    assert keys == [("1", "decision"), ("2", "decision-2"), ("0", "decision-3")]
    assert at(site, filed)


@pytest.mark.parametrize(
    ("cells", "heading", "said"),
    [
        (REMOVED, "Was this the record of it?", "The force removed this record"),
        (NOTE, "Is this the note of it?", "This is the note of an incident"),
    ],
)
def test_the_chance_on_top_says_nothing_against_that_of_what_is_gone(
    app: Flask, clock: HandClock, cells: dict[str, str], heading: str, said: str
) -> None:
    site = site_of(app)
    filed = waiting_case(site, clock, category="raped", **cells)
    page = pcc(app).get(at(site, filed)).text
    assert f"{heading}</h1>" in page
    (top,) = re.findall(r'<p class="govuk-body" id="chance">(.*?)</p>', page)
    assert top.startswith(said)
    assert "in 100" not in top
    assert "accepted." not in top
    assert "two people have to agree before it counts" in top


def test_beside_one_that_stands_the_chance_is_that_of_those_that_stand(
    app: Flask, clock: HandClock
) -> None:
    site = site_of(app)
    filed, client = waiting_case(site, clock), pcc(app)
    for number, said in ((8, "the one record that stands is not its record"), (9, "")):
        cells = {"offence_code": "28E", "incident_number": INCIDENT}
        made = f"{site.now():%Y-%m-%d %H:%M}"
        more = REMOVED if number == 8 else {}
        take(site, [row(f"54/{number}/26", recorded_at=made, **cells, **more)], is_full=False)
        look_again(site)
        page = client.get(at(site, filed)).text
        (top,) = re.findall(r'<p class="govuk-body" id="chance">(.*?)</p>', page)
        assert (said or "none of the records that stand is its record") in top
        assert "What was removed, or is a note, is weighed by itself" in top


def test_a_named_one_that_is_gone_is_offered_as_that(app: Flask, clock: HandClock) -> None:
    site = site_of(app)
    filed = crowded_case(site, clock, **REMOVED)
    client = pcc(app)
    beside = client.post(f"{at(site, filed)}/beside", data={"reference": "54/2/26"}).location
    page = client.get(beside).text
    assert "Was this the record of it?" in page
    assert offered(page)[0] == f"Yes, 54/2/26{WAS}"
    assert "done=gone" in decides(client, beside, "is-").location
    after = client.get(at(site, filed)).text
    assert "Too many records to compare" in after
    assert "Was its record" in after
    (link,) = re.findall(r'href="([^"]+/again\?[^"]+)"', after)
    assert sends(client, link)[0] == 303
