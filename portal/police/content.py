"""What one supply says of one crime: its rows merged, compared, and sealed. Pure.

A register's extract holds one crime on several rows, one for each victim and suspect, and not
always one after the other. Victims and incident numbers add up; every other field must agree,
or one of the two must be empty.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import date, datetime
from typing import Any, NamedTuple

from portal.police.rows import CrimeRow

COLUMNS = (
    "recorded_at",
    "recorded_day_only",
    "reported_at",
    "occurred_from",
    "occurred_to",
    "offence_code",
    "is_incident",
    "outcome_type",
    "outcome_at",
    "removal_code",
)
"""The parts of a content that stand in clear, each in the column of its name."""

# The field of the file that a part comes from, where it has another name.
_FILE_FIELD = {
    "outcome_at": "outcome_date",
    "is_incident": "offence_code",
    "incident_code": "offence_code",
}
# Of a victim: what came to the format later than the others.
_LATER = ("telephone", "email", "tokens")
_FOLLOWING = {"recorded_day_only": "recorded_at", "reported_day_only": "reported_at"}


class Victim(NamedTuple):
    """A victim as the force shared them; what it did not share is empty.

    `tokens` stand for what it shares no otherwise: "KEY x:TOKEN ..." (`person_cells`).
    """

    name: str
    date_of_birth: date | None
    telephone: str = ""
    email: str = ""
    tokens: str = ""


class DisagreementError(Exception):
    """A row says of a crime something else than an earlier row of the same supply."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.field = name


@dataclass(frozen=True, slots=True)
class Content:
    """Everything that one supply says of one crime. Times are UTC."""

    recorded_at: datetime
    recorded_day_only: bool
    reported_at: datetime | None
    reported_day_only: bool
    occurred_from: datetime | None
    occurred_to: datetime | None
    offence_code: str
    is_incident: bool
    incident_code: str | None
    outcome_type: int | None
    outcome_at: datetime | None
    removal_code: str | None
    place: str | None = field(repr=False)
    postcode: str | None = field(repr=False)
    victims: frozenset[Victim] = field(repr=False)
    incident_numbers: frozenset[str] = field(repr=False)
    place_tokens: str | None = field(default=None, repr=False)


_PLAIN = tuple(
    each.name for each in fields(Content) if each.name not in ("victims", "incident_numbers")
)


def content_of(row: CrimeRow) -> Content:
    """What one row says by itself."""
    victim = Victim(
        row.victim_name or "",
        row.victim_date_of_birth,
        row.victim_telephone or "",
        row.victim_email or "",
        row.victim_tokens or "",
    )
    return Content(
        recorded_at=row.recorded_at,
        recorded_day_only=row.recorded_day_only,
        reported_at=row.reported_at,
        reported_day_only=row.reported_day_only,
        occurred_from=row.occurred_from,
        occurred_to=row.occurred_to,
        offence_code=row.offence_code,
        is_incident=row.is_incident,
        incident_code=row.incident_code,
        outcome_type=row.outcome_type,
        outcome_at=row.outcome_at,
        removal_code=row.removal_code,
        place=row.place,
        postcode=row.postcode,
        victims=frozenset({victim} if any(victim) else ()),
        place_tokens=row.place_tokens,
        incident_numbers=frozenset({row.incident_number} if row.incident_number else ()),
    )


def merge(earlier: Content, later: Content) -> Content:
    """Both rows of one crime as one content.

    What one leaves empty the other fills in. Raises DisagreementError naming the file's field in
    which the two differ.
    """
    filled: dict[str, Any] = {}
    for name in _PLAIN:
        if name in _FOLLOWING:
            continue
        old, new = getattr(earlier, name), getattr(later, name)
        if old is None and new is not None:
            filled[name] = new
        elif new is not None and new != old:
            raise DisagreementError(_FILE_FIELD.get(name, name))
    for name, source in _FOLLOWING.items():
        # An equal instant, once with and once without its time of day: the time was known.
        known = [
            getattr(each, name) for each in (earlier, later) if getattr(each, source) is not None
        ]
        filled[name] = bool(known) and all(known)
    return replace(
        earlier,
        **filled,
        victims=earlier.victims | later.victims,
        incident_numbers=earlier.incident_numbers | later.incident_numbers,
    )


def canonical(content: Content, sealed_part: str) -> str:
    """The content as one text, equal for equal contents in whatever order their rows came.

    `sealed_part` is what `write_personal` made of it.
    """
    # JSON holds no line break of its own, so the two parts cannot run into each other.
    return _JSON.encode([getattr(content, name) for name in COLUMNS]) + "\n" + sealed_part


def write_personal(content: Content) -> str:
    """What `personal` gives, as the JSON text that is sealed."""
    return _JSON.encode(personal(content))


def personal(content: Content) -> dict[str, Any]:
    """The part that is sealed, as JSON: victims, place, postcode and incident numbers.

    What came to the format later is left out where a force does not send it, so that the digest
    of a content stays what it was before.
    """
    victims = sorted((_written(each) for each in content.victims), key=_in_order)
    later = {"place_tokens": content.place_tokens} if content.place_tokens else {}
    return {
        "victims": victims,
        "place": content.place,
        "postcode": content.postcode,
        "incident_numbers": sorted(content.incident_numbers),
        "reported_day_only": content.reported_day_only,
        "incident_code": content.incident_code,
        **later,
    }


def _written(victim: Victim) -> dict[str, str]:
    born = victim.date_of_birth.isoformat() if victim.date_of_birth else ""
    later = {name: getattr(victim, name) for name in _LATER}
    return {
        "name": victim.name,
        "date_of_birth": born,
        **{name: value for name, value in later.items() if value},
    }


def _in_order(written: Mapping[str, str]) -> list[str]:
    return [written.get(name, "") for name in Victim._fields]


def columns(content: Content) -> dict[str, Any]:
    """The part that stands in clear, by column."""
    return {name: getattr(content, name) for name in COLUMNS}


def restore(clear: Mapping[str, Any], opened: Mapping[str, Any]) -> Content:
    """The content again, from its columns and from what `personal` gave."""
    return Content(
        **{name: clear[name] for name in COLUMNS},
        reported_day_only=opened["reported_day_only"],
        incident_code=opened["incident_code"],
        place=opened["place"],
        postcode=opened["postcode"],
        victims=victims_of(opened),
        incident_numbers=frozenset(opened["incident_numbers"]),
        place_tokens=opened.get("place_tokens"),
    )


def victims_of(opened: Mapping[str, Any]) -> frozenset[Victim]:
    """The victims in what `personal` gave."""
    return frozenset(
        Victim(
            one["name"],
            date.fromisoformat(one["date_of_birth"]) if one["date_of_birth"] else None,
            *(one.get(name, "") for name in _LATER),
        )
        for one in opened["victims"]
    )


def context_of(force_id: str, reference_key: str) -> str:
    """What binds a sealed part to its crime, so that it cannot be moved to another."""
    return f"crime-record-version:{force_id}:{reference_key}"


def _text(value: date) -> str:
    return value.isoformat()


# Made once: json.dumps would make an encoder for every row.
_JSON = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=_text)
