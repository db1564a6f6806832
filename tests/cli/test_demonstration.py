"""Promises about trying the site: one command, the same sign-ins every time, never real data."""

import re
import socket
from dataclasses import replace
from pathlib import Path

import click
import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import func, select

from portal.cli.demonstration import Say, SignIn, SignIns, command, prepare, welcome
from portal.cli.schema import migrate
from portal.config import Settings
from portal.errors import Refused
from portal.reports.codes import new_code
from portal.reports.models import Report
from portal.site import Site
from tests.rig.filed import file_report

CODE = new_code(bytes(range(12)))
SIGN_INS = SignIns(
    (
        SignIn("inspector", "inspector@example.org", "three quiet otters"),
        SignIn("pcc", "pcc@example.org", "seven loud herons"),
    ),
    CODE,
)


class Story:
    """A seed that files one report, or is cut short after that."""

    def __init__(self, *, cut_short: bool = False) -> None:
        self.cut_short = cut_short
        self.told = 0

    def __call__(self, site: Site, say: Say) -> SignIns:
        self.told += 1
        say("once upon a time")
        file_report(site)
        if self.cut_short:
            raise KeyboardInterrupt
        return SIGN_INS


@pytest.fixture
def fresh(tmp_path: Path) -> Site:
    """An installation that nobody has started yet."""
    settings = Settings.for_demonstration(tmp_path / "fresh")
    return Site.from_settings(replace(settings, code_hash_memory_kib=64, code_hash_passes=1))


def count_reports(site: Site) -> int:
    with site.database.reading() as session:
        return session.scalar(select(func.count()).select_from(Report)) or 0


def run(site: Site, story: Story, *words: str) -> Result:
    return Flask("test").test_cli_runner().invoke(command(Flask("test"), site, story), words)


def test_the_first_start_makes_tables_and_data_and_later_ones_change_nothing(fresh: Site) -> None:
    story, said = Story(), list[str]()
    assert prepare(fresh, story, said.append) == SIGN_INS
    assert prepare(fresh, story, said.append) == SIGN_INS
    assert story.told == 1
    assert said == ["once upon a time"]
    assert count_reports(fresh) == 1


def test_the_sign_ins_are_kept_where_only_their_owner_reads_them(fresh: Site) -> None:
    prepare(fresh, Story(), lambda _: None)
    kept = fresh.settings.instance / "demonstration-sign-ins.json"
    assert kept.stat().st_mode & 0o777 == 0o600


def test_a_first_start_that_was_cut_short_begins_again_by_itself(fresh: Site) -> None:
    with pytest.raises(KeyboardInterrupt):
        prepare(fresh, Story(cut_short=True), lambda _: None)
    said = list[str]()
    assert prepare(fresh, Story(), said.append) == SIGN_INS
    assert "begins again" in said[0]
    assert count_reports(fresh) == 1


def test_a_database_that_was_named_is_never_emptied(site: Site) -> None:
    with pytest.raises(KeyboardInterrupt):
        prepare(site, Story(cut_short=True), lambda _: None)
    with pytest.raises(click.ClickException, match="Empty the database"):
        prepare(site, Story(), lambda _: None)
    assert count_reports(site) == 1


def test_outside_demonstration_mode_nothing_is_made_up(fresh: Site) -> None:
    real = replace(fresh, settings=replace(fresh.settings, demonstration=False))
    story = Story()
    said = run(real, story)
    assert said.exit_code == 1
    assert "ON_RECORD_DEMONSTRATION=1" in said.output
    assert story.told == 0


def test_a_port_that_is_taken_is_said_before_anything_is_made(fresh: Site) -> None:
    story = Story()
    with socket.create_server(("127.0.0.1", 0)) as listener:
        said = run(fresh, story, "--port", str(listener.getsockname()[1]))
    assert said.exit_code == 1
    assert re.search(r"make run PORT=\d+", said.output)
    assert story.told == 0


def test_what_the_story_refuses_is_said_in_its_words(fresh: Site) -> None:
    class Refusing(Story):
        def __call__(self, site: Site, say: Say) -> SignIns:
            raise Refused("The database holds something already.")

    with socket.create_server(("127.0.0.1", 0)) as listener:
        free = listener.getsockname()[1]
    said = run(fresh, Refusing(), "--port", str(free))
    assert said.exit_code == 1
    assert "holds something already" in said.output
    assert "Traceback" not in said.output


def test_what_the_story_was_refused_for_is_never_removed_by_the_next_start(fresh: Site) -> None:
    class Refusing(Story):
        def __call__(self, site: Site, say: Say) -> SignIns:
            raise Refused("The database holds something already.")

    migrate(fresh.database)
    file_report(fresh)
    for _ in range(2):
        with pytest.raises(Refused):
            prepare(fresh, Refusing(), lambda _: None)
    assert count_reports(fresh) == 1


def test_the_address_is_the_one_of_the_port_that_was_chosen(fresh: Site) -> None:
    seen = list[str]()

    class Looking(Story):
        def __call__(self, site: Site, say: Say) -> SignIns:
            seen.append(site.settings.public_url)
            raise Refused("That is enough.")

    with socket.create_server(("127.0.0.1", 0)) as listener:
        free = listener.getsockname()[1]
    run(fresh, Looking(), "--port", str(free))
    assert seen == [f"http://127.0.0.1:{free}"]
    assert f"On Record is at {seen[0]}\n" in welcome(free, SIGN_INS)


def test_the_welcome_tells_a_newcomer_all_that_they_need() -> None:
    words = welcome(9000, SIGN_INS)
    assert "http://127.0.0.1:9000" in words
    for person in SIGN_INS.people:
        assert person.role in words
        assert person.email in words
        assert person.password in words
    grouped = "-".join(CODE[start : start + 5] for start in range(0, 20, 5))
    assert grouped in words
    assert "Ctrl-C" in words
