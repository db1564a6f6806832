"""Who is asked again whether they agree, and what no answer allows."""

from typing import Any

import pytest
from flask import Flask
from werkzeug.datastructures import MultiDict

from portal.site import Site
from portal.web.report.forms_later import LaterPassForm, TellForm
from portal.web.report.page_form import Around

SENT = {"kind": "unknown"}


@pytest.fixture
def backend() -> str:
    """What is asked does not depend on the database."""
    return "sqlite"


Later = TellForm | LaterPassForm


def made(
    app: Flask,
    site: Site,
    who: dict[str, Any],
    typed: dict[str, str],
    kind: type[Later] = TellForm,
) -> Later:
    with app.test_request_context("/"):
        around = Around({"who": who}, 0, frozenset({"kent"}), site.now())
        return kind.make({}, around, MultiDict(typed))


@pytest.mark.parametrize(
    ("agreed", "now", "goes"),
    [
        ("no", "", False),
        ("no", "no", False),
        ("no", "yes", True),
        ("cannot_ask", "", False),
        ("cannot_ask", "yes", True),
        ("yes", "", True),
    ],
)
def test_nothing_goes_on_without_the_agreement_that_is_missing(
    app: Flask, site: Site, agreed: str, now: str, goes: bool
) -> None:
    form = made(app, site, {"who_for": "other", "agrees": agreed}, SENT | {"agrees_now": now})
    assert (not form.error_links()) is goes
    assert form.consent == now


@pytest.mark.parametrize(("now", "goes"), [("no", False), ("cannot_ask", False), ("yes", True)])
def test_only_a_yes_lets_it_be_passed_on(app: Flask, site: Site, now: str, goes: bool) -> None:
    typed = {"force": "kent", "agrees": "yes", "agrees_now": now}
    who = {"who_for": "other", "agrees": "cannot_ask"}
    form = made(app, site, who, typed, LaterPassForm)
    words = [error.text for error in form.error_links()]
    assert (not words) is goes
    assert goes or "only if they say yes" in words[0]
    told = made(app, site, who, SENT | {"agrees_now": "cannot_ask"})
    assert not told.error_links()


def test_it_is_not_asked_of_people_who_file_for_themselves(app: Flask, site: Site) -> None:
    assert made(app, site, {"who_for": "self"}, SENT).consent == ""


def test_the_force_of_the_place_is_chosen_beforehand(app: Flask, site: Site) -> None:
    answers = {"allegations": [{"force": {"force": "kent"}}]}
    with app.test_request_context("/"):
        around = Around(answers, 0, frozenset({"kent"}), site.now())
        assert TellForm.make({}, around).force.data == "kent"
        assert LaterPassForm.make({}, around).force.data == "kent"
