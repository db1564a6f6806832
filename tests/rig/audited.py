"""A small site on which everything happened once: every kind of row for an audit to read."""

from collections.abc import Callable, Collection, Sequence
from contextlib import suppress
from datetime import timedelta
from functools import partial
from uuid import UUID

from sqlalchemy import Connection, func, select, update
from sqlalchemy.orm import Session

from portal.accounts.models import Account
from portal.alerts.lifecycle import act
from portal.alerts.models import Alert
from portal.cli.schema import METADATA
from portal.ledger.audit_entries import CheckErasure
from portal.ledger.audit_findings import Finding
from portal.ledger.models import LedgerCosignature, LedgerPublication
from portal.ledger.note import COSIGNATURE_V1, VerifierKey, cosign
from portal.ledger.publication import publish_signed
from portal.matching.deciding import confirm, refuse
from portal.matching.models import Match
from portal.oversight.audit import Auditor
from portal.reports.handovers import answer
from portal.reports.looks import look
from portal.reports.models import Handover
from portal.reports.service import pass_on, withdraw
from portal.site import Site
from tests.rig.clock import HandClock
from tests.rig.filed import agree_inbox, file_report, look_again
from tests.rig.ledger import PCC
from tests.rig.people import add_person
from tests.rig.superuser import change_cell, delete_row, tampering
from tests.rig.supplies import row, take
from tests.rig.watched import alert_without_record, expect_records, file_watched, waiting_match

WITNESS = VerifierKey(PCC.name, COSIGNATURE_V1, PCC.key.public)
NAMED = f"{WITNESS.name}+{WITNESS.key_id.hex()}"


def audit(site: Site) -> list[Finding]:
    """What an audit of the site finds."""
    with site.database.reading() as session:
        return audit_in(site, session)


def audit_in(
    site: Site, session: Session, check_erasure: CheckErasure | None = None
) -> list[Finding]:
    """What an audit finds in what this session sees."""
    found: list[Finding] = []
    auditor = Auditor(
        keyring=site.keyring,
        signer=site.signer,
        multiple=site.settings.publish_multiple,
        witnesses={NAMED: WITNESS},
        check_erasure=check_erasure,
    )
    auditor.run(session, now=site.now(), tell=found.append)
    return found


def found_after(site: Site, change: Callable[[Connection], object]) -> list[Finding]:
    """What an audit finds after a change past all that guards the tables; it is undone again."""
    found: list[Finding] = []
    with suppress(_Undone), tampering(site.database) as connection:
        change(connection)
        found += audit_in(site, Session(connection))
        raise _Undone
    return found


def cells(table: str, *, apart_from: Collection[str] = ()) -> list[str]:
    """The columns of a table, but for some."""
    return [one.name for one in METADATA.tables[table].c if one.name not in apart_from]


def missed(site: Site, table: str, columns: Sequence[str]) -> list[str]:
    """The columns that can be changed without a finding: each in one row, the rows taken in turn.

    An audit each time is slow, and a property test draws its rows at random.
    """
    rows = count(site, table)
    return [
        f"{table}.{column} of row {number % rows}"
        for number, column in enumerate(columns)
        if not found_after(
            site, partial(change_cell, table=table, column=column, row=number % rows)
        )
    ]


def missed_when_deleted(site: Site, table: str) -> list[int]:
    """The rows that can be deleted without a finding."""
    return [
        row
        for row in range(count(site, table))
        if not found_after(site, partial(delete_row, table=table, row=row))
    ]


def count(site: Site, table: str) -> int:
    """How many rows a table has."""
    with site.database.reading() as session:
        return session.scalar(select(func.count()).select_from(METADATA.tables[table])) or 0


class _Undone(Exception):
    """Undoes a change once it was looked at."""


def publish_once(site: Site, *, witnessed: bool = False) -> int:
    """Publish now, with a witness's line if wanted, and let it leave; its size."""
    made = publish_signed(
        site.database,
        seal_alone=site.keyring.seal_alone,
        signer=site.signer,
        now=site.now(),
        multiple=site.settings.publish_multiple,
        every=timedelta(0),
    )
    assert made is not None
    log, size, note = made.log, made.size, made.checkpoint
    if witnessed:
        stamp = int(site.now().timestamp())
        line = LedgerCosignature(
            log=log,
            size=size,
            witness=NAMED,
            stamp=stamp,
            line=cosign(note, PCC, stamp),
            received_at=site.now(),
        )
        with site.database.transaction() as session:
            session.add(line)
            session.execute(
                update(LedgerPublication)
                .where(LedgerPublication.log == log, LedgerPublication.size == size)
                .values(witnessed_at=site.now())
            )
    return size


def live(site: Site, clock: HandClock) -> None:
    """Let everything happen once: three ways in, a supply, matches, alerts, looks, publications."""
    people = {role: add_person(site, role, force_id="wiltshire") for role in ("liaison", "pcc")}
    agree_inbox(site)
    kept = file_report(site, way="keep", words="Nobody is told yet.")
    publish_once(site, witnessed=True)
    clock.advance(hours=1)
    file_watched(site, reference="54/1/26")
    clock.advance(hours=5)
    take(
        site,
        [row("54/1/26", recorded_at=f"{site.now() - timedelta(hours=2):%Y-%m-%d %H:%M}")],
        is_full=False,
    )
    look_again(site)
    waiting_match(site, clock)
    publish_once(site)
    alert_without_record(site, clock)
    expect_records(site)
    clock.advance(days=3)
    look_again(site)
    _people_act(site, clock, people, kept.id)
    publish_once(site, witnessed=True)
    clock.advance(hours=1)
    file_report(site, way="keep", words="After the newest publication.")


def _people_act(site: Site, clock: HandClock, people: dict[str, UUID], kept: UUID) -> None:
    agree_inbox(site)
    with site.database.transaction() as session:
        liaison = session.get_one(Account, people["liaison"])
        pass_on(session, kept, "wiltshire", keyring=site.keyring, now=clock())
        look(
            session,
            kept,
            account=liaison,
            reason="It was passed to us.",
            keyring=site.keyring,
            now=clock(),
        )
        passed = session.scalars(select(Handover)).one()
        answer(
            session,
            passed.id,
            account=liaison,
            crime_reference="54/9/26",
            words="Recorded.",
            keyring=site.keyring,
            now=clock(),
        )
    clock.advance(minutes=10)
    with site.database.transaction() as session:
        pcc = session.get_one(Account, people["pcc"])
        alert = session.scalars(select(Alert).where(Alert.kind == "unrecorded")).first()
        assert alert is not None
        act(
            session,
            alert.id,
            "acknowledge",
            account=pcc,
            reason="We ask them.",
            keyring=site.keyring,
            now=clock(),
        )
        for match in session.scalars(select(Match).where(Match.state == "proposed")):
            decide = confirm if match.zone == "likely" else refuse
            decide(
                session,
                match.id,
                account=pcc,
                reason="Another crime.",
                version_id=match.version_id,
                keyring=site.keyring,
                now=clock(),
            )
        withdraw(session, kept, keyring=site.keyring, now=clock())
