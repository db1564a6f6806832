"""The demonstration's story, told small, for tests and for journeys in a browser."""

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import select

from portal.alerts.models import Alert
from portal.cli.demonstration_data import Demonstration, tell_story
from portal.matching.models import Match
from portal.reports.models import Allegation
from portal.site import Site

SIZE = 60


@dataclass(frozen=True)
class Tale:
    """A site on which the story was told, and what the telling gave."""

    site: Site
    told: Demonstration

    def allegations(self, chapter: str) -> list[Allegation]:
        """The allegations of a chapter's report, in their order."""
        query = select(Allegation).where(Allegation.report_id == self.told.reports[chapter])
        with self.site.database.reading() as session:
            return list(session.scalars(query.order_by(Allegation.ordinal)))

    def alerts(self, chapter: str, ordinal: int = 1) -> list[tuple[str, str, str]]:
        """Kind, stage and state of every alert about one allegation, oldest first."""
        allegation = self.allegations(chapter)[ordinal - 1]
        query = select(Alert).where(Alert.allegation_id == allegation.id)
        with self.site.database.reading() as session:
            found = session.scalars(query.order_by(Alert.raised_at, Alert.kind))
            return [(alert.kind, alert.stage, alert.state) for alert in found]

    def matches(self, chapter: str, ordinal: int = 1) -> list[str]:
        """The state of every match of one allegation that was more than kept, in order."""
        allegation = self.allegations(chapter)[ordinal - 1]
        query = select(Match.state).where(
            Match.allegation_id == allegation.id, Match.state != "kept"
        )
        with self.site.database.reading() as session:
            return sorted(session.scalars(query))


def tell(site: Site, *, size: int = SIZE) -> Tale:
    """Tell the story on an empty site, with one round of background work a day."""
    return Tale(site, tell_story(site, lambda words: None, size=size, every=timedelta(days=1)))
