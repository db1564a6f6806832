"""What people answered in the short survey in the quarters before the story: numbers, and no more.

Nothing but such numbers is kept of anybody's answers, so nothing else of these people is told.
"""

from collections import Counter
from datetime import datetime
from random import Random

from sqlalchemy.orm import Session

from portal.oversight.confidence import finished_quarters
from portal.reports.milestones import MILESTONES
from portal.reports.survey_models import SurveyCount
from portal.reports.surveys import HIGHEST, ITEMS, NOT_SAID

_QUARTERS = 2
_PEOPLE = {"wiltshire": (14, 30), "avon-and-somerset": (11, 22), "dorset": (2, 12)}
"""By force, the fewest and the most who answered after one milestone of a quarter."""
_LEAN = {"informed": 2, "fairly": 3, "respect": 4, "believed": 4, "investigated": 2, "again": 3}
"""By item, the answer around which most answers lie, of 1 to 5."""
_WEIGHTS = (6, 3, 1, 1, 1)  # by how far an answer is from there
_RATHER_NOT = 0.06


def add_answers(session: Session, end: datetime, *, number: int) -> None:
    """Put the numbers of the last two finished quarters before `end`; one `number`, one outcome."""
    rng = Random(number)  # noqa: S311 - a story, not a secret
    for quarter in finished_quarters(end, count=_QUARTERS):
        for force, (fewest, most) in _PEOPLE.items():
            for milestone in MILESTONES:
                people = rng.randint(fewest, most)
                for item in ITEMS:
                    found = Counter(_answer(rng, _LEAN[item]) for _ in range(people))
                    session.add_all(
                        SurveyCount(
                            force_id=force,
                            milestone=milestone,
                            quarter=quarter,
                            item=item,
                            answer=answer,
                            number=many,
                        )
                        for answer, many in found.items()
                    )


def _answer(rng: Random, lean: int) -> int:
    if rng.random() < _RATHER_NOT:
        return NOT_SAID
    points = range(1, HIGHEST + 1)
    return rng.choices(points, [_WEIGHTS[abs(point - lean)] for point in points])[0]
