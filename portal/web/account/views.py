"""The addresses under /account, and what every page for signed-in people shares."""

from collections.abc import Callable

from flask import Blueprint, Response, g, session
from werkzeug.wrappers import Response as AnyResponse

from portal.accounts.sign_ins import is_unseen, touch
from portal.web.access import site
from portal.web.account import entry, mine, people, terms

blueprint = Blueprint("account", __name__)

View = Callable[..., str | AnyResponse | tuple[str, int] | tuple[str, int, dict[str, str]]]

_GET = ("GET",)
_POST = ("POST",)
_BOTH = ("GET", "POST")
_RULES: tuple[tuple[str, str, View, tuple[str, ...]], ...] = (
    ("/sign-in", "sign_in", entry.sign_in, _BOTH),
    ("/choose-password", "choose_password", entry.choose_password, _BOTH),
    ("/sign-out", "sign_out", entry.sign_out, _POST),
    ("", "me", mine.me, _GET),
    ("/password", "change_password", mine.change_password, _BOTH),
    ("/end-others", "end_others", mine.end_others, _POST),
    ("/people", "people", people.people, _GET),
    ("/people/add", "add_person", people.add_person, _BOTH),
    ("/people/<uuid:account_id>", "person", people.person, _GET),
    ("/people/<uuid:account_id>/close", "close_person", people.close_person, _BOTH),
    ("/people/<uuid:account_id>/end", "end_person", people.end_person, _POST),
    ("/people/<uuid:account_id>/password", "give_password", people.give, _POST),
    ("/forces", "forces", terms.forces, _GET),
    ("/forces/<force_id>", "force_terms", terms.force_terms, _BOTH),
)
for _rule, _endpoint, _view, _methods in _RULES:
    blueprint.add_url_rule(_rule, _endpoint, _view, methods=_methods)


@blueprint.after_app_request
def keep_open(response: Response) -> Response:
    """Mark the sign-in of this request as used, so that it is not taken for idle."""
    token = session.get("sign_in")
    if token and g.get("account") is not None:
        now, database = site().now(), site().database
        with database.reading() as reading:
            unseen = is_unseen(reading, token, now=now)
        if unseen:
            with database.transaction() as writing:
                touch(writing, token, now=now)
    return response
