"""A report that was lived through from end to end, and erasing it as its person does."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, cast
from uuid import UUID

from sqlalchemy import select

from portal.accounts.models import Account
from portal.alerts.erasing import erase_draft, erase_due
from portal.alerts.lifecycle import act
from portal.alerts.models import Alert
from portal.reports.closing import ask_to_erase, keep_after_all
from portal.reports.codes import key_material, read_code
from portal.reports.correspondence import OVERSIGHT, write_as_person
from portal.reports.erasing import Sign
from portal.reports.handovers import answer
from portal.reports.looks import look
from portal.reports.models import Handover, Report
from portal.reports.safe_contacts import ask_contact
from portal.reports.safe_ways import CALL, Way, WayRules
from portal.reports.staff_messages import write_as_staff
from portal.reports.visits import start_visit
from portal.site import Site
from tests.rig.clock import HandClock
from tests.rig.filed import Filed, agree_inbox, file_report, look_again
from tests.rig.people import add_person
from tests.rig.supplies import row, take

CATEGORY = "stalking-harassment"
HAPPENED = datetime(1999, 4, 17, 13, 37, tzinfo=UTC)
REFERENCE, INCIDENT = "54/7/26", "54-20260228-8081"
CONTACT = ("Lemurine", "Marmosette", "Tamarinde")
WORDS = ("Quaggamire", "Zebulonta", "Kinkajoure", "Numbatwick", "Axolotlian", "Okapigate", *CONTACT)


@dataclass(frozen=True)
class Story:
    """A report about which everything happened that can, and the people who did it."""

    filed: Filed
    inspector: UUID
    liaison: UUID


def lived_through(site: Site, clock: HandClock) -> Story:
    """A report passed to a force, opened, answered, looked for and alerted about; open here."""
    agree_inbox(site)
    inspector = add_person(site, "inspector")
    liaison = add_person(site, "liaison", force_id="wiltshire")
    filed = file_report(
        site,
        categories=(CATEGORY,),
        way="pass",
        happened=HAPPENED,
        told_how={"incident_number": INCIDENT},
        about={"name": "Zebulonta Reed", "birth_year": "1971"},
        words="Quaggamire is what I saw.",
    )
    cells = {
        "place": "Okapigate",
        "postcode": "SN1 1AA",
        "offence_code": "8L",
        "recorded_at": f"{clock():%Y-%m-%d %H:%M}",
        "occurred_from": f"{HAPPENED:%Y-%m-%d %H:%M}",
        "incident_number": INCIDENT,
    }
    take(site, [row(REFERENCE, **cells)])
    look_again(site)
    keys: dict[str, Any] = {"keyring": site.keyring, "now": clock.advance(days=4)}
    look_again(site)
    with site.database.transaction() as session:
        start_visit(session, filed.id, code=filed.code, **keys)
        who, force = session.get_one(Account, inspector), session.get_one(Account, liaison)
        for account in (who, force):
            look(session, filed.id, account=account, reason="Kinkajoure", **keys)
        handover = session.scalars(select(Handover)).one()
        said: dict[str, str] = {"crime_reference": "", "words": "Numbatwick"}
        answer(session, handover.id, account=force, **said, **keys)
    _reached(site, filed, inspector, keys)
    for alert in alerts_about(site, filed.id):
        with site.database.transaction() as session:
            who = session.get_one(Account, inspector)
            act(session, alert.id, "comment", account=who, reason="Axolotlian", **keys)
    return Story(filed, inspector, liaison)


def _reached(site: Site, filed: Filed, inspector: UUID, keys: dict[str, Any]) -> None:
    """Its person may be rung, and writes with oversight."""
    way = Way(CALL, "+447700900913", WayRules(code_word="Tamarinde"))
    with site.database.transaction() as session:
        code = site.codes.digest(key_material(filed.code))
        ask_contact(session, filed.id, way, code=code, tokens=site.tokens, **keys)
        write_as_person(session, filed.id, OVERSIGHT, "Lemurine", **keys)
        who = session.get_one(Account, inspector)
        write_as_staff(session, filed.id, "Marmosette", account=who, **keys)


def ask(site: Site, filed: Filed, *, sign: Sign | None = None) -> None:
    """Ask for a sent report to be erased, with its return code or with another's signature."""
    with site.database.transaction() as session:
        ask_to_erase(
            session,
            filed.id,
            sign=sign or sign_of(site, filed.code),
            keyring=site.keyring,
            now=site.now(),
        )


def keep(site: Site, filed: Filed) -> bool:
    """Keep it after all."""
    with site.database.transaction() as session:
        return keep_after_all(session, filed.id, keyring=site.keyring, now=site.now())


def wait(site: Site) -> int:
    """Let the cooling-off time pass, and erase what is due; how many."""
    clock = cast(HandClock, site.now)
    clock.advance(hours=72)
    return erase_due(site.database, keyring=site.keyring, now=clock())


def erase(site: Site, filed: Filed, *, sign: Sign | None = None) -> None:
    """Have a report erased with its return code, or with another's signature: asked for, waited
    for and done. A draft goes at once.
    """
    with site.database.reading() as session:
        is_draft = session.get_one(Report, filed.id).state == "draft"
    if is_draft:
        with site.database.transaction() as session:
            erase_draft(session, filed.id, sign=sign or sign_of(site, filed.code), now=site.now())
        return
    ask(site, filed, sign=sign)
    wait(site)


def sign_of(site: Site, code: str) -> Sign:
    """What signs as whoever holds this return code."""
    return read_code(code, codes=site.codes).sign


def allegations_of(site: Site, report_id: UUID) -> list[UUID]:
    """The ids of a report's allegations, in their order."""
    with site.database.reading() as session:
        return [one.id for one in session.get_one(Report, report_id).allegations]


def alerts_about(site: Site, report_id: UUID) -> list[Alert]:
    """The alerts about a report, oldest first."""
    ids = allegations_of(site, report_id)
    with site.database.reading() as session:
        query = select(Alert).where(Alert.allegation_id.in_(ids))
        return list(session.scalars(query.order_by(Alert.raised_at)))
