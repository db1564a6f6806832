"""The verifier as somebody runs it who has three files, Python, and nothing of this project."""

import subprocess
import sys
from pathlib import Path

_PROGRAM = Path(__file__).parents[2] / "portal" / "ledger" / "verify.py"


def verifies(folder: Path, receipt: bytes, policy: bytes) -> str:
    """What it says of a receipt under a policy. Raises AssertionError unless it is proved."""
    (folder / "receipt.json").write_bytes(receipt)
    (folder / "policy.txt").write_bytes(policy)
    # -I and -S: nothing of this project or of its packages can be imported.
    command = [sys.executable, "-I", "-S", str(_PROGRAM), "receipt.json", "--policy", "policy.txt"]
    said = subprocess.run(command, cwd=folder, capture_output=True, text=True)
    if said.returncode != 0 or "Proved" not in said.stdout:
        raise AssertionError(said.stdout + said.stderr)
    return said.stdout
