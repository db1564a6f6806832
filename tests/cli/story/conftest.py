"""The story, told once on SQLite, for every test that only looks at it."""

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from portal.config import Settings
from portal.site import Site
from tests.rig.clock import HandClock
from tests.rig.story import Tale, tell


@pytest.fixture(scope="session")
def tale(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tale]:
    """A site of this run's own, four weeks into the story. Look, but change nothing."""
    folder = tmp_path_factory.mktemp("story")
    shutil.copy(sqlite_template, folder / "on-record.sqlite")
    settings = replace(
        Settings.for_demonstration(folder),
        code_hash_memory_kib=64,
        code_hash_passes=1,
        password_memory_kib=64,
        password_passes=1,
    )
    site = Site.from_settings(settings, now=HandClock())
    yield tell(site)
    site.database.engine.dispose()
