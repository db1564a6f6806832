"""Reports with an accepted record, for tests, and what their victims say about it."""

from datetime import timedelta
from uuid import UUID

from sqlalchemy import select

from portal.alerts.models import Alert
from portal.matching.models import Match, Statement
from portal.matching.statements import Said
from portal.matching.stating import state, take_back
from portal.site import Site
from tests.rig.clock import HandClock
from tests.rig.filed import Filed, alerts_of, look_again
from tests.rig.supplies import Row, row, take
from tests.rig.watched import file_watched

REFERENCE = "54/7/26"


def record_of(site: Site, reference: str = REFERENCE, **cells: str) -> Row:
    """A record of last night's event, made an hour ago."""
    happened = site.now() - timedelta(hours=14)
    plain = {
        "offence_code": "28E",
        "recorded_at": f"{site.now() - timedelta(hours=1):%Y-%m-%d %H:%M}",
        "occurred_from": f"{happened:%Y-%m-%d %H:%M}",
        "occurred_to": f"{happened:%Y-%m-%d %H:%M}",
    }
    return row(reference, **(plain | cells))


def matched(
    site: Site, clock: HandClock, *, category: str = "burglary-home", **cells: str
) -> tuple[Filed, Row]:
    """A report whose record was accepted by the rules, and the record as it was supplied."""
    filed = file_watched(site, category=category, reference=REFERENCE)
    record = record_of(site, **cells)
    clock.advance(hours=3)
    take(site, [record], is_full=False)
    look_again(site)
    return filed, record


def says(
    site: Site,
    filed: Filed,
    kind: Said,
    *,
    reference: str = REFERENCE,
    ordinal: int = 1,
    **details: str,
) -> UUID:
    """The victim states it; its id. What follows comes with the next sweep."""
    with site.database.transaction() as session:
        return state(
            session,
            filed.id,
            ordinal,
            kind,
            reference=reference,
            details=details,
            keyring=site.keyring,
            now=site.now(),
        ).id


def takes_back(site: Site, filed: Filed, statement: UUID) -> None:
    """The victim takes it back."""
    with site.database.transaction() as session:
        take_back(session, filed.id, statement, keyring=site.keyring, now=site.now())


def match_state(site: Site) -> str:
    """How the only match stands."""
    with site.database.reading() as session:
        return session.scalars(select(Match.state)).one()


def statements_in(site: Site) -> list[Statement]:
    """Every statement, oldest first."""
    with site.database.reading() as session:
        return list(session.scalars(select(Statement).order_by(Statement.at)))


def alerts_like(site: Site, kind: str) -> list[Alert]:
    """The alerts of one kind, after matching and sweeping once more."""
    look_again(site)
    return [one for one in alerts_of(site) if one.kind == kind]
