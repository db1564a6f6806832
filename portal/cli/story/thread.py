"""One person of the story writes with her supporter, and chooses when she may be rung."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from portal.cli.story.offices import Cast
from portal.reports.codes import key_material
from portal.reports.correspondence import ADVOCATE, write_as_person
from portal.reports.safe_contacts import ask_contact
from portal.reports.safe_hours import SafeHours
from portal.reports.safe_ways import CALL, Way, WayRules
from portal.reports.staff_messages import open_thread, write_as_staff
from portal.site import Site

CHAPTER = "rape-never-recorded"
CODE_WORD = "kingfisher"
_NUMBER = "+447700900917"  # one of those that Ofcom keeps for stories
_WEEKDAY_MORNINGS = SafeHours((0, 1, 2, 3, 4), 9, 12)
_REASON = "To read the messages that you wrote to me, and to answer"


@dataclass(frozen=True)
class Writing:
    """What the thread is about: the report, its code, and those who write."""

    site: Site
    report_id: UUID
    code: str = field(repr=False)
    cast: Cast


Step = Callable[[Session, Writing, datetime], object]


def steps() -> Sequence[tuple[timedelta, Step]]:
    """What happens, each so long after the report was filed; the last message is not answered."""
    return (
        (timedelta(hours=20), _may_be_rung),
        (
            timedelta(hours=22),
            _says("Nobody has rung me. I do not want to go to the station alone again."),
        ),
        (
            timedelta(hours=26),
            _answers("I am sorry that you wait. I come with you whenever you want to go."),
        ),
        (
            timedelta(days=4),
            _says("Thank you. Could you ring me tomorrow morning, while he is at work?"),
        ),
    )


def _may_be_rung(session: Session, of: Writing, now: datetime) -> None:
    rules = WayRules(_WEEKDAY_MORNINGS, code_word=CODE_WORD, no_message=True, hang_up=True)
    ask_contact(
        session,
        of.report_id,
        Way(CALL, _NUMBER, rules),
        code=of.site.codes.digest(key_material(of.code)),
        keyring=of.site.keyring,
        tokens=of.site.tokens,
        now=now,
    )


def _says(words: str) -> Step:
    return lambda session, of, now: write_as_person(
        session, of.report_id, ADVOCATE, words, keyring=of.site.keyring, now=now
    )


def _answers(words: str) -> Step:
    def do(session: Session, of: Writing, now: datetime) -> None:
        keyring, account = of.site.keyring, of.cast.advocate
        open_thread(
            session, of.report_id, account=account, reason=_REASON, keyring=keyring, now=now
        )
        write_as_staff(session, of.report_id, words, account=account, keyring=keyring, now=now)

    return do
