"""Nobody enters a page that the table does not open to them; an address not listed is not there."""

import pytest
from flask import Blueprint, Flask
from flask.testing import FlaskClient

from portal.web.access import SIGNED_IN, VisitEndedError, find_account, get_visit, install
from portal.web.routes import who_may_enter
from tests.rig.people import add_person, sign_in, site_of

STAFF = sorted(SIGNED_IN)
HOME = {
    "advocate": "/advocate",
    "liaison": "/force",
    "registrar": "/oversight",
    "pcc": "/oversight",
    "inspector": "/oversight",
    "administrator": "/account/people",
}
FORCE_OF = {"liaison": "kent", "registrar": "kent", "pcc": "kent"}


@pytest.fixture
def backend() -> str:
    """Who may enter does not depend on the database."""
    return "sqlite"


def test_an_address_that_the_table_does_not_list_is_not_there(app: Flask) -> None:
    fresh = Flask("fresh")
    fresh.extensions = app.extensions
    hidden = Blueprint("hidden", "hidden")
    hidden.add_url_rule("/hidden", "page", lambda: "seen")
    fresh.register_blueprint(hidden)
    install(fresh, {})
    assert fresh.test_client().get("/hidden").status_code == 404
    open_to_all = Flask("open")
    open_to_all.register_blueprint(hidden)
    install(open_to_all, {"hidden.page": frozenset({"anyone"})})
    assert open_to_all.test_client().get("/hidden").data == b"seen"


@pytest.mark.parametrize("role", STAFF)
def test_each_role_enters_its_own_area_and_none_of_the_others(app: Flask, role: str) -> None:
    person = add_person(site_of(app), role, force_id=FORCE_OF.get(role))
    browser = sign_in(app, person)
    for home in sorted(set(HOME.values())):
        expected = 200 if HOME[role] == home else 403
        answer = browser.get(home)
        assert answer.status_code == expected, home


def test_somebody_who_is_not_signed_in_is_asked_to_sign_in_first(client: FlaskClient) -> None:
    for home in sorted(set(HOME.values())):
        answer = client.get(home)
        assert answer.status_code == 302
        assert answer.headers["Location"].startswith("/account/sign-in?next=")


def test_a_page_of_a_visit_opens_for_nobody_without_one(client: FlaskClient) -> None:
    answer = client.get("/start/check")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/back")


def test_a_made_up_token_opens_nothing(app: Flask) -> None:
    browser = app.test_client()
    with browser.session_transaction() as cookie:
        cookie["sign_in"] = cookie["visit"] = "made-up"
    assert browser.get("/oversight").status_code == 302
    with app.test_request_context("/"):
        assert find_account() is None
        with pytest.raises(VisitEndedError):
            get_visit()


def test_no_role_may_enter_the_pages_of_a_visit_and_no_visitor_those_of_staff() -> None:
    for endpoint, who in who_may_enter().items():
        assert who in (frozenset({"anyone"}), frozenset({"visitor"})) or who <= SIGNED_IN, endpoint
