"""What stands for a victim and for an event beside a match: keyed tokens, and nothing personal."""

from collections.abc import Sequence

from portal.matching.levels import compare_people
from portal.matching.model import Model
from portal.matching.sides import PersonSide, RecordSide, ReportSide
from portal.reports.models import Allegation
from portal.sealing import Tokens


def claim_of(allegation: Allegation, side: ReportSide, tokens: Tokens) -> bytes:
    """What stands for the victim when a record is claimed: the person, else the report itself."""
    victim = side.victim
    names = " ".join(sorted({str(one) for one in (*victim.forenames, victim.surname) if one}))
    if names and victim.birth_date:
        return tokens.token("claim/person", f"{names}|{victim.birth_date!s}")
    return tokens.token("claim/report", str(allegation.report_id))


def victim_of(victim: PersonSide, record: RecordSide, model: Model, tokens: Tokens) -> bytes | None:
    """What stands for the victim of the record who fits best; None when it names one or none."""
    if len(record.victims) < 2:
        return None
    best = max(
        record.victims,
        key=lambda other: (model.person_bits(compare_people(victim, other, model)), _text(other)),
    )
    return tokens.token("victim", _text(best))


def event_of(record: RecordSide, tokens: Tokens) -> bytes | None:
    """What stands for the event of which police wrote the record: its force and its minutes."""
    if not record.moments:
        return None
    moments = "|".join(one.isoformat() for one in record.moments)
    return tokens.token("event", f"{record.force_id}|{moments}")


def _text(person: PersonSide) -> str:
    parts: Sequence[object] = (*person.forenames, person.surname, person.birth_date)
    return "|".join(map(str, parts))
