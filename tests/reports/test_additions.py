"""What a person adds later stands beside what they sent, and changes nothing of it."""

import pytest

from portal.errors import Refused
from portal.reports.additions import LONGEST, MOST
from portal.reports.models import Report
from portal.site import Site
from tests.rig.clock import HandClock
from tests.rig.drafts import new_draft
from tests.rig.filed import Filed, file_report, look_again
from tests.rig.own import Own


def test_more_words_are_an_entry_of_their_own_and_what_was_sent_stays(site: Site) -> None:
    own = Own(site, file_report(site, words="He came at night."))
    before = own.answers()
    own.add("  He came back on Sunday. ", 1)
    assert own.answers() == before
    last = own.entries()[-1]
    assert (last.kind, last.fields["added.words"]) == ("added", "He came back on Sunday.")
    assert last.fields["allegation"] == 1


def test_the_same_again_straight_away_is_added_once(site: Site) -> None:
    own = Own(site, file_report(site))
    for number in (0, 0, 1, 1, 9):
        own.add("He came back.", number)
    assert own.kinds() == ["submitted", "added", "added", "added"]


def test_words_are_not_compared_so_nothing_is_matched_again(site: Site, clock: HandClock) -> None:
    own = Own(site, file_report(site, told=clock()))
    look_again(site)
    own.add("He came back.")
    assert [one.to_match for one in own.allegations()] == [False]


@pytest.mark.parametrize(
    ("words", "says"), [("  ", "Write what you want"), ("a" * (LONGEST + 1), "up to 20,000")]
)
def test_no_words_and_far_too_many_are_refused_in_plain_words(
    site: Site, words: str, says: str
) -> None:
    own = Own(site, file_report(site))
    with pytest.raises(Refused, match=says):
        own.add(words)
    assert own.kinds() == ["submitted"]


def test_a_draft_a_withdrawn_report_and_one_that_will_be_erased_are_not_added_to(
    site: Site,
) -> None:
    draft = new_draft(site)
    with pytest.raises(Refused, match="not sent yet"):
        Own(site, Filed(Report(id=draft.id), draft.code)).add("More.")
    own = Own(site, file_report(site))
    own.withdraw()
    with pytest.raises(Refused, match="Take it up again first"):
        own.add("More.")
    own.take_up()
    own.ask_to_erase()
    with pytest.raises(Refused, match="going to be erased"):
        own.add("More.")


def test_a_report_holds_many_additions_and_not_endlessly_many(site: Site) -> None:
    own = Own(site, file_report(site))
    for number in range(MOST):
        own.add(f"Part {number}")
    with pytest.raises(Refused, match="as many additions"):
        own.add("One more.")
