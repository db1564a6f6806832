"""Gathering what is compared, in memory only: sealed fields are opened here and nowhere kept."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.errors import NotFound
from portal.matching.names import name_tokens
from portal.matching.scoring import AllegationFacts, RecordFacts, Token, VictimFacts
from portal.police.models import CrimeRecord, CrimeRecordVersion
from portal.police.queries import open_version
from portal.reference.categories import find_category
from portal.reference.crime_references import normalise_incident_number, reference_keys
from portal.reports.dates import Interval
from portal.reports.drafts import read_answers
from portal.reports.models import Allegation, AllegationToken
from portal.reports.typed_dates import TypedDate, read_date
from portal.sealing import Keyring, Tokens


def allegation_facts(
    session: Session, allegation: Allegation, *, keyring: Keyring
) -> AllegationFacts:
    """What is compared of an allegation. An erased report has no victim any more."""
    by_box: dict[str, set[Token]] = {"reference": set(), "incident": set()}
    for box, token in session.execute(
        select(AllegationToken.kind, AllegationToken.token).where(
            AllegationToken.allegation_id == allegation.id
        )
    ):
        by_box[box].add(token)
    category = find_category(allegation.category)
    return AllegationFacts(
        references=frozenset(by_box["reference"]),
        incident_numbers=frozenset(by_box["incident"]),
        force_id=allegation.force_id,
        occurred=_interval(allegation),
        offence_codes=category.codes if category else frozenset(),
        victims=_victims(session, allegation, keyring),
    )


def record_facts(
    session: Session,
    record: CrimeRecord,
    version: CrimeRecordVersion,
    *,
    keyring: Keyring,
    tokens: Tokens,
) -> RecordFacts:
    """What is compared of one version of a crime record."""
    details = open_version(session, version, keyring=keyring)
    incidents = (normalise_incident_number(number) for number in details.incident_numbers)
    return RecordFacts(
        force_id=record.force_id,
        offence_code=version.offence_code,
        references=frozenset(
            tokens.token("reference", key) for key in reference_keys(record.reference)
        ),
        incident_numbers=frozenset(tokens.token("incident", one) for one in incidents if one),
        occurred=_interval(version),
        victims=tuple(VictimFacts(one.name, one.date_of_birth) for one in details.victims),
        is_incident=version.is_incident,
        removed=version.removal_code is not None,
    )


def claim_of(allegation: Allegation, facts: AllegationFacts, tokens: Tokens) -> bytes:
    """What stands for the victim when a record is claimed: the person, else the report itself."""
    for victim in facts.victims:
        names = " ".join(sorted(name_tokens(victim.name)))
        if names and victim.birth_date:
            return tokens.token("claim/person", f"{names}|{victim.birth_date.isoformat()}")
    return tokens.token("claim/report", str(allegation.report_id))


def _interval(row: Allegation | CrimeRecordVersion) -> Interval | None:
    # With only an end the beginning is open, and an open stretch fits everything.
    if row.occurred_from is None:
        return None
    latest = row.occurred_to or row.occurred_from
    return None if latest < row.occurred_from else Interval(row.occurred_from, latest)


def _victims(session: Session, allegation: Allegation, keyring: Keyring) -> tuple[VictimFacts, ...]:
    try:
        answers = read_answers(session, allegation.report_id, keyring=keyring)
    except NotFound:
        return ()
    about = answers.get("about") or {}
    return (VictimFacts(about.get("name") or None, _birth_date(about)),)


def _birth_date(about: Mapping[str, Any]) -> date | None:
    # As typed: "4th" and "May" are answers, and a year alone is no date to compare.
    parts = [str(about.get(f"birth_{part}") or "") for part in ("day", "month", "year")]
    found = read_date(*parts)
    return found.first() if isinstance(found, TypedDate) and not found.short_year else None
