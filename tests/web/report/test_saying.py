"""What can be said goes with how it stands; what was said is shown to whoever may read it."""

from datetime import UTC, datetime
from uuid import uuid4

from portal.matching.statements import StatementSeen, statements_of
from portal.reports.drafts import get_report
from portal.site import Site
from portal.web.report.saying import (
    Part,
    find_part,
    find_standing,
    parts_of,
    records_for,
    said_sections,
    standing_of,
)
from tests.rig.clock import HandClock
from tests.rig.filed import Filed
from tests.rig.stated import matched, says, takes_back
from tests.rig.watched import file_watched

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)


def parts(site: Site, filed: Filed) -> list[Part]:
    with site.database.reading() as session:
        return parts_of(session, get_report(session, filed.id))


def test_without_a_record_nothing_is_offered_about_one(site: Site) -> None:
    (part,) = parts(site, file_watched(site))
    assert list(part.offered) == ["told", "wish"]
    assert records_for(part, "told") == []
    assert [address for _, address in part.links()] == ["/back/say/told/1", "/back/say/wish/1"]


def test_with_a_record_it_can_be_contested_until_that_was_said(
    site: Site, clock: HandClock
) -> None:
    filed, _ = matched(site, clock)
    (part,) = parts(site, filed)
    assert list(part.offered) == ["words", "other", "told", "wish"]
    assert [one.reference for one in records_for(part, "words")] == ["54/7/26"]
    assert find_part([part], "words", 1) == part
    assert find_part([part], "words", 2) is None
    assert find_part([part], "right", 1) is None
    says(site, filed, "not_what_i_said")
    (part,) = parts(site, filed)
    assert "words" not in part.offered


def test_what_was_said_is_shown_with_all_that_was_added_and_that_it_was_taken_back(
    site: Site, clock: HandClock
) -> None:
    filed, _ = matched(site, clock)
    one = says(site, filed, "refused", how="phone", who="PC Small", reason="No proof.")
    clock.advance(minutes=1)
    two = says(site, filed, "not_what_i_said")
    takes_back(site, filed, two)
    with site.database.reading() as session:
        found = statements_of(session, filed.id, keyring=site.keyring)
    first, second = said_sections(found)
    lines = {line.key: line.value for line in first.lines}
    assert lines["How they told me"] == "On the phone"
    assert lines["Who told me"] == "PC Small"
    assert [line.key for line in second.lines] == ["What", "About the record", "Taken back"]
    assert [each.id for each, _ in standing_of(found)] == [one]
    assert find_standing(found, two) is None


def test_of_several_parts_each_says_which(site: Site) -> None:
    one = StatementSeen(uuid4(), 2, "supports", "", NOW, None, {})
    assert said_sections([one], parts=2)[0].title == "Said afterwards about part 2"
    assert said_sections([one])[0].title == "Said afterwards"
