"""When a key is shared with forces anew: every open report gets the keys to be found by it.

Each report carries a mark of each shared key that its keys were made with: a token that no record
has. A report without the mark of a key that is configured is matched again.
"""

from collections.abc import Iterable
from typing import cast

from sqlalchemy import CursorResult, exists, update
from sqlalchemy.orm import Session

from portal.matching.models import AllegationKey
from portal.reports.models import Allegation
from portal.sealing import Tokens

_MARK = "shared-key"


def mark_of(key: str, tokens: Tokens) -> int:
    """The token that says that a report's keys were made with this shared key too."""
    return tokens.number(_MARK, key)


def match_unmarked(session: Session, keys: Iterable[str], *, tokens: Tokens) -> int:
    """Have every open report matched again that lacks the mark of one of these keys; how many."""
    marked = 0
    for key in keys:
        has_mark = exists().where(
            AllegationKey.token == mark_of(key, tokens),
            AllegationKey.allegation_id == Allegation.id,
        )
        done = session.execute(
            update(Allegation)
            .where(
                Allegation.clock_starts_at.is_not(None),
                Allegation.to_match.is_(False),
                exists().where(AllegationKey.allegation_id == Allegation.id),
                ~has_mark,
            )
            .values(to_match=True)
            .execution_options(synchronize_session=False)
        )
        marked += cast("CursorResult[object]", done).rowcount
    return marked
