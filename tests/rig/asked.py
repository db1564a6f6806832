"""A report that gives the very number of a record of its person, which may be of another crime."""

from datetime import timedelta
from uuid import UUID

from sqlalchemy import select

from portal.accounts.models import Account
from portal.matching.asking import answer_by_victim
from portal.matching.models import Match, Question
from portal.matching.questions import Answer, Asked, to_answer
from portal.matching.queueing import count_apart, count_cases, queue
from portal.reports.models import Report
from portal.site import Site
from tests.rig.clock import HandClock
from tests.rig.filed import Filed, file_report, look_again, when
from tests.rig.supplies import Row, row, take
from tests.rig.watched import ABOUT

REFERENCE = "54/7/26"
CALL = "712"


def told(site: Site, clock: HandClock, *categories: str, **how: str) -> Filed:
    """She told police an hour ago of yesterday, at no time that she remembers, and typed the number
    of her call, or what `how` says; six hours ago by now.
    """
    filed = file_report(
        site,
        categories=categories or ["burglary-home"],
        happened=when(site.now() - timedelta(hours=14)) | {"time": ""},
        told=site.now() - timedelta(hours=1),
        told_how=how or {"incident_number": CALL},
        about=ABOUT,
    )
    clock.advance(hours=6)
    return filed


def number_case(
    site: Site,
    clock: HandClock,
    *more: str,
    category: str = "burglary-home",
    number: str = REFERENCE,
    **cells: str,
) -> Filed:
    """The record is of her and of that day, and of another offence; she typed `number`.

    `more`: several things that happened, all told with that one number.
    """
    at = f"{site.now() - timedelta(hours=14):%Y-%m-%d %H:%M}"
    filed = told(site, clock, *(more or (category,)), crime_reference=number)
    plain = {
        "offence_code": "8N",
        "recorded_at": f"{site.now() - timedelta(hours=3):%Y-%m-%d %H:%M}",
        "occurred_from": at,
        "occurred_to": at,
        "victim_name": str(ABOUT["name"]),
    }
    comes(site, row(REFERENCE, **(plain | cells)))
    return filed


def call_case(site: Site, clock: HandClock) -> Filed:
    """She typed the number of her call. After it police wrote down a lesser offence, and of another
    day than she remembers.
    """
    filed = told(site, clock)
    comes(site, recorded(site, REFERENCE, "49", days=2, today=True))
    return filed


def the_match(site: Site) -> Match:
    """The one pair that is kept."""
    with site.database.reading() as session:
        return session.scalars(select(Match)).one()


def questions(site: Site) -> list[Question]:
    """Every question that was asked."""
    with site.database.reading() as session:
        return list(session.scalars(select(Question)))


def says(site: Site, filed: Filed, answer: Answer, *, with_code: bool = True) -> None:
    """The person answers the one question."""
    (question,) = questions(site)
    with site.database.transaction() as session:
        answer_by_victim(
            session,
            filed.id,
            question.id,
            answer,
            with_code=with_code,
            keyring=site.keyring,
            now=site.now(),
        )


def still_asked(site: Site, filed: Filed) -> list[Asked]:
    """What the person is asked when they come back."""
    with site.database.reading() as session:
        return to_answer(session, session.get_one(Report, filed.id))


def waits(site: Site, inspector: UUID) -> tuple[int, int, int]:
    """Cases in the queue, by its rows and as counted; and those that wait for an answer."""
    with site.database.reading() as session:
        account, now = session.get_one(Account, inspector), site.now()
        apart = count_apart(session, account, now=now)["awaited"]
        rows = queue(session, account, now=now)
        return len(rows), count_cases(session, account, now=now), apart


def recorded(
    site: Site, reference: str, code: str, *, days: int, today: bool = False, **cells: str
) -> Row:
    """A record of hers that came of that call, of some days ago; with `today` received today."""
    at = f"{site.now() - timedelta(days=days):%Y-%m-%d %H:%M}"
    told_at = f"{site.now() - timedelta(hours=3):%Y-%m-%d %H:%M}" if today else at
    plain = {
        "victim_name": "Ada Quill",
        "victim_date_of_birth": "1990-05-04",
        "postcode": "SN1 1AA",
        "occurred_from": at,
        "occurred_to": at,
        "reported_at": told_at,
        "recorded_at": told_at,
        "offence_code": code,
        "incident_number": CALL,
    }
    return row(reference, **(plain | cells))


def comes(site: Site, *rows: Row, force_id: str = "wiltshire") -> None:
    """Records come, and are compared."""
    take(site, list(rows), is_full=False, force_id=force_id)
    look_again(site)
