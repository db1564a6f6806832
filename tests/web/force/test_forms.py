"""What a liaison types is read as meant, or asked for again in words."""

import io
from datetime import UTC, datetime

import pytest
from flask import Flask

from portal.police.service import Declaration
from portal.web.force.forms import AnswerForm, OpenForm, SupplyForm

SUPPLY = {
    "covers_from": "01/02/2026",
    "covers_to": "2026-02-28 14:30",
    "kind": "changes",
    "rows": "12,345",
}


@pytest.fixture
def posts() -> "Posts":
    app = Flask("test")
    app.config.update(SECRET_KEY="x", WTF_CSRF_ENABLED=False)
    return Posts(app)


class Posts:
    def __init__(self, app: Flask) -> None:
        self.app = app

    def __call__(self, force_id: str | None, **typed: str) -> tuple[SupplyForm, bool]:
        data = SUPPLY | typed | {"file": (io.BytesIO(b"x"), "records.csv")}
        with self.app.test_request_context(method="POST", data=data):
            form = SupplyForm.for_force(force_id)
            return form, form.validate()


def test_a_declaration_is_read_in_london_time_with_its_last_day_or_time(posts: Posts) -> None:
    form, accepted = posts("wiltshire")
    assert accepted
    assert form.declaration() == Declaration(
        datetime(2026, 2, 1, tzinfo=UTC), datetime(2026, 2, 28, 14, 30, tzinfo=UTC), False, 12345
    )


def test_a_liaison_is_not_asked_for_the_force_and_cannot_give_another(posts: Posts) -> None:
    form, accepted = posts("wiltshire", force="dorset")
    assert accepted
    assert "force" not in form


def test_an_administrator_is_asked_for_the_force(posts: Posts) -> None:
    assert not posts(None)[1]
    assert posts(None, force="dorset")[1]


@pytest.mark.parametrize("rows", ["", "-1", "1.5", "ten", "²"])
def test_rows_are_a_whole_number(posts: Posts, rows: str) -> None:
    form, accepted = posts("wiltshire", rows=rows)
    assert not accepted
    assert [link.href for link in form.error_links()] == ["#rows"]


def test_a_wrong_day_is_said_at_its_own_field(posts: Posts) -> None:
    form, accepted = posts("wiltshire", covers_to="30 February")
    assert not accepted
    assert [link.href for link in form.error_links()] == ["#covers_to"]


@pytest.mark.parametrize(
    ("typed", "accepted"),
    [
        ({"crime_reference": " ", "words": ""}, False),
        ({"crime_reference": "54/1/26"}, True),
        ({"words": "We wrote to her"}, True),
    ],
)
def test_an_answer_says_something(posts: Posts, typed: dict[str, str], accepted: bool) -> None:
    with posts.app.test_request_context(method="POST", data=typed):
        assert AnswerForm().validate() is accepted


def test_a_reason_is_needed(posts: Posts) -> None:
    with posts.app.test_request_context(method="POST", data={"reason": " \n "}):
        assert not OpenForm().validate()
