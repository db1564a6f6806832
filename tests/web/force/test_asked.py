"""The liaison finds a question in the inbox; what they answer is a claim and stops nothing."""

import re

from flask import Flask
from sqlalchemy import select

from portal.accounts.models import Account
from portal.matching.asking import ask
from portal.matching.models import Match
from tests.rig.clock import HandClock
from tests.rig.filed import agree_inbox
from tests.rig.people import add_person, sign_in, site_of
from tests.rig.reviewed import case_of, waiting_case


def test_a_question_waits_in_the_inbox_until_it_is_answered_and_oversight_reads_the_answer(
    app: Flask, clock: HandClock
) -> None:
    site = site_of(app)
    agree_inbox(site)
    filed = waiting_case(site, clock, way="pass")
    inspector = add_person(site, "inspector")
    case = case_of(site, filed, inspector)
    with site.database.transaction() as session:
        ask(
            session,
            case.allegation.id,
            case.proposed[0].record.id,
            "force",
            account=session.get_one(Account, inspector),
            keyring=site.keyring,
            now=site.now(),
        )
    client = sign_in(app, add_person(site, "liaison", force_id="wiltshire"))
    kent = sign_in(app, add_person(site, "liaison", force_id="kent", name="kent"))
    page = client.get("/force").text
    (address,) = re.findall(r'href="(/force/asked/[^"]+)"', page)
    assert "Questions to your force" not in kent.get("/force").text
    assert kent.get(address).status_code == 404
    assert kent.post(address, data={"answer": "yes"}).status_code == 404
    assert "Is 54/7/26 the record of this report?" in client.get(address).text
    nothing = client.post(address, data={"words": "Our words."})
    assert nothing.status_code == 400
    assert "Our words.</textarea>" in nothing.text
    answer = client.post(address, data={"answer": "no", "words": "That was a shed."})
    assert answer.location == "/force?done=answered"
    assert "stops no time limit" in client.get(answer.location).text
    assert client.get(address).status_code == 404
    read = sign_in(app, inspector).get(f"/oversight/review/{case.allegation.id}").text
    assert "That was a shed." in read
    with site.database.reading() as session:
        assert session.scalars(select(Match.state)).all() == ["proposed"]
