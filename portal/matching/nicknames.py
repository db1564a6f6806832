"""Names that one person may go by: Bill for William, Kasia for Katarzyna, Mohd for Muhammad."""

from functools import cache
from pathlib import Path

from portal.reference.files import BadDataFile, read_rows

DATA = Path(__file__).parent / "data"
_FILE = "nicknames.csv"


@cache
def all_nicknames(directory: Path = DATA) -> dict[str, frozenset[str]]:
    """Every name of the list with the groups that it belongs to. Raises BadDataFile.

    A group is called by its first name. "sam" is in two: Samuel's and Samantha's.
    """
    groups: dict[str, set[str]] = {}
    for row in read_rows(directory, _FILE, ("name", "also"), key="name"):
        for name in (row.text("name"), *row.words("also")):
            if not (name.isascii() and name.isalpha() and name.islower()):
                raise BadDataFile(_FILE, row.line, "names are written in small letters a to z")
            groups.setdefault(name, set()).add(row.text("name"))
    return {name: frozenset(found) for name, found in groups.items()}


def nickname_groups(name: str) -> frozenset[str]:
    """The groups of a normalised forename; its own name where the list has none."""
    return all_nicknames().get(name) or frozenset((name,))
