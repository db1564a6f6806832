"""What every test may ask for: an empty, migrated database of either kind, and the site on it.

A test that takes `database_url`, or anything made from it, runs once on SQLite and once on a real
PostgreSQL. Migrations run once for each kind; a test gets a copy of the result.
"""

import gc
import itertools
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck
from hypothesis import settings as property_settings
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from portal.cli.schema import migrate
from portal.config import Settings
from portal.db import Database
from portal.site import Site
from tests.rig import postgres
from tests.rig.clock import HandClock
from tests.rig.compiled import COMPILED
from tests.rig.memory import find_memory_folder

_NUMBERS = itertools.count(1)
_KINDS = {"sqlite": "sqlite", "postgresql": "postgres"}

# How fast examples come says only how busy the machine is.
property_settings.register_profile(
    "shared-machine", deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
property_settings.load_profile("shared-machine")


# Heavy files first: one that begins last is waited for by itself.
_HEAVY = (
    "tests/journeys/test_every_page.py",
    "tests/web/test_hostile_values.py",
    "tests/promises/test_many_writers_at_once.py",
    "tests/web/force/test_openapi.py",
    "tests/journeys/",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The heaviest files first, and all others in their order."""

    def place(item: pytest.Item) -> int:
        there = (number for number, each in enumerate(_HEAVY) if item.nodeid.startswith(each))
        return next(there, len(_HEAVY))

    items.sort(key=place)


def pytest_collection_finish() -> None:
    """What is here by now stays to the end. To look through all of it for circles again and again
    costs a fifth of a run's time.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 10, 20)


def _migrate(url: str) -> None:
    database = Database(url)
    migrate(database)
    # Disposing folds the write-ahead log into the file, and PostgreSQL copies only idle databases.
    database.engine.dispose()


@pytest.fixture(scope="session")
def postgres_cluster() -> Iterator[postgres.Cluster]:
    """A PostgreSQL server of this test run's own, with nothing in it."""
    with postgres.running() as cluster:
        yield cluster


@pytest.fixture(scope="session")
def postgres_template(postgres_cluster: postgres.Cluster) -> str:
    """The name of a migrated database in the cluster, to be copied."""
    postgres_cluster.create("migrated")
    _migrate(postgres_cluster.url("migrated"))
    return "migrated"


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file, to be copied."""
    path = tmp_path_factory.mktemp("migrated") / "on-record.sqlite"
    _migrate(f"sqlite:///{path}")
    return path


@pytest.fixture
def database_folder() -> Iterator[Path]:
    """Where this test's SQLite files lie: in memory if there is room, and gone after the test."""
    with TemporaryDirectory(prefix="on-record-", dir=find_memory_folder()) as folder:
        yield Path(folder)


@pytest.fixture(params=["sqlite", "postgresql"])
def backend(request: pytest.FixtureRequest) -> str:
    """Which kind of database the test runs on."""
    return str(request.param)


@pytest.fixture
def empty_database_url(
    backend: str, request: pytest.FixtureRequest, database_folder: Path
) -> Iterator[str]:
    """The address of a database with no tables: for the migrations' own tests."""
    if backend == "sqlite":
        yield f"sqlite:///{database_folder / 'empty.sqlite'}"
        return
    cluster: postgres.Cluster = request.getfixturevalue("postgres_cluster")
    name = f"empty_{next(_NUMBERS)}"
    cluster.create(name)
    yield cluster.url(name)
    cluster.drop(name)


@pytest.fixture
def database_url(
    backend: str, request: pytest.FixtureRequest, database_folder: Path
) -> Iterator[str]:
    """The address of a migrated database that this test has for itself."""
    template = request.getfixturevalue(f"{_KINDS[backend]}_template")
    yield from _copy(template, database_folder, request)


def _copy(template: Path | str, folder: Path, request: pytest.FixtureRequest) -> Iterator[str]:
    if isinstance(template, Path):
        path = folder / template.name
        shutil.copy(template, path)
        yield f"sqlite:///{path}"
        return
    cluster: postgres.Cluster = request.getfixturevalue("postgres_cluster")
    name = f"test_{next(_NUMBERS)}"
    cluster.create(name, template=template)
    yield cluster.url(name)
    cluster.drop(name)


@pytest.fixture
def settings(database_url: str, tmp_path: Path) -> Settings:
    """Demonstration settings on the test's database; codes and passwords are hashed quickly."""
    return _make_settings(database_url, tmp_path / "instance")


def _make_settings(url: str, instance: Path) -> Settings:
    return replace(
        Settings.for_demonstration(instance, database_url=url),
        code_hash_memory_kib=64,
        code_hash_passes=1,
        password_memory_kib=64,
        password_passes=1,
    )


@pytest.fixture
def clock() -> HandClock:
    """The site's clock, moved by hand: `clock.advance(hours=25)`."""
    return HandClock()


@pytest.fixture
def site(settings: Settings, clock: HandClock) -> Iterator[Site]:
    """The running installation, without its pages."""
    made = Site.from_settings(settings, now=clock, make_engine=COMPILED.make_engine)
    yield made
    made.database.engine.dispose()


@dataclass(frozen=True)
class Life:
    """A site on which everything happened once: its database, its own files, and when it ended."""

    database: Path | str
    instance: Path
    ended: datetime


@pytest.fixture(scope="session")
def sqlite_life(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Life:
    """It lies in an SQLite file, to be copied."""
    folder = tmp_path_factory.mktemp("life")
    path = folder / "life.sqlite"
    shutil.copy(sqlite_template, path)
    return Life(path, folder, _live(f"sqlite:///{path}", folder))


@pytest.fixture(scope="session")
def postgres_life(
    postgres_cluster: postgres.Cluster,
    postgres_template: str,
    tmp_path_factory: pytest.TempPathFactory,
) -> Life:
    """It lies in a database of the cluster, to be copied."""
    folder = tmp_path_factory.mktemp("life")
    postgres_cluster.create("life", template=postgres_template)
    return Life("life", folder, _live(postgres_cluster.url("life"), folder))


def _live(url: str, instance: Path) -> datetime:
    from tests.rig.audited import live

    clock = HandClock()
    site = _open_life(url, instance, clock)
    live(site, clock)
    site.database.engine.dispose()
    return clock.instant


def _open_life(url: str, instance: Path, clock: HandClock) -> Site:
    settings = replace(_make_settings(url, instance), publish_multiple=128)
    return Site.from_settings(settings, now=clock, make_engine=COMPILED.make_engine)


@pytest.fixture
def lived(
    backend: str,
    request: pytest.FixtureRequest,
    database_folder: Path,
    tmp_path: Path,
    clock: HandClock,
) -> Iterator[Site]:
    """A site of this test's own on which everything happened once, with the clock at its end.

    It holds more than 256 entries, three publications, and a row of every kind.
    """
    life: Life = request.getfixturevalue(f"{_KINDS[backend]}_life")
    shutil.copytree(life.instance, tmp_path / "instance")
    clock.instant = life.ended
    for url in _copy(life.database, database_folder, request):
        made = _open_life(url, tmp_path / "instance", clock)
        yield made
        made.database.engine.dispose()


@pytest.fixture
def database(site: Site) -> Database:
    """The site's database: `with database.transaction() as session`."""
    return site.database


@pytest.fixture
def engine(database: Database) -> Engine:
    """The bare engine, to look at what really lies in the tables."""
    return database.engine


@pytest.fixture
def session(database: Database) -> Iterator[Session]:
    """One open transaction for the whole test, undone at its end.

    On SQLite nobody else can write meanwhile: a test of two writers opens its own transactions.
    """
    with database.transaction() as opened:
        yield opened
        opened.rollback()


@pytest.fixture
def app(settings: Settings, clock: HandClock) -> Iterator[Flask]:
    """The whole site, with its clock moved by hand and form tokens not asked for."""
    from portal.app import create_app

    made = create_app(settings, now=clock, compiled=COMPILED)
    made.config.update(TESTING=True, WTF_CSRF_ENABLED=False)
    yield made
    made.extensions["on_record"].database.engine.dispose()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A browser without JavaScript: it keeps cookies and follows nothing by itself."""
    return app.test_client()
