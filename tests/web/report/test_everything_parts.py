"""Each section of a copy tells its part in words and as data that is plain JSON."""

import json

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from portal.reports.drafts import get_data_key
from portal.reports.models import Report
from portal.sealing import DataKey
from portal.site import Site
from portal.web.report.everything import SECTIONS, Contribute
from portal.web.report.everything_beside import safe_way
from portal.web.report.everything_parts import Part, limits, what_was_sent
from tests.rig.clock import HandClock
from tests.rig.drafts import Draft, kept_report
from tests.rig.filed import Filed, file_report, look_again
from tests.rig.letters import confirm_safe_way
from tests.rig.own import Own
from tests.rig.people import site_of


@pytest.fixture
def site(app: Flask) -> Site:
    return site_of(app)


def made(app: Flask, site: Site, filed: Filed, contribute: Contribute) -> Part:
    def read(session: Session) -> tuple[Report, DataKey]:
        report = session.get_one(Report, filed.id)
        return report, get_data_key(session, filed.id, keyring=site.keyring)

    with app.test_request_context("/"), site.database.reading() as session:
        return contribute(session, *read(session))


def test_every_section_of_a_lived_report_can_be_written_down(
    app: Flask, site: Site, clock: HandClock
) -> None:
    filed = file_report(site, categories=["raped"], told=clock(), words="He came at night.")
    own = Own(site, filed)
    own.add("More.")
    own.correct("what", 1, category="hurt", other="")
    look_again(site)
    parts = [made(app, site, filed, each) for each in SECTIONS]
    assert len({part.name for part in parts}) == len(SECTIONS)
    for part in parts:
        assert json.loads(json.dumps(part.data)) is not None or part.name == "safe_way"
        assert part.title


def test_answers_are_there_as_sent_and_as_they_hold_now(
    app: Flask, site: Site, clock: HandClock
) -> None:
    filed = file_report(site, about={"name": "Ada Quill"})
    Own(site, filed).correct("about", name="Ida Quill")
    data = made(app, site, filed, what_was_sent).data
    assert isinstance(data, dict)
    assert data["answers"]["about"]["name"] == "Ada Quill"
    assert data["answers_now"]["about"]["name"] == "Ida Quill"


def test_what_nobody_was_told_has_no_limit_and_says_so(app: Flask, site: Site) -> None:
    kept = kept_report(site)
    part = made(app, site, Filed(Report(id=kept.id), kept.code), limits)
    assert part.data == []
    assert "Nobody was told" in part.sections[0].lines[0].value


def test_the_safe_way_is_told_to_its_own_person(app: Flask, site: Site) -> None:
    filed = file_report(site)
    assert made(app, site, filed, safe_way).data is None
    confirm_safe_way(Draft(site, filed.id, filed.code), "me@example.org")
    data = made(app, site, filed, safe_way).data
    assert isinstance(data, dict)
    assert (data["kind"], data["address"]) == ("email", "me@example.org")
