"""Cases that wait for a person, for tests, and what people make of them through the services."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select

from portal.accounts.models import Account
from portal.matching.cases import Case, find_case
from portal.matching.readers import Step, Verdict
from portal.matching.reviewing import read
from portal.reports.models import Allegation
from portal.site import Site
from tests.rig.clock import HandClock
from tests.rig.filed import Filed, file_report, look_again
from tests.rig.supplies import row, take
from tests.rig.watched import ABOUT, WORDS

INCIDENT = "5403260000321"
CODES = {"burglary-home": "28E", "raped": "19C"}


def waiting_case(
    site: Site,
    clock: HandClock,
    *,
    category: str = "burglary-home",
    references: tuple[str, ...] = ("54/7/26",),
    way: str = "told",
    force: str = "wiltshire",
    incident: str = INCIDENT,
    **cells: str,
) -> Filed:
    """A report that shares nothing but an incident number with each of its candidates."""
    happened = site.now() - timedelta(hours=14)
    filed = file_report(
        site,
        categories=[category],
        way=way,
        force=force,
        happened=happened,
        told=site.now() - timedelta(hours=1),
        told_how={"incident_number": incident},
        about=ABOUT,
        words=WORDS,
    )
    clock.advance(hours=6)
    at = f"{happened:%Y-%m-%d %H:%M}"
    plain = {
        "force": force,
        "incident_number": incident,
        "offence_code": CODES[category],
        "recorded_at": f"{site.now() - timedelta(hours=3):%Y-%m-%d %H:%M}",
        "occurred_from": at,
        "occurred_to": at,
    }
    rows = [row(one, **(plain | cells)) for one in references]
    take(site, rows, is_full=False, force_id=force)
    look_again(site)
    return filed


def allegation_of(site: Site, filed: Filed) -> UUID:
    """The id of the report's first allegation."""
    with site.database.reading() as session:
        query = select(Allegation.id).where(Allegation.report_id == filed.id)
        return session.scalars(query.order_by(Allegation.ordinal)).first() or filed.id


def case_of(site: Site, filed: Filed, account_id: UUID) -> Case:
    """The case as this person sees it."""
    with site.database.reading() as session:
        account = session.get_one(Account, account_id)
        found = find_case(session, account, allegation_of(site, filed))
    assert found is not None
    return found


def reads(
    site: Site,
    filed: Filed,
    account_id: UUID,
    verdict: Verdict,
    *,
    candidate: int = 0,
    **changes: Any,  # noqa: ANN401 - whatever `read` takes
) -> Step:
    """This person reads the case as it is now, and says that."""
    case = case_of(site, filed, account_id)
    record = case.proposed[candidate].record.id if verdict == "record" else None
    said: dict[str, Any] = {
        "record_id": record,
        "seen": case.seen,
        "reason": "The lock is the one.",
    }
    with site.database.transaction() as session:
        return read(
            session,
            case.allegation.id,
            verdict,
            account=session.get_one(Account, account_id),
            keyring=site.keyring,
            now=site.now(),
            **(said | changes),
        )
