"""Every answer that was ever corrected to, laid again beside its allegation from the entries.

Until revision 0020 a row kept the last one alone. The audit and the watch ask for all of them.
"""

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.ledger.models import LedgerOpening
from portal.ledger.service import timeline
from portal.reports.corrections import KIND, fold
from portal.reports.drafts import get_data_key, get_report, open_answers
from portal.reports.models import Allegation, ReportKey
from portal.sealing import Keyring


def fold_rows(session: Session, *, keyring: Keyring) -> int:
    """Have each row of a corrected report say what its entries say was chosen; how many differed.

    It would also put right what somebody else has changed, unseen, so it is for the one moment at
    which the column is made (`cli.schema.migrate`): elsewhere the audit is to find that. Twice
    changes nothing more. Raises Unavailable without the key of a report.
    """
    corrected = (
        select(LedgerOpening.subject)
        .join(ReportKey, ReportKey.report_id == LedgerOpening.subject)
        .where(LedgerOpening.kind == KIND)
        .distinct()
    )
    changed = 0
    for report_id in session.scalars(corrected).all():
        data_key = get_data_key(session, report_id, keyring=keyring)
        entries = timeline(session, report_id, data_key.open)
        answers = open_answers(get_report(session, report_id), data_key)
        folded = fold(answers, ((one.at, one.fields) for one in entries))
        rows = select(Allegation).where(Allegation.report_id == report_id)
        for each in session.scalars(rows):
            said = " ".join(folded.categories.get(each.ordinal, ())) or None
            if each.corrected_categories != said:
                each.corrected_categories = said
                if each.clock_starts_at is not None:
                    each.to_match = each.to_sweep = True
                changed += 1
    session.flush()
    return changed
