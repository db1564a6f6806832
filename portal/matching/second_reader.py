"""Sexual offences need a second reader: whether one does, and that there was one."""

from collections.abc import Iterable
from functools import lru_cache

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.accounts.models import Account
from portal.errors import Refused
from portal.matching.gathering import stub_of
from portal.matching.models import Match, Reading
from portal.matching.readers import DECIDERS
from portal.reference import offences


def needs_two(categories: Iterable[str], offence_codes: Iterable[str]) -> bool:
    """Whether two people have to agree before a record is accepted: a sexual offence was reported,
    at first or whenever it was corrected (`Allegation.categories`), or recorded.
    """
    return any(map(_is_sexual, categories)) or any(map(offences.is_sexual, offence_codes))


# A queue asks it of thousands of cases and a few dozen categories.
@lru_cache(maxsize=256)
def _is_sexual(category: str) -> bool:
    return stub_of(category, can_tell=True).is_sexual


def check_second_reader(session: Session, match: Match, account: Account) -> None:
    """Raises Refused unless somebody else has read this very version and said the same."""
    query = select(Reading.id).where(
        Reading.allegation_id == match.allegation_id,
        Reading.record_id == match.record_id,
        Reading.version_id == match.version_id,
        Reading.verdict == "record",
        Reading.account_id != account.id,
        Reading.role.in_(DECIDERS),
    )
    if match.reopened_at is not None:
        query = query.where(Reading.at >= match.reopened_at)
    if session.scalar(query.limit(1)) is None:
        raise Refused(
            "Nothing was changed. This is about a sexual offence, so somebody else has to read it "
            "and say the same."
        )
