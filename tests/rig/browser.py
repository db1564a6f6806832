"""The Chromium that the journeys drive: the one on this machine, never one that is downloaded.

`python -m tests.rig.browser` prints where it is, or says what is missing.
"""

import shutil
import subprocess
import sys
from pathlib import Path

from tests.rig.postgres import MissingTool

_NAMES = ("chromium", "google-chrome-stable", "google-chrome", "chromium-browser")


def get_browser() -> Path:
    """The first browser that starts. Raises MissingTool with what to install."""
    for name in _NAMES:
        found = shutil.which(name)
        if found and _starts(found):
            return Path(found)
    raise MissingTool(
        "The tests need Chromium or Google Chrome, and this machine has none that starts. On "
        "Debian: apt-get install chromium. On Ubuntu the package of that name only points to a "
        "snap: run snap install chromium, or install Google Chrome's .deb. Then run this again."
    )


def _starts(program: str) -> bool:
    # Ubuntu's stub is found like a browser, and says only then that it is none.
    said = subprocess.run([program, "--version"], capture_output=True, text=True)
    return said.returncode == 0 and any(c.isdigit() for c in said.stdout)


if __name__ == "__main__":
    try:
        print(get_browser())
    except MissingTool as missing:
        sys.exit(str(missing))
