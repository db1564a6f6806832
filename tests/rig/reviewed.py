"""Cases that wait for a person, for tests, and what people make of them through the services."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select

from portal.accounts.models import Account
from portal.matching.beside import Named, find_named, put_beside
from portal.matching.cases import Case, find_case
from portal.matching.comparing import Comparer, compare_whole
from portal.matching.gathering import open_reports
from portal.matching.judging import settle_all
from portal.matching.keying import PURPOSE
from portal.matching.model import load_model
from portal.matching.opening import Supplies
from portal.matching.readers import Step, Verdict
from portal.matching.reopening import look_again as reopen
from portal.matching.reviewing import read
from portal.matching.sides import ReportSide
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


def crowded_case(site: Site, clock: HandClock, **about: Any) -> Filed:  # noqa: ANN401 - of `waiting_case`
    """A report that six records fit, "54/1/26" to "54/6/26", where five are the most."""
    references = tuple(f"54/{number}/26" for number in range(1, 7))
    filed = waiting_case(site, clock, references=references, **about)
    crowd(site, filed)
    return filed


def crowd(site: Site, filed: Filed, most_found: int = 5) -> None:
    """Compare the report as if so many records were the most that can be told apart."""
    model = load_model()
    with site.database.transaction() as session:
        one = session.get_one(Allegation, allegation_of(site, filed))
        side = open_reports(session, [one], keyring=site.keyring)[one.id]
        assert isinstance(side, ReportSide)
        purpose = site.tokens.for_purpose(PURPOSE)
        bounded = Comparer(model, Supplies(site.keyring), purpose, site.now(), most_found)
        compare_whole(session, [(one, side)], bounded)
    settle_all(site.database, model, keyring=site.keyring, now=site.now())


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


def reopens(site: Site, filed: Filed, account_id: UUID, *references: str) -> None:
    """This person has these records, or all that were decided on, looked at again."""
    case = case_of(site, filed, account_id)
    decided = (*case.refused, *case.gone)
    ids = [one.record.id for one in decided if one.record.reference in references]
    with site.database.transaction() as session:
        reopen(
            session,
            case.allegation.id,
            ids if references else [one.record.id for one in decided],
            account=session.get_one(Account, account_id),
            reason="I pressed the wrong button.",
            keyring=site.keyring,
            now=site.now(),
        )


def beside(site: Site, filed: Filed, account_id: UUID, reference: str) -> Case:
    """The case as this person sees it, with the record that they name beside the report."""
    case = case_of(site, filed, account_id)
    with site.database.reading() as session:
        record_id = find_named(session, case.allegation, reference) or 0
        return put_beside(session, case, name(site, record_id), now=site.now())


def name(site: Site, record_id: int) -> Named:
    """A record that somebody names."""
    return Named(record_id, site.keyring, site.tokens, {})


def named(
    site: Site,
    filed: Filed,
    account_id: UUID,
    reference: str,
    verdict: Verdict,
    **changes: Any,  # noqa: ANN401 - whatever `read` takes
) -> Step:
    """This person puts a record beside a report that too many fit, reads it, and says that."""
    case = beside(site, filed, account_id, reference)
    (one,) = case.proposed
    said: dict[str, Any] = {"seen": case.seen, "reason": "The lock is the one."}
    with site.database.transaction() as session:
        return read(
            session,
            case.allegation.id,
            verdict,
            record_id=one.record.id if verdict == "record" else None,
            account=session.get_one(Account, account_id),
            named=name(site, one.record.id),
            keyring=site.keyring,
            now=site.now(),
            **(said | changes),
        )
