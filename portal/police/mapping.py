"""How one shape of export is read as the one format of supplies: columns and values by name. Pure.

A mapping is data (docs/crime-records-format.md, "Other shapes"). It renames columns, puts values of
the format in place of a force's own words, and names the columns that are known and not needed.
Names and words are compared without regard to capitals, dots, blanks and dashes: tools change them.
"""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from portal.errors import Misconfigured
from portal.police.rows import COLUMNS

_PARTS = frozenset({"title", "columns", "passed_over", "values", "offence_titles"})
_MARKS = re.compile(r"[^a-z0-9]+")
_LONGEST = 200


class BadMapping(Misconfigured):
    """A mapping that does not hold together: which one and why."""

    def __init__(self, name: str, reason: str) -> None:
        super().__init__(f"The mapping {name} was refused: {reason}")


@dataclass(frozen=True)
class ColumnMapping:
    """One shape. `columns` gives the format's column for a plain name of the export."""

    name: str
    title: str
    columns: Mapping[str, str]
    passed_over: frozenset[str]
    values: Mapping[str, Mapping[str, str]] = field(repr=False)

    def rename(self, header: Sequence[str]) -> list[str]:
        """The header in the format's own names; "" for a column that is known and not needed.

        Of several columns that stand for one, the first in the mapping counts, and the others are
        passed over. A column of the format's own name stays. Others come back as they are.
        """
        plain = [plain_name(name) for name in header]
        chosen: dict[str, str] = {}
        for known, column in self.columns.items():
            if known in plain:
                chosen.setdefault(column, known)
        own = {plain_name(column): column for column in COLUMNS}
        return [
            self._rename(known, shown, own, chosen)
            for known, shown in zip(plain, header, strict=True)
        ]

    def _rename(
        self, plain: str, shown: str, own: Mapping[str, str], chosen: Mapping[str, str]
    ) -> str:
        column = self.columns.get(plain)
        if column is not None:
            return column if chosen[column] == plain else ""
        if plain in own:
            return own[plain]
        return "" if plain in self.passed_over else shown

    def change(self, column: str, cell: str) -> str:
        """What the format writes for a cell of one of its columns."""
        words = self.values.get(column)
        if not words or len(cell) > _LONGEST:
            return cell
        return words.get(plain_name(cell), cell)


def plain_name(text: str) -> str:
    """A name or a word as it is compared: "Date.From", "date from" and "DATE_FROM" are one."""
    return _MARKS.sub(" ", text[:_LONGEST].casefold()).strip()


def read_mapping(name: str, text: str, *, offence_titles: Mapping[str, str]) -> ColumnMapping:
    """A mapping from its JSON text. `offence_titles` gives the code of a title (`plain_name`).

    Raises BadMapping for anything that could be read in two ways, or that names no column.
    """
    try:
        told = json.loads(text)
    except ValueError:
        raise BadMapping(name, "it is not JSON") from None
    if not isinstance(told, dict) or not {"title", "columns"} <= set(told) <= _PARTS:
        raise BadMapping(name, f"its parts are {', '.join(sorted(_PARTS))}; two are needed")
    columns = _columns(name, told["columns"])
    passed_over = frozenset(plain_name(each) for each in told.get("passed_over", ()))
    if passed_over & set(columns):
        raise BadMapping(name, "a column is both taken and passed over")
    values = _values(name, told.get("values", {}))
    if told.get("offence_titles", False):
        values["offence_code"] = {**offence_titles, **values.get("offence_code", {})}
    return ColumnMapping(name, str(told["title"]), columns, passed_over, values)


def _columns(name: str, told: Any) -> dict[str, str]:  # noqa: ANN401 - JSON
    found: dict[str, str] = {}
    for column, names in told.items():
        if column not in COLUMNS:
            raise BadMapping(name, f"the format has no column {column}")
        for each in names:
            if found.setdefault(plain_name(each), column) != column:
                raise BadMapping(name, f"{each} stands for two columns")
    return found


def _values(name: str, told: Any) -> dict[str, dict[str, str]]:  # noqa: ANN401 - JSON
    for column in told:
        if column not in COLUMNS:
            raise BadMapping(name, f"the format has no column {column}")
    return {
        column: {plain_name(word): value for word, value in words.items()}
        for column, words in told.items()
    }
