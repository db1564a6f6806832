"""A batch: a supply as one JSON document (docs/supply-api.md). Pure: bytes in, rows out.

What breaks the form of the document refuses the whole batch, as a broken file is refused. What is
wrong in the cells of one row refuses that row alone, by the same rules and in the same words as in
a file (`cells`, `rows`). No reason ever repeats what a cell, or the name of a field, holds.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated, Any, Literal, TypeAlias

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    TypeAdapter,
    ValidationError,
    create_model,
)

from portal.errors import Refused
from portal.police.cells import RefusedCell
from portal.police.feed import Item, Notice, Refusal, normalise_reference
from portal.police.rows import COLUMNS, RowReader

MOST_ROWS = 20_000
LARGEST_COUNT = 2**31 - 1
_MOST_ERRORS = 50
_STRICT = ConfigDict(strict=True, extra="forbid", hide_input_in_errors=True, frozen=True)
_MOMENT = (
    r"^(19|20|21)[0-9]{2}-[0-9]{2}-[0-9]{2}T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]"
    r"(\.[0-9]{1,6})?(Z|[+-]([01][0-9]|2[0-3]):[0-5][0-9])$"
)
_NOT_A_MOMENT = "not a date and time with its zone, such as 2026-02-01T00:00:00Z"

_REASONS = {
    "missing": "missing, and every batch needs it",
    "extra_forbidden": "holds a name that is not in the format",
    "string_type": "not text in quotation marks, or null",
    "literal_error": "neither full nor changes",
    "string_pattern_mismatch": _NOT_A_MOMENT,
    "value_error": _NOT_A_MOMENT,
    "int_type": "not a whole number",
    "list_type": "not a list",
    "dict_type": "not an object",
    "model_type": "not an object",
    "model_attributes_type": "not an object",
    "greater_than_equal": "below 0",
    "less_than_equal": "too large a number",
}


@dataclass(frozen=True, slots=True)
class Fault:
    """Something in a batch that is not of its form. `row` counts from 1; None: not in a row."""

    row: int | None
    field: str
    reason: str


class NotJson(Refused):
    """The batch is not JSON text in UTF-8."""


class WrongForm(Refused):
    """The batch is JSON, but not of the form of a batch: every fault that was found, up to 50."""

    def __init__(self, faults: tuple[Fault, ...]) -> None:
        super().__init__("The batch is not of the form that is asked for. Nothing was taken.")
        self.faults = faults


class TooManyRows(Refused):
    """The batch holds more rows than are taken at once."""


def read_moment(text: str) -> datetime:
    """The instant that a checked text of a batch means, in UTC. Raises ValueError."""
    return datetime.fromisoformat(text).astimezone(UTC)


def _check_moment(text: str) -> str:
    read_moment(text)
    return text


def _whole(value: object) -> object:
    # In JSON 2 and 2.0 are one number.
    return int(value) if isinstance(value, float) and value.is_integer() else value


_Cell: TypeAlias = str | None
_Moment = Annotated[
    str, Field(pattern=_MOMENT, json_schema_extra={"format": "date-time"}),
    AfterValidator(_check_moment),
]  # fmt: skip
_Count = Annotated[int, Field(ge=0, le=LARGEST_COUNT), BeforeValidator(_whole)]
_SAID = {
    "force": "The force's police.uk name. It may be left out: the credential names the force.",
    "crime_reference": "The reference as victims are given it. A row without it is refused.",
    "recorded_at": "When the crime was recorded. A row without it is refused.",
    "offence_code": "The Home Office offence code, or N100/1 to N100/3. Needed in every row.",
}
_CELLS: dict[str, Any] = {
    name: (_Cell, Field(default=None, description=_SAID.get(name, "As in a file of records.")))
    for name in COLUMNS
}
BatchRow = create_model(
    "BatchRow",
    __config__=_STRICT,
    __doc__="A crime record, or one of its victims; every value is text, or null for nothing.",
    **_CELLS,
)


class Batch(BaseModel):
    """One delivery of crime records: what it covers, and its rows."""

    model_config = _STRICT

    covers_from: _Moment = Field(description="The batch speaks for records made from here on …")
    covers_to: _Moment = Field(description="… up to here, which is not included. Not ahead of now.")
    holds: Literal["full", "changes"] = Field(
        description="full: every record made in the period. changes: those added or changed in it."
    )
    row_count: _Count = Field(description="How many rows there are; if not, none is taken.")
    rows: list[BatchRow] = Field(json_schema_extra={"maxItems": MOST_ROWS})  # type: ignore[valid-type]


_BATCH = TypeAdapter(Batch)


def read_batch(body: bytes) -> Batch:
    """The batch in a body. Raises NotJson, WrongForm, TooManyRows; nothing echoes the input."""
    try:
        batch = _BATCH.validate_json(body)
    except ValidationError as error:
        raise _refusal(error) from None
    if len(batch.rows) > MOST_ROWS:
        raise TooManyRows(
            f"A batch holds at most {MOST_ROWS:,} rows. Nothing was taken. Send it in several "
            "batches, each with its own part of the period."
        )
    return batch


def _refusal(error: ValidationError) -> Refused:
    found = error.errors(include_url=False, include_context=False, include_input=False)
    if any(one["type"] == "json_invalid" for one in found):
        return NotJson("The batch is not JSON text in UTF-8. Nothing was taken.")
    return WrongForm(tuple(_fault(one["type"], one["loc"]) for one in found[:_MOST_ERRORS]))


def _fault(kind: str, place: tuple[int | str, ...]) -> Fault:
    """A fault in words. `place` ends with the sender's own name where that is what is wrong."""
    row = next((part + 1 for part in place if isinstance(part, int)), None)
    names = [part for part in place if isinstance(part, str)]
    named = kind == "extra_forbidden"
    whole = "row" if row else "batch"
    field = whole if named or not names or isinstance(place[-1], int) else names[-1]
    return Fault(row, field, _REASONS.get(kind, "not of the form that is asked for"))


class BatchRows:
    """The rows of a batch, for `take_supply`: `line` counts rows from 1."""

    form = "json"

    def __init__(self, batch: Batch, *, offence_known: Callable[[str], bool]) -> None:
        self._batch = batch
        self._offence_known = offence_known

    def __call__(self, lines: Iterator[bytes], *, force_id: str, now: datetime) -> Iterator[Item]:
        """Rows, refusals and notices one at a time."""
        for _ in lines:
            # They were read already; they pass by once more so that the digest is of them all.
            pass
        reader = RowReader(force_id=force_id, offence_known=self._offence_known, now=now)
        for number, row in enumerate(self._batch.rows, 1):
            cells = [getattr(row, name) or "" for name in COLUMNS]
            cells[0] = cells[0] or force_id
            yield from _read(reader, number, cells)


def _read(reader: RowReader, number: int, cells: list[str]) -> Iterator[Item]:
    notices: list[Notice] = []
    try:
        row = reader.read(
            number, cells, lambda field, reason: notices.append(Notice(number, field, reason))
        )
    except RefusedCell as refused:
        yield Refusal(number, refused.field, refused.reason, _key(cells, refused.field))
    else:
        yield from notices
        yield row


def _key(cells: list[str], field: str) -> str:
    known = field not in ("force", "crime_reference")
    return normalise_reference(cells[COLUMNS.index("crime_reference")]) if known else ""
