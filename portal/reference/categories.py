"""Plain-word categories to choose from, and the offences each may be recorded as."""

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from portal.reference.files import DATA, DataRow, NotInReference, read_rows
from portal.reference.offences import all_kinds, find_offence

FLAGS = frozenset({"rape", "sexual", "child", "person", "fraud", "gentle", "open", "young"})
_COLUMNS = ("slug", "name", "words", "hint", "group", "codes", "lead_code", "flags")
_SLUG = re.compile(r"[a-z]+(-[a-z]+)*")


@dataclass(frozen=True)
class Category:
    """One answer to "what happened?".

    `words` are the victim's, `name` is short and for tables. `codes` all count as the same
    offence; `lead_code` is a modest example for severity (None: severity not known). The flag
    "young" puts it into the shorter list for people under 18.
    """

    slug: str
    name: str
    words: str
    hint: str
    group: str
    codes: frozenset[str]
    lead_code: str | None
    flags: frozenset[str]

    @property
    def severity_weight(self) -> float | None:
        """The ONS severity weight of the lead code, or None where there is none."""
        offence = find_offence(self.lead_code) if self.lead_code else None
        return offence.severity_weight if offence else None

    @property
    def is_open(self) -> bool:
        """It names no offence ("not sure"): a person looks at every match."""
        return "open" in self.flags


@cache
def all_categories(directory: Path = DATA) -> tuple[Category, ...]:
    """Every category, in the order in which they are offered. Raises BadDataFile."""
    rows = read_rows(directory, "categories.csv", _COLUMNS, key="slug")
    return tuple(_category(row, directory) for row in rows)


def find_category(slug: str, directory: Path = DATA) -> Category | None:
    """The category with this slug, or None."""
    return next((one for one in all_categories(directory) if one.slug == slug), None)


def get_category(slug: str, directory: Path = DATA) -> Category:
    """As `find_category`. Raises NotInReference."""
    category = find_category(slug, directory)
    if category is None:
        raise NotInReference("The list of what can happen has no such answer.")
    return category


def _category(row: DataRow, directory: Path) -> Category:
    slug, flags = row.text("slug"), frozenset(row.words("flags"))
    if not _SLUG.fullmatch(slug):
        raise row.bad("slug must be small letters joined by dashes")
    if flags - FLAGS:
        raise row.bad(f"unknown flag {min(flags - FLAGS)}")
    codes = frozenset(row.words("codes"))
    if bool(codes) == ("open" in flags):
        raise row.bad("a category has codes, or the flag open, and not both")
    return Category(
        slug,
        row.text("name"),
        row.text("words"),
        row.optional("hint"),
        row.text("group"),
        codes,
        _lead(row, codes, directory),
        flags,
    )


def _lead(row: DataRow, codes: frozenset[str], directory: Path) -> str | None:
    unknown = codes - set(all_kinds(directory))
    if unknown:
        raise row.bad(f"offence_kinds.csv has no code {min(unknown)}")
    lead = row.optional("lead_code")
    if not lead:
        return None
    if lead not in codes or find_offence(lead, directory) is None:
        raise row.bad("lead_code must be one of codes and stand in offences.csv")
    return lead
