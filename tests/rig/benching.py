"""What benchmarks share: databases that really sync to a disk, and how figures are said."""

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from portal.cli.schema import migrate
from portal.config import Settings
from portal.site import Site
from tests.rig import postgres

# The usual temporary folder is memory on many machines, where nothing is synced.
_DISK = Path("/var/tmp")  # noqa: S108 - by its standard the place that outlives a restart

BACKENDS = tuple(os.environ.get("BENCH_BACKENDS", "sqlite postgresql").split())

MakeSite = Callable[[str, str], Site]
"""A new site with migrated tables, by kind of database and a name."""


def option(name: str, usual: int) -> int:
    """A number from the environment, so that a test can ask for a small run."""
    return int(os.environ.get(name, usual))


@contextmanager
def sites() -> Iterator[MakeSite]:
    """Make sites on databases that lie on a disk and wait for it with every commit."""
    made: list[Site] = []
    with TemporaryDirectory(dir=_DISK) as name, postgres.running(durable=_DISK) as cluster:
        folder = Path(name)

        def make(backend: str, title: str) -> Site:
            url = None
            if backend == "postgresql":
                cluster.create(title)
                url = cluster.url(title)
            settings = Settings.for_demonstration(folder / backend / title, database_url=url)
            site = Site.from_settings(settings)
            migrate(site.database)
            made.append(site)
            return site

        try:
            yield make
        finally:
            for site in made:
                site.database.engine.dispose()


def percentile(values: Sequence[float], share: float) -> float:
    """The value that this share (0 to 1) of the values do not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


def judge(words: str, found: float, mark: float, *, at_most: bool) -> str:
    """A figure beside its mark, and whether the mark is met. It is said, and stops nothing."""
    met = found <= mark if at_most else found >= mark
    bound = "at most" if at_most else "at least"
    return f"{words}: {found:.2f} (mark: {bound} {mark:g}){'' if met else '  MISSED'}"
