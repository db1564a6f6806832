"""The page of figures says what it shows, and what it holds back."""

import re

from flask import Flask

from portal.reports.milestones import MILESTONES as ALL_MILESTONES
from portal.reports.survey_models import SurveyCount
from portal.reports.surveys import ITEMS as ALL_ITEMS
from portal.site import Site
from portal.web.oversight.confidence import ITEMS, MILESTONES, say_quarter
from tests.rig.people import add_person, sign_in, site_of


def put(site: Site, number: int, **cell: object) -> None:
    plain: dict[str, object] = {
        "force_id": "wiltshire",
        "milestone": "sent",
        "quarter": "2025-Q4",
        "item": "believed",
        "answer": 5,
    }
    with site.database.transaction() as session:
        session.add(SurveyCount(**(plain | cell), number=number))


def test_an_inspector_reads_shares_with_intervals_in_a_drawing_and_in_tables(app: Flask) -> None:
    site = site_of(app)
    put(site, 15)
    put(site, 5, answer=2)
    put(site, 3, item="again")
    page = sign_in(app, add_person(site, "inspector")).get("/oversight/said").text
    assert "<svg" in page
    assert "75 % (53 % to 89 %)" in page
    assert "Fewer than 10" in page
    assert "After it was sent" in page
    assert "Wiltshire" in page


def test_an_office_sees_no_other_force_and_no_table_of_forces(app: Flask) -> None:
    site = site_of(app)
    put(site, 15, force_id="dorset")
    person = add_person(site, "pcc", force_id="wiltshire")
    page = sign_in(app, person).get("/oversight/said").text
    assert "No answers came in these quarters." in page
    assert "Dorset" not in page


def test_every_item_and_milestone_has_its_words() -> None:
    assert set(ITEMS) == set(ALL_ITEMS)
    assert set(MILESTONES) == set(ALL_MILESTONES)


def test_quarters_are_named_by_their_months(app: Flask) -> None:
    assert say_quarter("2025-Q4") == "October to December 2025"
    assert say_quarter("2026-Q1") == "January to March 2026"
    site = site_of(app)
    page = sign_in(app, add_person(site, "inspector")).get("/oversight/said").text
    assert "and October to December 2025" in page
    # As it is kept; two signs alone may stand in a token that is drawn by chance.
    assert not re.search(r"[0-9]{4}-Q[1-4]", page)
