"""Everything that the page of one alert or match shows, its proof, and an opened report.

What identifies a person is read only for a look that was written and committed before.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from portal.accounts.models import Account
from portal.alerts.lifecycle import ActionSeen, history
from portal.alerts.models import Alert, Clock
from portal.errors import NotFound
from portal.evidence.listing import count_files
from portal.ledger.receipt import Receipt
from portal.ledger.service import OpenedEntry, Seal, make_receipt, open_entry, timeline
from portal.ledger.signing import LogSigner
from portal.matching.explained import Early, find_early, find_explanation
from portal.matching.explaining import Explanation
from portal.matching.models import Judgement, Match, Statement
from portal.matching.queries import Waiting, matches_of
from portal.matching.statements import StatementSeen, statements_of, statements_on
from portal.oversight.reaches import Reach, reach_of
from portal.police.completing import Times
from portal.police.models import CrimeRecordVersion, Supply
from portal.police.queries import find_current_version, list_supplies, times_of, versions_of
from portal.reports.closed import is_closed
from portal.reports.drafts import get_data_key, get_report, read_answers
from portal.reports.handovers import Claim, claims_on
from portal.reports.looks import may_open
from portal.reports.models import Allegation, Look, Report, ReportKey
from portal.reports.still_safe import way_failed_at
from portal.sealing import Keyring

OPEN_FOR = timedelta(minutes=15)
_SUPPLIES_SHOWN = 5
_SHOWN_FIELDS = ("force", "kind", "at")
_SHOWN_GROUPS = ("alert.", "facts.")


@dataclass(frozen=True)
class MatchDetail:
    """A match with both sides, every version of the record, and the decision on it.

    `times` are those of each version, by its id, with what it takes from the ones before it.
    `early` are the two times that hold it back, where police had it before it happened.
    Of what a person decided, `decided_by` is their organisation; `decided_role` "victim" where the
    person whose report it is did. `reason` is "" while nobody decided, and once the report was
    erased. `explanation` is None for a decision of before there were levels. `newest` is the
    record as the force sent it last, which may not be compared yet, or never was: what a person
    decided stands by the version that they saw.
    """

    sides: Waiting
    newest: CrimeRecordVersion
    versions: Sequence[tuple[CrimeRecordVersion, int]]
    first_supply: Supply
    last_supply: Supply
    decided_by: str
    decided_role: str
    explanation: Explanation | None
    times: Mapping[int, Times]
    early: Early | None
    reason: str = field(repr=False)

    @property
    def is_outdated(self) -> bool:
        """Whether the force sent a version since that was not compared."""
        return self.newest.id != self.sides.version.id

    @property
    def is_gone(self) -> bool:
        """Whether it is no crime record that stands: removed by now, or the note of an incident."""
        return self.newest.is_gone


@dataclass(frozen=True)
class AlertDetail:
    """An alert and what it rests on. Without an allegation it is about a force itself."""

    alert: Alert
    owner: str
    report: Report | None
    allegation: Allegation | None
    clock: Clock | None
    is_erased: bool
    matches: Sequence[MatchDetail]
    history: Sequence[ActionSeen]
    reach: Reach | None
    statements: Sequence[Statement]
    supplies: Sequence[Supply]
    unreached_at: datetime | None
    is_crowded: bool


@dataclass(frozen=True)
class Opened:
    """The content of a report and its ledger entries, for a look that was written at `at`.

    `files` is how many files were added to it; `unreached_at` is when a message to the person's
    safe way was known not to arrive, while they have not answered since.
    """

    at: datetime
    until: datetime
    reason: str = field(repr=False)
    answers: Mapping[str, Any] = field(repr=False)
    entries: Sequence[OpenedEntry] = field(repr=False)
    claims: Sequence[Claim] = field(repr=False)
    files: int = 0
    statements: Sequence[StatementSeen] = field(repr=False, default=())
    unreached_at: datetime | None = None


def read_alert(session: Session, alert: Alert, *, keyring: Keyring, now: datetime) -> AlertDetail:
    """What the page of an alert shows. Nothing that identifies a person is read."""
    allegation = session.get(Allegation, alert.allegation_id) if alert.allegation_id else None
    report = get_report(session, allegation.report_id) if allegation else None
    judged = session.get(Judgement, allegation.id) if allegation else None
    erased = report is not None and session.get(ReportKey, report.id) is None
    force = alert.force_id
    return AlertDetail(
        alert=alert,
        owner=_organisation(session, alert.owner_id),
        report=report,
        allegation=allegation,
        clock=session.get(Clock, allegation.id) if allegation else None,
        is_erased=erased,
        matches=[read_match(session, one, keyring=keyring) for one in _matches(session, alert)],
        history=history(session, alert, keyring=keyring),
        reach=reach_of(session, force, now=now) if force else None,
        statements=statements_on(session, allegation.id) if allegation else [],
        supplies=list_supplies(session, force, limit=_SUPPLIES_SHOWN) if force else [],
        unreached_at=way_failed_at(session, report.id) if report else None,
        is_crowded=judged is not None and judged.state == "crowded",
    )


def read_match(session: Session, sides: Waiting, *, keyring: Keyring) -> MatchDetail:
    """Both sides of a match with the history of the record. Its versions are opened for what of
    their times was taken back, and nothing else of them is given.
    """
    versions = versions_of(session, sides.record.id)
    times, version = times_of(session, versions, keyring=keyring), sides.version
    judged = times.get(version.id)
    return MatchDetail(
        sides=sides,
        newest=find_current_version(session, sides.record.id) or version,
        versions=[(one, session.get_one(Supply, one.supply_id).number) for one in versions],
        first_supply=session.get_one(Supply, sides.record.first_supply_id),
        last_supply=session.get_one(Supply, sides.record.last_supply_id),
        decided_by=_organisation(session, sides.match.decided_by),
        decided_role=_role(session, sides.match),
        # Here and not on the page: which models were accepted is asked of the database.
        explanation=find_explanation(sides.match, sides.allegation, sides.record, session),
        times=times,
        early=find_early(
            sides.match,
            sides.allegation,
            reported_at=judged.reported_at if judged else version.reported_at,
            recorded_at=version.recorded_at,
        ),
        reason=_reason(session, sides, keyring),
    )


def make_proof(session: Session, alert: Alert, *, keyring: Keyring, signer: LogSigner) -> Receipt:
    """The receipt of the entry that raised an alert, opening only what oversight may see.

    Raises NotFound without an entry, or once the report was erased.
    """
    if alert.entry_index is None:
        raise NotFound("This alert has no entry in the log.")
    opener = _opener(session, alert, keyring)
    fields = open_entry(session, alert.entry_index, opener).fields
    names = [name for name in fields if name in _SHOWN_FIELDS or name.startswith(_SHOWN_GROUPS)]
    return make_receipt(session, alert.entry_index, open_sealed=opener, signer=signer, names=names)


def find_opened(
    session: Session,
    look_id: UUID,
    report_id: UUID,
    *,
    account: Account,
    keyring: Keyring,
    now: datetime,
) -> Opened | None:
    """The content of a report for a look that this person has just written at it.

    None for another's look, one at another report, one that is over 15 minutes old, and once the
    report was closed or erased: then a new look and its reason are needed, or none is possible.
    """
    look, report = session.get(Look, look_id), get_report(session, report_id)
    if look is None or (look.account_id, look.report_id) != (account.id, report_id):
        return None
    until = look.at + OPEN_FOR
    closed = is_closed(report) or session.get(ReportKey, report_id) is None
    if closed or now >= until or not may_open(session, report, account):
        return None
    data_key = get_data_key(session, report_id, keyring=keyring)
    return Opened(
        at=look.at,
        until=until,
        reason=data_key.open(look.sealed_reason, f"look:{look.id}").decode(),
        answers=read_answers(session, report_id, keyring=keyring),
        entries=timeline(session, report_id, data_key.open),
        claims=claims_on(session, report_id, keyring=keyring),
        files=count_files(session, report_id),
        statements=statements_of(session, report_id, keyring=keyring),
        unreached_at=way_failed_at(session, report_id),
    )


def _matches(session: Session, alert: Alert) -> list[Waiting]:
    return matches_of(session, alert.allegation_id) if alert.allegation_id else []


def _opener(session: Session, alert: Alert, keyring: Keyring) -> Seal:
    if alert.allegation_id is None:
        return keyring.open_alone
    allegation = session.get_one(Allegation, alert.allegation_id)
    return get_data_key(session, allegation.report_id, keyring=keyring).open


def _organisation(session: Session, account_id: UUID | None) -> str:
    account = session.get(Account, account_id) if account_id else None
    return account.organisation if account else ""


def _role(session: Session, match: Match) -> str:
    account = session.get(Account, match.decided_by) if match.decided_by else None
    if account is not None:
        return account.role
    return "victim" if match.state == "refused" else ""


def _reason(session: Session, sides: Waiting, keyring: Keyring) -> str:
    sealed, report_id = sides.match.sealed_reason, sides.allegation.report_id
    if sealed is None or session.get(ReportKey, report_id) is None:
        return ""
    data_key = get_data_key(session, report_id, keyring=keyring)
    return data_key.open(sealed, f"match-reason:{sides.match.id}").decode()
