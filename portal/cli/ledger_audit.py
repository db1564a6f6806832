"""`flask ledger audit`: whether the log, and every row that it speaks of, is as put on record.

Exit code 0: nothing found. 1: there are findings. 2: the audit could not run.
"""

import json
import sys
from collections import Counter
from typing import NoReturn

import click
from sqlalchemy.exc import SQLAlchemyError
from tqdm import tqdm

from portal.cli.schema import explain_tables
from portal.errors import OnRecordError, Refused
from portal.ledger.audit_entries import CheckErasure
from portal.ledger.audit_findings import Finding
from portal.ledger.note import COSIGNATURE_V1, VerifierKey
from portal.oversight.audit import Audited, Auditor
from portal.site import Site

SHOWN = 20
"""How many findings of one kind are written out, unless all are asked for."""
FOUND, COULD_NOT_RUN = 1, 2


class Said:
    """Findings on their way to the person: written at once, or kept for one JSON document."""

    def __init__(self, bar: "tqdm[NoReturn]", *, as_json: bool, everything: bool) -> None:
        self._bar = bar
        self._most = None if everything or as_json else SHOWN
        self._as_json = as_json
        self._count: Counter[str] = Counter()
        self.kept: list[Finding] = []

    def tell(self, finding: Finding) -> None:
        """Say one finding."""
        self._count[finding.what] += 1
        if self._as_json:
            self.kept.append(finding)
        elif self._most is None or self._count[finding.what] <= self._most:
            self._bar.write(str(finding), file=sys.stdout)

    def end(self) -> None:
        """Say how many findings of each kind were left out."""
        for what, count in sorted(self._count.items()):
            if self._most is not None and count > self._most:
                click.echo(f"{what}: … and {count - self._most:,} more. --all writes all of them.")


def command(site: Site, check_erasure: CheckErasure | None = None) -> click.Command:
    """The command for one installation. Without `check_erasure` every erased entry is a finding."""

    @click.command("audit")
    @click.option("--json", "as_json", is_flag=True, help="Write one JSON document.")
    @click.option("--all", "everything", is_flag=True, help="Write every finding.")
    @click.option("--witness", "vkeys", multiple=True, help="The verifier key of a witness.")
    @click.pass_context
    def audit(
        context: click.Context, *, as_json: bool, everything: bool, vkeys: tuple[str, ...]
    ) -> None:
        """Open and check every entry of the log, and every row that it speaks of.

        Nothing is written, and the site can go on working. Exit code 0: nothing found; 1: there
        are findings; 2: the audit could not run.
        """
        bar = tqdm(unit=" entries", unit_scale=True, disable=not sys.stderr.isatty())
        said = Said(bar, as_json=as_json, everything=everything)
        try:
            with bar:
                done = _run(site, check_erasure, vkeys, bar, said)
        except (OnRecordError, SQLAlchemyError) as error:
            words = _why(site, error)
            click.echo(f"The audit could not run, so nothing is known: {words}", err=True)
            context.exit(COULD_NOT_RUN)
        said.end()
        _sum_up(done, said.kept, as_json=as_json)
        context.exit(FOUND if done.findings else 0)

    return audit


def _why(site: Site, error: OnRecordError | SQLAlchemyError) -> str:
    if isinstance(error, OnRecordError):
        return error.message
    return explain_tables(site.database) or type(error).__name__


def _run(
    site: Site,
    check_erasure: CheckErasure | None,
    vkeys: tuple[str, ...],
    bar: "tqdm[NoReturn]",
    said: Said,
) -> Audited:
    def total(entries: int) -> None:
        bar.total = entries
        bar.refresh()

    def progress(entries: int) -> None:
        bar.update(entries)

    auditor = Auditor(
        keyring=site.keyring,
        signer=site.signer,
        multiple=site.settings.publish_multiple,
        witnesses=_known_witnesses(site) | dict(map(_witness, vkeys)),
        check_erasure=check_erasure,
    )
    with site.database.reading() as session:
        return auditor.run(session, now=site.now(), tell=said.tell, total=total, progress=progress)


def _known_witnesses(site: Site) -> dict[str, VerifierKey]:
    known = site.witnesses.witnesses if site.witnesses else ()
    return {f"{one.key.name}+{one.key.key_id.hex()}": one.key for one in known}


def _witness(vkey: str) -> tuple[str, VerifierKey]:
    key = VerifierKey.parse(vkey)
    if key.kind != COSIGNATURE_V1:
        raise Refused("A key given with --witness is a log's, not a witness's.")
    return f"{key.name}+{key.key_id.hex()}", key


def _sum_up(done: Audited, findings: list[Finding], *, as_json: bool) -> None:
    count = sum(done.findings.values())
    if as_json:
        document = {
            "entries": done.entries,
            "reports": done.reports,
            "supplies": done.supplies,
            "count": count,
            "findings": [finding._asdict() for finding in findings],
        }
        click.echo(json.dumps(document, ensure_ascii=False, indent=1))
        return
    click.echo(
        f"Entries {done.entries:,}, reports {done.reports:,}, supplies {done.supplies:,}. "
        + (f"Findings: {count:,}." if count else "Nothing was found to be wrong.")
    )
