"""The demonstration’s data: four weeks of invented reports and records over three forces.

Everything goes through the services that the site uses, at times in the past weeks, so that the
log, the clocks, the alerts and the receipts are real. docs/demonstration.md tells the story.
"""

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from types import MappingProxyType
from uuid import UUID

from sqlalchemy.orm import Session

from portal.accounts.models import Account
from portal.accounts.passwords import new_password
from portal.accounts.service import add_account, list_accounts
from portal.cli.demonstration import SignIn, SignIns
from portal.cli.story.chapters import Chapters
from portal.cli.story.everyday import Everyday
from portal.cli.story.numbers import Numbers
from portal.cli.story.offices import Cast
from portal.cli.story.plans import Plan
from portal.cli.story.surveys import add_answers
from portal.cli.story.telling import BOUNCING_ADDRESS, Teller
from portal.errors import Refused
from portal.ledger.store import find_head
from portal.reference.forces import get_force
from portal.reference.terms import set_terms
from portal.sealing import SlowHash
from portal.site import Site

SIZE = 320
SEED = 2014
_WEEKS = timedelta(weeks=4)
_FORCE = "wiltshire"
_TO_TRY = "burglary-as-damage"
_PEOPLE = (
    # role, address, name, organisation
    ("advocate", "Gwen Fernsby", "Lantern House Support"),
    ("liaison", "Umar Elmhirst", "Wiltshire Police, victim liaison"),
    ("registrar", "Dilys Yardley", "Wiltshire Police, force crime registrar"),
    ("pcc", "Farah Brightwell", "Office of the Police and Crime Commissioner for Wiltshire"),
    ("inspector", "Femi Ravenhall", "Inspectorate"),
    ("administrator", "Joanna Underhay", "On Record"),
)
_OF_THE_FORCE = frozenset({"liaison", "registrar", "pcc"})
_TERMS = (
    # force, whether its inbox is agreed, address for notices, hours between supplies
    ("wiltshire", True, "inbox.wiltshire@example.org", 48),
    ("avon-and-somerset", True, BOUNCING_ADDRESS, 96),
    ("dorset", False, None, 168),
)


@dataclass(frozen=True)
class Demonstration:
    """The sign-ins, and for each chapter of the story its report and return code."""

    sign_ins: SignIns
    reports: Mapping[str, UUID] = field(repr=False)
    codes: Mapping[str, str] = field(repr=False)


def seed(site: Site, say: Callable[[str], None]) -> SignIns:
    """Fill an empty database with the story; what a newcomer needs to try it."""
    return tell_story(site, say).sign_ins


def tell_story(
    site: Site,
    say: Callable[[str], None],
    *,
    size: int = SIZE,
    number: int = SEED,
    every: timedelta = timedelta(hours=12),
) -> Demonstration:
    """As `seed`, with `size` reports (at least those of the chapters) and four records for each.

    One `number` gives one story; only ids, keys and codes differ. It ends at `site.now()`;
    `every` is how long passes in it between two rounds of background work.

    Raises Refused when the database holds anything: a story is never told on top of another.
    """
    _check_empty(site)
    say("Telling the demonstration’s story, once:")
    end = site.now()
    plan = make_plan(end, size=size, number=number)
    password = new_password()
    with site.database.transaction() as session:
        cast = _add_people(session, site, password, now=plan.start - timedelta(days=30))
        _set_terms(session, now=plan.start - timedelta(hours=1))
        add_answers(session, end, number=number)
    teller = Teller(site, plan, cast, codes=_quick_codes(), seed=number, every=every)
    told = teller.tell(say)
    people = tuple(SignIn(role, f"{role}@example.org", password) for role, *_ in _PEOPLE)
    sign_ins = SignIns(people, told.codes[_TO_TRY], kept_code=told.codes["kept"])
    return Demonstration(sign_ins, MappingProxyType(told.ids), MappingProxyType(told.codes))


def make_plan(end: datetime, *, size: int, number: int) -> Plan:
    """Everything that will happen in the four weeks before `end`."""
    rng = Random(number)  # noqa: S311 - a story, not a secret
    end = end.replace(second=0, microsecond=0)
    plan = Plan(end - _WEEKS, end)
    numbers = Numbers(rng)
    Chapters(plan, numbers).write()
    Everyday(plan, rng, numbers).fill(size)
    return plan


def _check_empty(site: Site) -> None:
    with site.database.reading() as session:
        empty = find_head(session).size == 0 and not list_accounts(session)
    if not empty:
        raise Refused(
            "The database holds something already, so the demonstration’s story was not told. "
            "Nothing was changed. Give it an empty database."
        )


def _add_people(session: Session, site: Site, password: str, *, now: datetime) -> Cast:
    made: dict[str, Account] = {}
    for role, name, organisation in _PEOPLE:
        made[role] = add_account(
            session,
            email=f"{role}@example.org",
            name=name,
            organisation=organisation,
            role=role,
            force_id=_FORCE if role in _OF_THE_FORCE else None,
            password=password,
            keyring=site.keyring,
            tokens=site.tokens,
            hasher=site.hasher,
            now=now,
        )
    return Cast(**made)


def _set_terms(session: Session, *, now: datetime) -> None:
    for force_id, agreed, address, hours in _TERMS:
        set_terms(
            session,
            get_force(force_id).id,
            inbox_agreed_at=now if agreed else None,
            notice_address=address,
            supply_interval_hours=hours,
            now=now,
        )


def _quick_codes() -> SlowHash:
    # Nobody is given the codes of the many, so that nothing is lost by hashing them quickly, and
    # under a key that is thrown away; the slow hash would take most of the time.
    return SlowHash(secrets.token_bytes(32), memory_kib=8, passes=1)
