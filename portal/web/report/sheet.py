"""A receipt on paper, in words that tell nobody what it is about: the same on a page and as PDF."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from portal.languages.translating import _, lazy, ngettext
from portal.ledger.verify import Verdict
from portal.web.filters import london
from portal.web.report.qr import CHECK_PATH, Code

TITLE = lazy("A receipt")
_OWN_WITNESS = lazy(
    "In this demonstration the only witness runs inside this site, so it vouches to nobody."
)
_OPENED = frozenset({"sequence", "kind"})
_OPENS = {
    _OPENED: lazy(
        "Besides what stands on this sheet, it opens whether other entries came before it that "
        "belong to it, and whether something was put here, taken back or erased. All else stays "
        "locked, and nobody can guess it."
    ),
    frozenset({"sequence"}): lazy(
        "Besides what stands on this sheet, it opens whether other entries came before it that "
        "belong to it. All else stays locked, and nobody can guess it."
    ),
    frozenset({"kind"}): lazy(
        "Besides what stands on this sheet, it opens whether something was put here, taken back or "
        "erased. All else stays locked, and nobody can guess it."
    ),
    frozenset[str](): lazy("All else stays locked, and nobody can guess it."),
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
        size = {_("Entries in the list then"): str(self.verdict.size)} if self.holds else {}
        return {
            _("Entry number"): str(self.entry),
            _("Name of the list"): self.log,
            **size,
            _("Time by our own clock"): london(self.at, zone=True),
            _("Time by other clocks"): self._time_by_others() or _("None yet"),
        }

    @property
    def parts(self) -> Sequence[Part]:
        """All that is said on the sheet but the facts, in order."""
        return [
            Part(_("What this shows"), self._shows()),
            Part(_("How to check it"), self._check()),
            Part(
                _("What it does not show"),
                [
                    _(
                        "It does not show what was written, whether it is true, or who wrote or "
                        "read it."
                    )
                ],
            ),
        ]

    @property
    def code_words(self) -> str:
        """What the square code is, for somebody who does not see it."""
        return _(
            "Square code. It opens %(address)s with this receipt in it.",
            address=self.check_address,
        )

    def _time_by_others(self) -> str:
        if self.verdict.not_after is None:
            return ""
        moment = london(datetime.fromtimestamp(self.verdict.not_after, UTC), zone=True)
        return _("not after %(moment)s", moment=moment)

    def _shows(self) -> list[str]:
        if not self.holds:
            return [_("We could not check this receipt just now. Print it again later.")]
        size = self.verdict.size or 0
        stands = ngettext(
            "Entry %(entry)s was in the list when the list had %(size)s entry. We signed the list "
            "with it in, so we cannot say later that it was not there.",
            "Entry %(entry)s was in the list when the list had %(size)s entries. We signed the "
            "list with it in, so we cannot say later that it was not there.",
            size,
        )
        return [stands % {"entry": self.entry, "size": size}, self._vouched()]

    def _vouched(self) -> str:
        others = self._time_by_others()
        if not others:
            return _(
                "Nobody outside has confirmed a time yet. The time above is what our own clock "
                "said."
            )
        words = _(
            "Others outside signed the list too. By their clocks it was there %(moment)s.",
            moment=others,
        )
        return f"{words} {_OWN_WITNESS}" if self.demonstration else words

    def _check(self) -> list[str]:
        address = f"{self.public_url}/receipts"
        if self.code is None:
            return [
                _(
                    "There is no square code on this sheet, because the receipt is too long for "
                    "one. This sheet alone proves nothing. Use the receipt file: you can save it "
                    "when you come back with the return code."
                ),
                _("%(address)s says how to check the file.", address=address),
            ]
        return [
            _(
                "Point a phone’s camera at the square code. It opens %(address)s, and that page "
                "checks the receipt.",
                address=self.check_address,
            ),
            self._opens(),
            _(
                "The receipt file shows the same and more. %(address)s says how to check a file.",
                address=address,
            ),
        ]

    def _opens(self) -> str:
        """What the square code opens besides what stands on the sheet."""
        return str(_OPENS[frozenset(_OPENED.intersection(self.shown))])
