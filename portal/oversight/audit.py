"""The whole audit: the log itself, and every row that an entry belongs to (docs/audit.md)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from portal.alerts.models import Alert, AlertAction
from portal.clock import timestamp
from portal.db import Base
from portal.errors import OnRecordError
from portal.ledger.audit import LedgerAudit, count_entries, read_guard
from portal.ledger.audit_entries import CheckErasure
from portal.ledger.audit_findings import Finding, Findings
from portal.ledger.audit_opening import Keys
from portal.ledger.models import LedgerOpening
from portal.ledger.note import VerifierKey
from portal.ledger.publication import PADDING_SUBJECT
from portal.ledger.signing import LogSigner
from portal.ledger.succession import LOG_SUBJECT
from portal.oversight.audit_alerts import check_alerts
from portal.oversight.audit_codes import check_codes
from portal.oversight.audit_contact import check_messages
from portal.oversight.audit_dossiers import (
    Dossier,
    find_keys,
    read_accounts,
    read_entries_of,
    read_reports,
)
from portal.oversight.audit_evidence import check_evidence
from portal.oversight.audit_matches import check_matches
from portal.oversight.audit_reports import check_report
from portal.oversight.audit_review import check_review
from portal.oversight.audit_statements import check_statements
from portal.police.models import Supply
from portal.reports.drafts import get_data_key
from portal.reports.models import Report
from portal.sealing import DataKey, Keyring

_AT_ONCE = 200
_POINTING = (
    *("report_keys", "allegations", "handovers", "force_answers", "looks", "matches", "clocks"),
    *("alerts", "alert_actions", "reports", "supplies"),
    *("return_codes", "code_changes", "safe_contacts", "lost_codes", "visits"),
    *("evidence_files", "evidence_parts"),
    "messages",
)


@dataclass(frozen=True)
class Audited:
    """What was looked at, and how many findings of each kind there were."""

    entries: int
    reports: int
    supplies: int
    findings: Mapping[str, int]


@dataclass(frozen=True)
class Auditor:
    """Everything that an audit reads with. `tell` is given each finding at once, `total` how many
    entries there are, `progress` how many were read since its last call.
    """

    keyring: Keyring = field(repr=False)
    signer: LogSigner
    multiple: int
    witnesses: Mapping[str, VerifierKey] = field(default_factory=dict)
    check_erasure: CheckErasure | None = None

    def run(
        self,
        session: Session,
        *,
        now: datetime,
        tell: Callable[[Finding], None],
        total: Callable[[int], None] = lambda entries: None,
        progress: Callable[[int], None] = lambda entries: None,
    ) -> Audited:
        """Audit one state of the database, in a session that nothing was read in yet and that sees
        one state (`Database.reading`); nothing is written.
        """
        findings = Findings(tell)
        # Before the database is read, or an entry signed meanwhile would look like one cut off.
        guarded = read_guard(self.signer)
        keys = Keys(
            lambda session, subjects: find_keys(session, subjects, self.keyring),
            self.keyring.open_alone,
        )
        total(count_entries(session))
        ledger = LedgerAudit(
            keys=keys,
            signer=self.signer,
            guarded=guarded,
            witnesses=self.witnesses,
            multiple=self.multiple,
            now=now,
            findings=findings,
            check_erasure=self.check_erasure,
        )
        entries = ledger.run(session, progress)
        reports = self._check_reports(session, keys, findings)
        supplies = _check_supplies(session, keys, findings)
        self._check_forces(session, keys, findings)
        _find_strays(session, findings)
        _find_pointing_nowhere(session, findings)
        return Audited(entries, reports, supplies, dict(findings.count))

    def _check_reports(self, session: Session, keys: Keys, findings: Findings) -> int:
        accounts, count = read_accounts(session), 0
        for dossier in read_reports(session, keys):
            check_report(dossier, accounts, findings)
            check_codes(dossier, self._find_key(session, dossier), findings)
            check_messages(dossier, accounts, findings)
            check_matches(dossier, accounts, findings)
            check_evidence(dossier, findings)
            check_review(dossier, accounts, findings)
            check_statements(dossier, findings)
            check_alerts(dossier, accounts, self.keyring, findings)
            count += 1
        return count

    def _find_key(self, session: Session, dossier: Dossier) -> DataKey | None:
        try:
            return get_data_key(session, dossier.subject, keyring=self.keyring)
        except OnRecordError:
            return None

    def _check_forces(self, session: Session, keys: Keys, findings: Findings) -> None:
        accounts = read_accounts(session)
        query = select(Alert.subject).where(Alert.allegation_id.is_(None)).distinct()
        for subject in session.scalars(query).all():
            dossier = Dossier(subject, read_entries_of(session, keys, [subject])[subject])
            dossier.alerts = list(
                session.scalars(
                    select(Alert).where(Alert.subject == subject, Alert.allegation_id.is_(None))
                )
            )
            dossier.actions = list(
                session.scalars(
                    select(AlertAction).where(
                        AlertAction.alert_id.in_([one.id for one in dossier.alerts])
                    )
                )
            )
            check_alerts(dossier, accounts, self.keyring, findings)


def _check_supplies(session: Session, keys: Keys, findings: Findings) -> int:
    count, query = 0, select(Supply).order_by(Supply.id).limit(_AT_ONCE)
    supplies = session.scalars(query).all()
    while supplies:
        found = read_entries_of(session, keys, [one.id for one in supplies])
        for supply in supplies:
            _check_supply(supply, Dossier(supply.id, found[supply.id]), findings)
        count += len(supplies)
        supplies = session.scalars(query.where(Supply.id > supplies[-1].id)).all()
    return count


def _check_supply(supply: Supply, dossier: Dossier, findings: Findings) -> None:
    where, taken = f"supply {supply.id}", dossier.of("supply_taken")
    wanted = 0 if supply.taken_at is None else 1
    if not findings.unless(
        len(dossier.entries) == len(taken) == wanted,
        "supply",
        where,
        f"{len(taken)} entries say that it was taken, and there should be {wanted}",
    ):
        return
    for entry, fields in dossier.opened("supply_taken"):
        stands = {
            "force": supply.force_id,
            "sha256": supply.digest.hex(),
            "covers_from": timestamp(supply.covers_from),
            "covers_to": timestamp(supply.covers_to),
            "full": supply.is_full,
            "rows_declared": supply.declared_rows,
            "rows_taken": supply.taken_rows,
            "rows_refused": supply.refused_rows,
            "number": supply.number,
        }
        findings.unless(
            all(fields.get(name) == value for name, value in stands.items())
            and supply.taken_at == supply.received_at == entry.at
            and supply.entry_index == entry.index,
            "supply",
            where,
            "its file, period, counts or times are not what is on record",
        )


def _find_strays(session: Session, findings: Findings) -> None:
    """Name the entries of subjects that are nowhere."""
    query = (
        select(LedgerOpening.entry_index, LedgerOpening.kind)
        .outerjoin(Report, Report.id == LedgerOpening.subject)
        .outerjoin(Supply, Supply.id == LedgerOpening.subject)
        .where(
            LedgerOpening.subject.not_in([PADDING_SUBJECT, LOG_SUBJECT]),
            Report.id.is_(None),
            Supply.id.is_(None),
            LedgerOpening.subject.not_in(
                select(Alert.subject).where(Alert.allegation_id.is_(None))
            ),
        )
    )
    for index, kind in session.execute(query.execution_options(yield_per=500)):
        findings.add(
            "stray",
            f"entry {index}",
            f"the report, supply or force that this “{kind}” belongs to is not there: "
            "its row was changed or deleted",
        )


def _find_pointing_nowhere(session: Session, findings: Findings) -> None:
    """Name rows that point at rows that are not there, as only past the database's own checks."""
    for name in _POINTING:
        table = Base.metadata.tables[name]
        for constraint in table.foreign_key_constraints:
            other = constraint.referred_table.alias("other")
            pairs = [(key.parent, other.c[key.column.name]) for key in constraint.elements]
            query = (
                select(*table.primary_key.columns)
                .outerjoin(other, and_(*(here == there for here, there in pairs)))
                .where(*(here.is_not(None) for here, _ in pairs), pairs[0][1].is_(None))
            )
            for row in session.execute(query):
                findings.add(
                    "link",
                    f"row {row[0]} of {name}",
                    f"it points at a row of {constraint.referred_table.name} that is not there",
                )
