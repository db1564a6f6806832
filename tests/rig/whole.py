"""Whether an installation is whole: tree, entries, openings and reports fit, one to one."""

import base64
from collections import defaultdict
from collections.abc import Callable
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.ledger import verify
from portal.ledger.entry import leaf
from portal.ledger.merkle import Frontier, leaf_hash
from portal.ledger.models import LedgerEntry, LedgerOpening, LedgerSubtree
from portal.ledger.policy import policy_of
from portal.ledger.publication import PADDING_SUBJECT
from portal.ledger.receipt import to_bytes
from portal.ledger.service import make_receipt, open_entry
from portal.ledger.store import find_head
from portal.reports.drafts import get_data_key
from portal.reports.models import Report
from portal.reports.states import is_final
from portal.site import Site


def check_whole(site: Site) -> int:
    """Raise AssertionError unless everything fits; the number of reports on record."""
    with site.database.reading() as session:
        leaves = _check_tree(session)
        _check_openings(session, site, leaves)
        return _check_reports(session, site)


def _check_tree(session: Session) -> list[bytes]:
    rows = session.execute(
        select(LedgerEntry.index, LedgerEntry.leaf).order_by(LedgerEntry.index)
    ).all()
    assert [row.index for row in rows] == list(range(len(rows))), "a gap or a double"
    frontier, complete = Frontier().extend(leaf_hash(row.leaf) for row in rows)
    assert find_head(session)[:2] == (frontier.size, frontier.root()), "the head is another tree's"
    stored = session.execute(select(LedgerSubtree.level, LedgerSubtree.index, LedgerSubtree.hash))
    assert {tuple(row) for row in stored} == {tuple(one) for one in complete}
    return [row.leaf for row in rows]


def _check_openings(session: Session, site: Site, leaves: list[bytes]) -> None:
    rows = session.execute(
        select(LedgerOpening.entry_index, LedgerOpening.subject).order_by(LedgerOpening.entry_index)
    ).all()
    assert [row.entry_index for row in rows] == list(range(len(leaves))), "not one to one"
    chains: dict[UUID, list[bytes]] = defaultdict(list)
    for index, subject in rows:
        opened = open_entry(session, index, _opener(session, site, subject))
        assert leaf(opened.salt, opened.fields) == leaves[index], "the opening is another entry's"
        chain = chains[subject]
        before = opened.fields["previous"]
        assert opened.sequence == opened.fields["sequence"] == len(chain) + 1
        assert before == (base64.b64encode(chain[-1]).decode() if chain else None)
        chain.append(leaves[index])


def _check_reports(session: Session, site: Site) -> int:
    reports = session.scalars(select(Report)).all()
    filed = {one.id: one.entry_index for one in reports if is_final(one.state)}
    assert all(one.entry_index is None for one in reports if one.id not in filed)
    submitted = session.execute(
        select(LedgerOpening.subject, LedgerOpening.entry_index).where(
            LedgerOpening.kind == "submitted"
        )
    ).all()
    assert len(submitted) == len(filed), "reports and entries are not one to one"
    assert {row.subject: row.entry_index for row in submitted} == filed
    for subject, index in filed.items():
        open_sealed = _opener(session, site, subject)
        receipt = make_receipt(session, index or 0, open_sealed=open_sealed, signer=site.signer)
        verdict = verify.judge(to_bytes(receipt), policy_of(site.signer))
        assert verdict.code == verify.PROVED, verdict.summary
        assert verdict.entry_index == index
    return len(filed)


def _opener(session: Session, site: Site, subject: UUID) -> Callable[[bytes, str], bytes]:
    if subject == PADDING_SUBJECT:
        return site.keyring.open_alone
    return get_data_key(session, subject, keyring=site.keyring).open
