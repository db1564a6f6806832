"""Go and Debian's copy of golang.org/x/mod, for the checks by somebody else's programs.

`python -m tests.rig.golang` prints which Go there is, or says what is missing.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from tests.rig.postgres import MissingTool

_SOURCES = Path("/usr/share/gocode")
_NEEDED = _SOURCES / "src/golang.org/x/mod/sumdb/tlog/tlog.go"


def get_go() -> str:
    """The path of the Go command. Raises MissingTool without it or without the library."""
    found = shutil.which("go")
    if found is None or not _NEEDED.is_file():
        raise MissingTool(
            "The tests need Go and its library golang.org/x/mod. Install them (on Debian and "
            "Ubuntu: apt-get install golang-go golang-golang-x-mod-dev), then run this again."
        )
    return found


def build(sources: Path, program: Path) -> Path:
    """Build the Go program in a folder, without a network. Returns `program`.

    Raises MissingTool, or AssertionError with what the compiler said.
    """
    environment = os.environ | {
        # Debian's packages are laid out for builds by path, which ask no module proxy.
        "GO111MODULE": "off",
        "GOPATH": str(_SOURCES),
        "GOPROXY": "off",
        "GOFLAGS": "",
        "CGO_ENABLED": "0",
        "GOCACHE": str(program.parent / "cache"),
    }
    said = subprocess.run(
        [get_go(), "build", "-o", program, "."],
        cwd=sources,
        env=environment,
        capture_output=True,
        text=True,
    )
    if said.returncode != 0:
        raise AssertionError(said.stderr)
    return program


if __name__ == "__main__":
    try:
        print(get_go())
    except MissingTool as missing:
        sys.exit(str(missing))
