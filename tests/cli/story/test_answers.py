"""What the people of the story answer can be read back as what happened to them."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from portal.cli.story.answers import when
from portal.ledger.service import timeline
from portal.reports.dates import When, read_when
from portal.reports.drafts import get_data_key, read_answers
from portal.reports.models import Report
from tests.rig.story import Tale

NOW = datetime(2027, 1, 1, tzinfo=UTC)
minutes = st.integers(0, 370 * 24 * 60).map(
    lambda n: NOW - timedelta(days=371) + timedelta(minutes=n)
)


@given(at=minutes, precision=st.sampled_from(["exact", "part", "about"]))
def test_an_answer_to_when_holds_the_moment_however_precise(at: datetime, precision: str) -> None:
    reading = read_when(When.from_data(when(at, precision)), now=NOW)
    assert reading.interval is not None
    assert reading.interval.earliest <= at <= reading.interval.latest


def test_somebody_who_does_not_know_when_says_so() -> None:
    reading = read_when(When.from_data(when(NOW, "unknown")), now=NOW)
    assert (reading.interval, reading.problems) == (None, ())


def test_every_report_was_filed_page_by_page_and_its_first_entry_holds_the_answers(
    tale: Tale,
) -> None:
    site = tale.site
    with site.database.reading() as session:
        for report in session.scalars(select(Report)):
            answers = read_answers(session, report.id, keyring=site.keyring)
            data_key = get_data_key(session, report.id, keyring=site.keyring)
            first = timeline(session, report.id, data_key.open)[0]
            assert (first.kind, first.at) == ("submitted", report.filed_at)
            assert first.fields["answers.way.way"] == answers["way"]["way"]
            agreed = {"who_for": "other", "agrees": "yes"}
            asked = agreed if report.filed_by else {"who_for": "self"}
            assert asked.items() <= answers["who"].items()
