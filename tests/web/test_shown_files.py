"""Files as an advocate, a force and oversight see them: a look for each, before it is sent."""

import re
from datetime import timedelta
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from portal.cli.jobs import run_once
from portal.reports.models import Handover, Look
from portal.reports.service import withdraw
from portal.site import Site
from tests.rig.clock import HandClock
from tests.rig.filed import Filed, agree_inbox, alerts_of, file_report, look_again
from tests.rig.people import add_person, sign_in, site_of
from tests.rig.uploads import HONEST, PLACE, SCRIPT, add, jpeg

FILES = re.compile(r'href="(/\w+/files/[0-9a-f-]{36})"')
PICTURE = jpeg() + SCRIPT


def looks(site: Site) -> int:
    with site.database.reading() as session:
        return session.scalar(select(func.count()).select_from(Look)) or 0


def add_files(app: Flask, filed: Filed) -> None:
    site = site_of(app)
    add(site, filed.id, PICTURE, "her <b>name.jpg")
    add(site, filed.id, HONEST["mp4"])
    run_once(site)


@pytest.fixture
def advocate(app: Flask) -> tuple[FlaskClient, str, Filed]:
    """An advocate, and how they open what they sent for somebody."""
    account = add_person(site_of(app), "advocate")
    filed = file_report(site_of(app), way="keep", filed_by=account)
    return sign_in(app, account), f"/advocate/{filed.id}", filed


@pytest.fixture
def liaison(app: Flask) -> tuple[FlaskClient, str, Filed]:
    """A liaison, and how they open what was passed to their force."""
    site = site_of(app)
    agree_inbox(site)
    filed = file_report(site, way="pass")
    with site.database.reading() as session:
        handover = session.scalars(select(Handover.id)).one()
    account = add_person(site, "liaison", force_id="wiltshire")
    return sign_in(app, account), f"/force/{handover}", filed


@pytest.fixture
def inspector(app: Flask, clock: HandClock) -> tuple[FlaskClient, str, Filed]:
    """An inspector, and how they open what an alert is about."""
    site = site_of(app)
    filed = file_report(site, told=clock() - timedelta(hours=1))
    clock.advance(days=4)
    look_again(site)
    (alert,) = alerts_of(site)
    return sign_in(app, add_person(site, "inspector")), f"/oversight/alerts/{alert.id}/open", filed


def open_it(client: FlaskClient, address: str) -> str:
    """Open the report with a reason; the page that shows it."""
    reason = "help" if address.startswith("/advocate") else "To see what they added."
    return client.post(address, data={"reason": reason}, follow_redirects=True).text


@pytest.mark.parametrize("who", ["advocate", "liaison", "inspector"])
def test_whoever_may_open_a_report_sees_its_files_and_each_is_a_look_of_its_own(
    app: Flask, who: str, request: pytest.FixtureRequest
) -> None:
    client, address, filed = request.getfixturevalue(who)
    add_files(app, filed)
    page = open_it(client, address)
    assert "2 files were added" in page
    found = FILES.search(page)
    assert found is not None
    listed = client.get(found[1])
    assert looks(site_of(app)) == 1
    assert "her &lt;b&gt;name.jpg" in listed.text
    assert "The person can see this." in listed.text
    assert listed.text.count("Save the original") == 2
    copy = client.post(f"{found[1]}/1", data={"what": "copy"})
    assert looks(site_of(app)) == 2
    assert copy.mimetype == "image/jpeg"
    assert copy.headers["Content-Security-Policy"].endswith("sandbox")
    assert PLACE not in copy.data
    assert b"Bandersnatch" not in copy.data
    original = client.post(f"{found[1]}/1", data={"what": "original"})
    assert original.data == PICTURE
    assert original.headers["Content-Disposition"] == 'attachment; filename="file-1.jpg"'
    assert looks(site_of(app)) == 3
    assert client.post(f"{found[1]}/2", data={"what": "copy"}).status_code == 404
    assert client.get(f"{found[1]}/1").status_code == 405
    assert looks(site_of(app)) == 3


def test_the_person_reads_who_opened_which_file(
    app: Flask, client: FlaskClient, liaison: tuple[FlaskClient, str, Filed]
) -> None:
    force, address, filed = liaison
    add_files(app, filed)
    found = FILES.search(open_it(force, address))
    assert found is not None
    force.post(f"{found[1]}/1")
    force.post(f"{found[1]}/2", data={"what": "original"})
    client.post("/back", data={"code": filed.code})
    page = client.get("/back/open").text
    assert "They looked at the copy of file 1." in page
    assert "They saved file 2 as you added it." in page


def test_a_quarter_of_an_hour_later_the_reason_is_asked_anew(
    app: Flask, clock: HandClock, inspector: tuple[FlaskClient, str, Filed]
) -> None:
    client, address, filed = inspector
    add_files(app, filed)
    found = FILES.search(open_it(client, address))
    assert found is not None
    clock.advance(minutes=15)
    assert "Open it again, and say why." in client.get(found[1]).text
    assert client.post(f"{found[1]}/1").status_code == 404
    assert looks(site_of(app)) == 1


def test_another_role_another_force_and_a_stranger_see_nothing(
    app: Flask, liaison: tuple[FlaskClient, str, Filed]
) -> None:
    client, address, filed = liaison
    site = site_of(app)
    add_files(app, filed)
    found = FILES.search(open_it(client, address))
    assert found is not None
    look_id = UUID(found[1].rpartition("/")[2])
    surrey = sign_in(app, add_person(site, "liaison", force_id="surrey", name="surrey"))
    registrar = sign_in(app, add_person(site, "registrar", force_id="wiltshire"))
    assert surrey.get(found[1]).status_code == 404
    assert surrey.post(f"{found[1]}/1").status_code == 404
    assert registrar.get(f"/oversight/files/{look_id}").status_code == 403
    assert registrar.get(found[1]).status_code == 403
    assert app.test_client().post(f"{found[1]}/1").status_code == 403
    assert looks(site) == 1


def test_what_is_withdrawn_meanwhile_does_not_open(
    app: Flask, advocate: tuple[FlaskClient, str, Filed]
) -> None:
    client, address, filed = advocate
    site = site_of(app)
    add_files(app, filed)
    found = FILES.search(open_it(client, address))
    assert found is not None
    with site.database.transaction() as session:
        withdraw(session, filed.id, keyring=site.keyring, now=site.now())
    assert client.get(found[1]).status_code == 404
    assert client.post(f"{found[1]}/1", data={"what": "original"}).status_code == 404
    assert looks(site) == 1


def test_a_report_without_files_says_nothing_of_files(
    liaison: tuple[FlaskClient, str, Filed],
) -> None:
    client, address, _filed = liaison
    assert not FILES.search(open_it(client, address))
