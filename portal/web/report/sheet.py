"""A receipt on paper, in words that tell nobody what it is about: the same on a page and as PDF."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from portal.ledger.verify import Verdict
from portal.web.filters import london
from portal.web.report.qr import CHECK_PATH, Code

TITLE = "A receipt"
_OWN_WITNESS = (
    " In this demonstration the only witness runs inside this site, so it vouches to nobody."
)
_OPENS = {
    "sequence": "whether other entries came before it that belong to it",
    "kind": "whether something was put here, taken back or erased",
}


@dataclass(frozen=True)
class Part:
    """A heading and what stands under it, one paragraph each."""

    title: str
    paragraphs: Sequence[str]


@dataclass(frozen=True)
class Sheet:
    """What stands on one printed receipt. `groups` are of the return code: none unless asked for.

    `code` is None when the receipt is too long for one.
    """

    entry: int
    log: str
    at: datetime
    verdict: Verdict
    holds: bool
    public_url: str
    shown: Sequence[str]
    code: Code | None = field(default=None, repr=False)
    groups: Sequence[str] = field(default=(), repr=False)
    demonstration: bool = False

    @property
    def check_address(self) -> str:
        """Where the code leads, without the receipt in it."""
        return f"{self.public_url}{CHECK_PATH}"

    @property
    def rows(self) -> Mapping[str, str]:
        """The facts, by their names."""
        size = {"Entries in the list then": str(self.verdict.size)} if self.holds else {}
        return {
            "Entry number": str(self.entry),
            "Name of the list": self.log,
            **size,
            "Time by our own clock": london(self.at, zone=True),
            "Time by other clocks": self._time_by_others() or "None yet",
        }

    @property
    def parts(self) -> Sequence[Part]:
        """All that is said on the sheet but the facts, in order."""
        return [
            Part("What this shows", self._shows()),
            Part("How to check it", self._check()),
            Part(
                "What it does not show",
                ["It does not show what was written, whether it is true, or who wrote or read it."],
            ),
        ]

    @property
    def code_words(self) -> str:
        """What the square code is, for somebody who does not see it."""
        return f"Square code. It opens {self.check_address} with this receipt in it."

    @property
    def _size(self) -> str:
        return "1 entry" if self.verdict.size == 1 else f"{self.verdict.size} entries"

    def _time_by_others(self) -> str:
        if self.verdict.not_after is None:
            return ""
        return f"not after {london(datetime.fromtimestamp(self.verdict.not_after, UTC), zone=True)}"

    def _shows(self) -> list[str]:
        if not self.holds:
            return ["We could not check this receipt just now. Print it again later."]
        others = self._time_by_others()
        return [
            f"Entry {self.entry} was in the list when the list had {self._size}. We "
            "signed the list with it in, so we cannot say later that it was not there.",
            f"Others outside signed the list too. By their clocks it was there {others}."
            + (_OWN_WITNESS if self.demonstration else "")
            if others
            else "Nobody outside has confirmed a time yet. The time above is what our own clock "
            "said.",
        ]

    def _check(self) -> list[str]:
        file_too = (
            f"The receipt file shows the same and more. {self.public_url}/receipts says how to "
            "check a file."
        )
        if self.code is None:
            return [
                "There is no square code on this sheet, because the receipt is too long for one. "
                "This sheet alone proves nothing. Use the receipt file: you can save it when you "
                "come back with the return code.",
                f"{self.public_url}/receipts says how to check the file.",
            ]
        opens = ", and ".join(words for name, words in _OPENS.items() if name in self.shown)
        return [
            f"Point a phone’s camera at the square code. It opens {self.check_address}, and that "
            "page checks the receipt.",
            f"Besides what stands on this sheet, it opens {opens}. All else stays locked, and "
            "nobody can guess it.",
            file_too,
        ]
