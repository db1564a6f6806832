"""Promises about the log of the service: one line of JSON each, and nothing that a person sent."""

import io
import json
import logging
from collections.abc import Iterator

import pytest

from portal.cli.json_lines import JsonLines, hide_addresses, install

TYPED = "she lives at 4 Harbour Lane"


@pytest.fixture
def lines(request: pytest.FixtureRequest) -> Iterator[tuple[logging.Logger, io.StringIO]]:
    logger = logging.getLogger(f"test.{request.node.name}")
    stream = io.StringIO()
    install(logger.name, stream)
    yield logger, stream
    logger.handlers.clear()


def fail() -> None:
    try:
        raise ValueError(TYPED)
    except ValueError as error:
        raise RuntimeError(f"could not store {TYPED}") from error


def test_a_line_is_json_with_the_time_and_what_happened(
    lines: tuple[logging.Logger, io.StringIO],
) -> None:
    logger, stream = lines
    logger.info("job %s", "done", extra={"facts": {"job": "sweep", "done": 3}})
    line = json.loads(stream.getvalue())
    assert line["what"] == "job done"
    assert line["level"] == "info"
    assert (line["job"], line["done"]) == ("sweep", 3)
    assert line["at"].endswith("+00:00")


def test_an_error_is_written_by_kind_and_place_and_never_by_its_words(
    lines: tuple[logging.Logger, io.StringIO],
) -> None:
    logger, stream = lines
    try:
        fail()
    except RuntimeError:
        logger.exception("job failed")
    assert "Harbour" not in stream.getvalue()
    line = json.loads(stream.getvalue())
    assert line["kinds"] == ["RuntimeError", "ValueError"]
    assert any(place.endswith(":fail") for place in line["places"])


def test_words_of_several_lines_stay_one_line(lines: tuple[logging.Logger, io.StringIO]) -> None:
    logger, stream = lines
    logger.warning("one\ntwo\n{not: json}")
    assert stream.getvalue().count("\n") == 1
    assert json.loads(stream.getvalue())["what"] == "one\ntwo\n{not: json}"


def test_a_fact_that_json_does_not_know_is_named_by_its_kind_only(
    lines: tuple[logging.Logger, io.StringIO],
) -> None:
    logger, stream = lines
    logger.info("odd", extra={"facts": {"thing": {TYPED}}})
    assert json.loads(stream.getvalue())["thing"] == "set"


def test_installing_twice_writes_every_line_once(
    lines: tuple[logging.Logger, io.StringIO],
) -> None:
    logger, stream = lines
    install(logger.name, stream)
    logger.info("once")
    assert stream.getvalue().count("\n") == 1
    assert isinstance(logger.handlers[0].formatter, JsonLines)


def test_a_servers_lines_say_what_went_wrong_and_not_who_asked_for_what(
    caplog: pytest.LogCaptureFixture,
) -> None:
    for _ in range(2):
        hide_addresses("test.server")
    logger = logging.getLogger("test.server")
    logger.warning("Invalid request from ip=192.0.2.7: Invalid HTTP header: 'Secret'")
    try:
        raise ValueError("Ada")
    except ValueError:
        logger.exception("Error handling request %s %s", "GET", "/back/open?x=192.0.2.7")
    logger.warning("Worker was sent %s", "SIGTERM")
    assert [each.getMessage() for each in caplog.records] == [
        "A request could not be read",
        "A request could not be served: ValueError",
        "Worker was sent SIGTERM",
    ]
    assert not any(each.exc_info or each.exc_text for each in caplog.records)
