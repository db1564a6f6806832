"""Opening with a reason: without one nothing is written, and with one the look stands first."""

from uuid import UUID, uuid4

import pytest
from flask import Flask, g
from sqlalchemy.orm import Session

from portal.accounts.models import Account
from portal.errors import Refused
from portal.reports.models import Look
from portal.web.oversight.forms import OpenForm
from portal.web.oversight.opening import take_reason

REPORT = uuid4()
ACCOUNT = Account(role="inspector")


def look(session: Session, report_id: UUID, /, *, reason: str, **_keys: object) -> Look:
    return Look(report_id=report_id, account_id=uuid4(), sealed_reason=reason.encode())


def refuse(session: Session, report_id: UUID, /, **_keys: object) -> Look:
    raise Refused("The person it belongs to withdrew it.")


def sent(app: Flask, reason: str, write: object) -> tuple[Look | None, OpenForm]:
    with app.test_request_context(method="POST", data={"reason": reason}):
        g.account = ACCOUNT
        form = OpenForm()
        return take_reason(form, write, REPORT), form  # type: ignore[arg-type]


def test_a_reason_is_handed_on_with_the_report_it_is_about(app: Flask) -> None:
    made, _form = sent(app, "To check the alert", look)
    assert made is not None
    assert (made.report_id, made.sealed_reason) == (REPORT, b"To check the alert")


def test_without_a_reason_nothing_is_written(app: Flask) -> None:
    made, form = sent(app, "", pytest.fail)
    assert made is None
    assert form.error_links()


def test_what_is_refused_is_said_in_the_form(app: Flask) -> None:
    made, form = sent(app, "To check the alert", refuse)
    assert made is None
    assert "withdrew it" in str(form.error_links())
