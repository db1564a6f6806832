"""Names and words, the person's and the records', open only after a reason that is written down."""

import re

from flask import Flask
from sqlalchemy import func, select

from portal.ledger.service import timeline
from portal.reports.drafts import get_data_key
from portal.reports.models import Look
from portal.reports.service import withdraw
from tests.rig.clock import HandClock
from tests.rig.people import add_person, sign_in, site_of
from tests.rig.reviewed import allegation_of, crowded_case, waiting_case
from tests.rig.watched import WORDS


def looks(app: Flask) -> int:
    with site_of(app).database.reading() as session:
        return session.scalar(select(func.count()).select_from(Look)) or 0


def test_both_sides_open_after_a_reason_for_this_person_and_a_quarter_of_an_hour(
    app: Flask, clock: HandClock
) -> None:
    site = site_of(app)
    filed = waiting_case(site, clock, victim_name="Bea Quill", place="Kiln Row")
    client = sign_in(app, add_person(site, "pcc", force_id="wiltshire"))
    other = sign_in(app, add_person(site, "inspector"))
    case = f"/oversight/review/{allegation_of(site, filed)}"
    at = f"{case}/open"
    assert client.post(at, data={"reason": " "}).status_code == 422
    assert looks(app) == 0
    answer = client.post(at, data={"reason": "To compare the names."})
    assert (answer.status_code, looks(app)) == (303, 1)
    page = client.get(answer.location).text
    for said in (WORDS, "Bea Quill", "Kiln Row", "To compare the names.", f'href="{case}"'):
        assert said in page, said
    assert other.get(answer.location).location == at
    clock.advance(minutes=16)
    assert client.get(answer.location).location == at


def test_what_was_withdrawn_does_not_open(app: Flask, clock: HandClock) -> None:
    site = site_of(app)
    filed = waiting_case(site, clock)
    client = sign_in(app, add_person(site, "inspector"))
    at = f"/oversight/review/{allegation_of(site, filed)}/open"
    with site.database.transaction() as session:
        withdraw(session, filed.id, keyring=site.keyring, now=site.now())
    assert "withdrew it" in client.get(at).text
    tried = client.post(at, data={"reason": "To read it."})
    assert tried.status_code == 422
    assert "To read it." in tried.text
    assert looks(app) == 0


def test_a_reason_opens_the_record_that_was_named_alone_and_its_entry_says_which(
    app: Flask, clock: HandClock
) -> None:
    site = site_of(app)
    filed = crowded_case(site, clock, victim_name="Bea Quill")
    client = sign_in(app, add_person(site, "pcc", force_id="wiltshire"))
    case = f"/oversight/review/{allegation_of(site, filed)}"
    beside = {
        one: client.post(f"{case}/beside", data={"reference": one}).location
        for one in ("54/2/26", "54/3/26")
    }
    first, other = (one.partition("?")[2] for one in beside.values())
    opened = client.post(f"{case}/open?{first}", data={"reason": "To compare."}).location
    assert "Bea Quill" in client.get(opened).text
    page = opened.partition("?")[0]
    tried = [re.sub(r"=\d+", f"={number}", opened) for number in range(1, 12)]
    seen = [client.get(one).text for one in (*tried, f"{page}?{first}", f"{page}?{other}", page)]
    assert [one for one in seen if "Bea Quill" in one and "54/2/26" not in one] == []
    assert sum("Bea Quill" in one for one in seen) == 1
    with site.database.reading() as session:
        key = get_data_key(session, filed.id, keyring=site.keyring)
        (look,) = [
            one.fields
            for one in timeline(session, filed.id, key.open)
            if one.kind == "looked_at" and one.fields
        ]
    assert (look["record.force"], look["record.reference"]) == ("wiltshire", "54/2/26")
    clock.advance(minutes=16)
    again = client.get(opened).location
    assert again.startswith(f"{case}/open?")
    assert client.post(again, data={"reason": "Once more."}).status_code == 303
