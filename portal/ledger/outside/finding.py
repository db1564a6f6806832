"""What a monitor can find, in plain words, with an exit code for each. Pure."""

from pathlib import Path
from typing import NamedTuple

WELL = 0
DAMAGED = 1
ROLLBACK = 3
FORK = 4
ALTERED = 5
NOT_SIGNED = 6
UNREACHABLE = 7
"""Exit codes; 2 is left to the command line for wrong use."""

NAMES = {
    WELL: "All well",
    DAMAGED: "Own files damaged",
    ROLLBACK: "Rollback",
    FORK: "Fork",
    ALTERED: "Altered entries",
    NOT_SIGNED: "Not signed by the key",
    UNREACHABLE: "Unreachable",
}

NEXT = {
    WELL: "",
    DAMAGED: "",
    ROLLBACK: "Ask the log's operator why, and keep the evidence. A backup that was put back "
    "looks like this; so does hiding entries.",
    FORK: "Keep the evidence and show it to the other witnesses and to oversight: the two signed "
    "notes prove it to anyone. The log must be closed.",
    ALTERED: "Keep the evidence. Look again from another place: if it stays so, the log, or "
    "somebody on the way, serves other entries than were signed.",
    NOT_SIGNED: "Check the key with the log's operator, by another way than this address.",
    UNREACHABLE: "Nothing is known about the log now. Look again; if it stays so, ask its "
    "operator.",
}


class Finding(NamedTuple):
    """What was found: an exit code, a sentence, which entries it is about, where evidence lies."""

    code: int
    words: str
    entries: tuple[int, int] | None = None
    evidence: Path | None = None

    @property
    def name(self) -> str:
        """The kind of finding in one or two words."""
        return NAMES[self.code]

    def lines(self) -> list[str]:
        """The finding as lines for a person."""
        said = [f"{self.name}. {self.words}"]
        if self.entries:
            said.append(f"First entries concerned: {self.entries[0]} to {self.entries[1]}.")
        if self.evidence:
            said.append(f"Evidence: {self.evidence}")
        if NEXT[self.code]:
            said.append(NEXT[self.code])
        return said
