"""Adding to what was sent, in own words. What was sent stays as it is, and nothing is compared."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from portal.errors import Refused
from portal.languages.translating import _
from portal.ledger.service import NewEntry, append, timeline
from portal.reports import states
from portal.reports.closed import check_not_erasing
from portal.reports.drafts import get_data_key, get_report, open_answers
from portal.reports.models import Report
from portal.sealing import Keyring

KIND = "added"
WORDS = "added.words"
MOST = 200
LONGEST = 20_000  # characters, as for the words of a report


def add(
    session: Session,
    report_id: UUID,
    words: str,
    *,
    number: int = 0,
    keyring: Keyring,
    now: datetime,
) -> Report:
    """Put more words on record. `number` is the thing that they are about, from 1; 0 for all.

    The same again straight away, as by a double click, adds nothing. Raises Refused for a draft,
    while it is withdrawn or is to be erased, and for words that are none or too long.
    """
    report = get_report(session, report_id, lock=True)
    words = words.strip()
    _check(report, words)
    data_key = get_data_key(session, report_id, keyring=keyring)
    entries = timeline(session, report_id, data_key.open)
    told = len(open_answers(report, data_key).get("allegations") or [])
    about = {"allegation": number} if 0 < number <= told else {}
    fields = {WORDS: words, **about}
    last = entries[-1].fields
    if (last.get("kind"), last.get(WORDS), last.get("allegation")) == (
        KIND,
        words,
        about.get("allegation"),
    ):
        return report
    if sum(one.kind == KIND for one in entries) >= MOST:
        raise Refused(
            _("Nothing was added. This holds as many additions as it can. You can start another.")
        )
    append(session, [NewEntry(KIND, report_id, fields, data_key.seal)], now=now)
    return report


def _check(report: Report, words: str) -> None:
    if not states.is_final(report.state):
        raise Refused(_("This was not sent yet. Open it and write it there."))
    check_not_erasing(report)
    if report.withdrawn_at is not None:
        raise Refused(
            _(
                "Nothing was added yet, because you withdrew this. Take it up again first. Your "
                "words are still here."
            )
        )
    if not words:
        raise Refused(_("Nothing was added yet. Write what you want to add."))
    if len(words) > LONGEST:
        raise Refused(
            _(
                "Nothing was added yet. One addition can be up to %(most)s characters long. Add "
                "the rest after it.",
                most=f"{LONGEST:,}",
            )
        )
