"""A small town for tests of matching: people who are easily mistaken for one another, and crimes.

Repeat victims, housemates, twins, duplicate reports, numbers of other crimes and slips, from seeds.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from random import Random
from uuid import UUID

from sqlalchemy import delete, select

from portal.matching.models import AllegationKey, Judgement, Match
from portal.matching.service import compare_everything_again, propose
from portal.police.models import CrimeRecord
from portal.reports.models import Allegation
from portal.site import Site
from tests.rig.filed import file_report
from tests.rig.supplies import Row, row

PEOPLE = (
    ("Ann Example", "1990-02-28"),
    ("Anne Example", "1990-02-28"),
    ("Bob Example", "1985-07-15"),
    ("Zofia Hollowell", "1996-02-20"),
    ("", ""),
)
CATEGORIES = {"burglary-home": "28E", "hurt": "8N", "damage-vehicle": "58C", "raped": "19C"}
_START = datetime(2026, 2, 20, 9, 17, tzinfo=UTC)


@dataclass(frozen=True)
class Crime:
    """Something that happened to somebody, with the numbers that police gave."""

    number: int
    category: str
    name: str
    born: str
    at: datetime

    @property
    def reference(self) -> str:
        """The crime reference."""
        return f"5426{self.number:07}"

    @property
    def incident(self) -> str:
        """The incident number."""
        return f"540326{self.number:06}"

    def record(self, **changed: str) -> Row:
        """Its row in a supply."""
        cells = {
            "offence_code": CATEGORIES[self.category],
            "recorded_at": _written(self.at + timedelta(hours=20)),
            "occurred_from": _written(self.at),
            "occurred_to": _written(self.at + timedelta(hours=1)),
            "incident_number": self.incident,
            "victim_name": self.name,
            "victim_date_of_birth": self.born,
            "place": "Harbour Lane",
            "postcode": "SN1 1AA",
        }
        return row(self.reference, **(cells | changed))

    def report(self, site: Site, rng: Random) -> UUID:
        """Somebody tells us of it, well or badly; the allegation."""
        told_how = {
            "crime_reference": rng.choice((self.reference, self.incident, "", "")),
            "incident_number": rng.choice((self.incident, "")),
        }
        year, month, day = (self.born or "--").split("-")
        about = {"name": self.name, "birth_year": year, "birth_month": month, "birth_day": day}
        filed = file_report(
            site,
            categories=[self.category],
            happened=rng.choice((self.at, None)),
            told=self.at + timedelta(hours=3),
            told_how=told_how,
            about=rng.choice((about, about, {"name": self.name}, {})),
        )
        with site.database.reading() as session:
            query = select(Allegation.id).where(Allegation.report_id == filed.id)
            return session.scalars(query).one()


def crimes(rng: Random, count: int) -> list[Crime]:
    """Crimes of a few days, against few people."""
    found = []
    for number in range(1, count + 1):
        name, born = rng.choice(PEOPLE)
        at = _START + timedelta(hours=rng.randrange(0, 96))
        found.append(Crime(number, rng.choice(tuple(CATEGORIES)), name, born, at))
    return found


def look(site: Site) -> None:
    """One run of matching."""
    propose(site.database, keyring=site.keyring, tokens=site.tokens, now=site.now())


def match_all_again(site: Site, *, forgetting: bool = False) -> None:
    """A full run over everything; `forgetting` everything that was kept before, too."""
    with site.database.transaction() as session:
        if forgetting:
            for table in (Match, AllegationKey, Judgement):
                session.execute(delete(table))
        compare_everything_again(session)
    look(site)


def result(site: Site, allegations: Sequence[UUID]) -> list[object]:
    """What matching made of it, without anything that depends on when: to the last bit."""
    ours = {one: number for number, one in enumerate(allegations)}
    with site.database.reading() as session:
        pairs = session.execute(
            select(Match, CrimeRecord.reference)
            .join(CrimeRecord, CrimeRecord.id == Match.record_id)
            .where(Match.levels.is_not(None))
        ).all()
        kept = [
            (
                ours[match.allegation_id],
                reference,
                match.zone,
                "kept" if match.state == "ended" else match.state,
                match.levels,
                match.total,
                match.log_odds,
                match.chance,
                tuple(match.gates or ()),
                match.victim,
                ours[match.duplicate_of] if match.duplicate_of else None,
            )
            for match, reference in pairs
        ]
        stands = [
            (ours[one.allegation_id], one.state, one.can_tell, one.no_record)
            for one in session.scalars(select(Judgement))
        ]
    return [sorted(kept, key=str), sorted(stands)]


def _written(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M}"
