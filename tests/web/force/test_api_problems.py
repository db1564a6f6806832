"""Whatever goes wrong at an address for programs, it is told in one form."""

import pytest
from flask import Flask

from portal.errors import Busy, Misconfigured, NotFound, OnRecordError, Refused, Unavailable
from portal.police.batch import Fault, WrongForm
from portal.web.force.api_problems import ENDPOINTS, Problem, domain_problem, http_problem
from portal.web.routes import who_may_enter


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (Refused("No."), 409),
        (NotFound("None."), 404),
        (Busy("Wait."), 503),
        (Unavailable("Later."), 503),
        (WrongForm((Fault(1, "place", "wrong"), Fault(None, "batch", "wrong"))), 422),
    ],
)
def test_every_error_of_the_domain_is_told_with_its_words(
    error: OnRecordError, status: int
) -> None:
    answer = domain_problem(error)
    assert answer is not None
    problem = Problem.model_validate_json(answer.data)
    assert answer.status_code == problem.status == status
    assert problem.detail == error.message
    assert len(problem.errors) == (2 if status == 422 else 0)
    assert ("Retry-After" in answer.headers) == (status == 503)


def test_an_error_that_nobody_should_see_is_left_to_be_a_fault() -> None:
    assert domain_problem(Misconfigured("A setting is missing.")) is None


@pytest.mark.parametrize("status", [400, 404, 405, 413, 418, 500, 502])
def test_every_http_error_is_told_in_the_same_form(status: int) -> None:
    answer = http_problem(status)
    assert Problem.model_validate_json(answer.data).status == answer.status_code == status


def test_the_addresses_for_programs_are_addresses(app: Flask) -> None:
    assert set(who_may_enter()) >= ENDPOINTS
