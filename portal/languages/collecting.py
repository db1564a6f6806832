"""Collects every English sentence that is shown in Welsh too, and brings `cy.po` up to date.

`make words` runs it: sentences that are new stand in the file without a translation, which a test
refuses; those that are gone are taken out. A translation is never guessed from a similar sentence.
"""

import csv
import io
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

from portal.languages.translating import WELSH

ROOT = Path(__file__).parents[2]
FILE = Path(__file__).parent / f"{WELSH}.po"
_KEYWORDS: dict[str, tuple[int, ...] | None] = {
    "_": None,
    "gettext": None,
    "lazy": None,
    "noted": None,
    "ngettext": (1, 2),
}
_TRIMMED = {"trimmed": "true", "newstyle_gettext": "true", "silent": "false"}
_TABLES = {
    "bank_holidays.csv": ("name",),
    "categories.csv": ("name", "words", "hint", "group"),
    "offences.csv": ("title",),
}
"""Columns of portal/reference/data whose words are shown to a person, through `_`."""
_HEADER = """\
# Welsh for the pages of On Record. Written by `make words`; docs/welsh.md has the glossary.
msgid ""
msgstr ""
"Project-Id-Version: On Record\\n"
"Language: cy\\n"
"Language-Team: cy\\n"
"Plural-Forms: nplurals=6; plural=(n==0) ? 0 : (n==1) ? 1 : (n==2) ? 2 : "
"(n==3) ? 3 :(n==6) ? 4 : 5;\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"

"""

Message = str | tuple[str, ...]


def collect(root: Path = ROOT) -> Catalog:
    """Every message of the templates, the code and the tables, with the files that it is in."""
    found = Catalog(locale=WELSH)
    for where, message in (*_in_templates(root), *_in_code(root), *_in_tables(root)):
        found.add(message, locations=[(where, 0)])
    return found


def read(path: Path = FILE) -> Catalog:
    """The translations as they stand."""
    with path.open("rb") as source:
        return read_po(source, locale=WELSH)


def update(root: Path = ROOT, path: Path = FILE) -> list[Message]:
    """Write the file anew with every message there is; those without a translation."""
    catalogue = read(path)
    catalogue.update(collect(root), no_fuzzy_matching=True, update_header_comment=False)
    path.write_bytes(_HEADER.encode() + _written(catalogue))
    return missing(read(path))


def missing(catalogue: Catalog) -> list[Message]:
    """The messages that have no translation, or one that nobody has looked at."""
    return [
        tuple(each.id) if isinstance(each.id, list | tuple) else each.id
        for each in catalogue
        if each.id and (each.fuzzy or not _is_whole(each.string))
    ]


def _is_whole(string: object) -> bool:
    return all(string) if isinstance(string, list | tuple) else bool(string)


def _written(catalogue: Catalog) -> bytes:
    written = io.BytesIO()
    write_po(
        written,
        catalogue,
        width=100,
        omit_header=True,
        sort_output=True,
        ignore_obsolete=True,
        include_lineno=False,
    )
    return written.getvalue().strip() + b"\n"


def _in_templates(root: Path) -> Iterator[tuple[str, Message]]:
    found = extract_from_dir(
        root / "templates",
        method_map=[("**.html", "jinja2.ext:babel_extract")],
        options_map={"**.html": _TRIMMED},
        keywords=_KEYWORDS,
    )
    for name, _line, message, _comments, _context in found:
        yield f"templates/{name}", message


def _in_code(root: Path) -> Iterator[tuple[str, Message]]:
    found = extract_from_dir(root / "portal", method_map=[("**.py", "python")], keywords=_KEYWORDS)
    for name, _line, message, _comments, _context in found:
        yield f"portal/{name}", message


def _in_tables(root: Path) -> Iterator[tuple[str, Message]]:
    for name, columns in _TABLES.items():
        path = root / "portal" / "reference" / "data" / name
        with path.open(encoding="utf-8", newline="") as source:
            for row in csv.DictReader(source):
                for column in columns:
                    if row[column]:
                        yield f"portal/reference/data/{name}", row[column]


if __name__ == "__main__":
    for each in update():
        print("without a translation:", each if isinstance(each, str) else each[0])
