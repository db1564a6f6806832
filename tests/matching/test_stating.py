"""A victim can say what is wrong with what police made of it, and take it back; both stay."""

import pytest
from sqlalchemy import select

from portal.accounts.models import Account
from portal.errors import NotFound, Refused
from portal.ledger.service import timeline
from portal.matching.models import Match
from portal.matching.queueing import queue
from portal.matching.statements import Said
from portal.matching.stating import LONGEST_WORDS, MOST
from portal.reports.drafts import get_data_key
from portal.reports.service import withdraw
from portal.site import Site
from tests.matching.test_rerunning import all_matches, comparer_of, rerun
from tests.rig.audited import audit
from tests.rig.clock import HandClock
from tests.rig.filed import Filed, file_report, look_again
from tests.rig.own import Own
from tests.rig.people import add_person
from tests.rig.reviewed import case_of, reads, waiting_case
from tests.rig.stated import match_state, matched, says, statements_in, takes_back
from tests.rig.supplies import take


def entries(site: Site, filed: Filed) -> list[tuple[str, dict[str, object]]]:
    with site.database.reading() as session:
        data_key = get_data_key(session, filed.id, keyring=site.keyring)
        return [(one.kind, dict(one.fields)) for one in timeline(session, filed.id, data_key.open)]


def test_a_statement_is_on_record_with_its_words_and_the_words_are_sealed_in_the_row(
    site: Site, clock: HandClock
) -> None:
    filed, _ = matched(site, clock)
    one = says(site, filed, "not_what_i_said", words="  They broke the door.  ")
    kind, fields = entries(site, filed)[-1]
    assert kind == "stated"
    assert fields["statement"] == str(one)
    assert fields["statement.kind"] == "not_what_i_said"
    assert fields["statement.words"] == "They broke the door."
    assert fields["record.reference"] == "54/7/26"
    (row,) = statements_in(site)
    assert b"door" not in (row.sealed or b"")
    assert audit(site) == []


def test_pressed_twice_it_is_said_once(site: Site, clock: HandClock) -> None:
    filed, _ = matched(site, clock)
    assert says(site, filed, "not_what_i_said") == says(site, filed, "not_what_i_said")
    assert [kind for kind, _ in entries(site, filed)].count("stated") == 1


def test_a_record_that_is_not_theirs_goes_and_comes_back_to_a_person_never_by_itself(
    site: Site, clock: HandClock
) -> None:
    filed, _ = matched(site, clock)
    one = says(site, filed, "not_mine")
    assert match_state(site) == "refused"
    look_again(site)
    assert match_state(site) == "refused"
    clock.advance(hours=1)
    takes_back(site, filed, one)
    takes_back(site, filed, one)
    assert match_state(site) == "proposed"
    kinds = [kind for kind, _ in entries(site, filed)]
    assert kinds[-2:] == ["match_ended", "statement_taken_back"]
    look_again(site)
    assert match_state(site) == "proposed"
    assert audit(site) == []
    inspector = add_person(site, "inspector")
    assert reads(site, filed, inspector, "record") == "accept"
    look_again(site)
    assert match_state(site) == "accepted"
    assert audit(site) == []


def test_what_a_person_refused_since_stays_refused(site: Site, clock: HandClock) -> None:
    filed, _ = matched(site, clock)
    one = says(site, filed, "not_mine")
    takes_back(site, filed, one)
    look_again(site)
    inspector = add_person(site, "inspector")
    assert reads(site, filed, inspector, "none") == "refuse"
    with site.database.reading() as session:
        match = session.scalars(select(Match)).one()
    assert (match.state, match.decided_by) == ("refused", inspector)


def test_said_again_after_it_was_taken_back_is_another_statement(
    site: Site, clock: HandClock
) -> None:
    filed, _ = matched(site, clock)
    first = says(site, filed, "refused")
    clock.advance(hours=1)
    takes_back(site, filed, first)
    clock.advance(hours=1)
    assert says(site, filed, "refused") != first
    assert len(statements_in(site)) == 2
    assert audit(site) == []


def test_nothing_is_said_about_a_record_that_is_not_accepted_or_another_part(
    site: Site, clock: HandClock
) -> None:
    filed, _ = matched(site, clock)
    with pytest.raises(Refused, match="not matched"):
        says(site, filed, "not_mine", reference="54/8/26")
    with pytest.raises(NotFound):
        says(site, filed, "refused", ordinal=2)
    with pytest.raises(Refused, match="2,000"):
        says(site, filed, "refused", words="x" * (LONGEST_WORDS + 1))
    assert statements_in(site) == []


def test_nothing_is_said_before_police_were_told_or_after_it_was_withdrawn(
    site: Site, clock: HandClock
) -> None:
    kept = file_report(site, way="keep")
    with pytest.raises(Refused, match="not told"):
        says(site, kept, "refused")
    filed, _ = matched(site, clock)
    one = says(site, filed, "refused")
    with site.database.transaction() as session:
        withdraw(session, filed.id, keyring=site.keyring, now=site.now())
    with pytest.raises(Refused, match="withdrew"):
        says(site, filed, "supports")
    with pytest.raises(Refused, match="withdrew"):
        takes_back(site, filed, one)


def test_nobody_takes_back_what_somebody_else_said(site: Site, clock: HandClock) -> None:
    filed, _ = matched(site, clock)
    one = says(site, filed, "refused")
    with pytest.raises(NotFound):
        takes_back(site, file_report(site), one)


def test_what_police_refused_is_read_first(site: Site, clock: HandClock) -> None:
    grave = waiting_case(site, clock, category="raped")
    small = waiting_case(site, clock, references=("54/9/26",), incident="5403260000999")
    inspector = add_person(site, "inspector")
    with site.database.reading() as session:
        account = session.get_one(Account, inspector)
        before = [one.allegation.report_id for one in queue(session, account, now=site.now())]
    assert before == [grave.id, small.id]
    says(site, small, "refused")
    with site.database.reading() as session:
        account = session.get_one(Account, inspector)
        after = [one.allegation.report_id for one in queue(session, account, now=site.now())]
    assert after == [small.id, grave.id]
    assert case_of(site, small, inspector).proposed


def test_while_an_erasure_waits_nothing_is_stated_and_nothing_taken_back(
    site: Site, clock: HandClock
) -> None:
    filed, _ = matched(site, clock)
    one = says(site, filed, "not_what_i_said")
    Own(site, filed).ask_to_erase()
    before = entries(site, filed)
    with pytest.raises(Refused, match="going to be erased"):
        says(site, filed, "not_mine")
    with pytest.raises(Refused, match="going to be erased"):
        takes_back(site, filed, one)
    assert entries(site, filed) == before
    assert match_state(site) == "accepted"


def say_often(site: Site, filed: Filed, kind: Said) -> None:
    """Until there is no room: every pair of it is a statement that was taken back."""
    while len(statements_in(site)) < MOST:
        takes_back(site, filed, says(site, filed, kind, reference=""))


def test_saying_it_over_and_over_ends_in_words_that_say_what_is_kept_and_whom_to_write_to(
    site: Site, clock: HandClock
) -> None:
    filed, _ = matched(site, clock)
    say_often(site, filed, "supports")
    before = len(entries(site, filed))
    with pytest.raises(Refused, match=r"All that you said before is kept\..*write a message"):
        says(site, filed, "supports", reference="", words="Once more")
    assert len(statements_in(site)) == MOST
    assert len(entries(site, filed)) == before
    assert audit(site) == []
    clock.advance(days=1)
    takes_back(site, filed, says(site, filed, "supports", reference=""))
    with pytest.raises(Refused, match="You can say it again tomorrow"):
        says(site, filed, "supports", reference="")


def test_whoever_uses_up_one_thing_to_say_leaves_every_other_to_be_said(
    site: Site, clock: HandClock
) -> None:
    filed, _ = matched(site, clock)
    say_often(site, filed, "supports")
    says(site, filed, "refused", reference="")
    says(site, filed, "not_what_i_said")
    one = says(site, filed, "not_mine")
    assert match_state(site) == "refused"
    takes_back(site, filed, one)
    assert len(statements_in(site)) == MOST + 3


def test_what_stands_is_the_one_there_is_even_without_room(site: Site, clock: HandClock) -> None:
    filed, _ = matched(site, clock)
    one = says(site, filed, "refused", reference="")
    say_often(site, filed, "supports")
    assert says(site, filed, "refused", reference="") == one


def test_what_the_force_made_of_it_meanwhile_is_compared_when_it_is_taken_back(
    site: Site, clock: HandClock
) -> None:
    filed, record = matched(site, clock)
    one = says(site, filed, "not_mine")
    look_again(site)
    clock.advance(hours=1)
    take(site, [record | {"outcome_type": "1"}], is_full=False)
    look_again(site)
    takes_back(site, filed, one)
    look_again(site)
    (waiting,) = case_of(site, filed, add_person(site, "inspector")).proposed
    assert waiting.version.number == 2
    stood = all_matches(site)
    assert rerun(site, comparer_of(site)).other == 0
    assert all_matches(site) == stood


def test_what_a_person_confirmed_and_its_victim_took_back_is_read_anew(
    site: Site, clock: HandClock
) -> None:
    filed = waiting_case(site, clock)
    inspector, office = add_person(site, "inspector"), add_person(site, "pcc", force_id="wiltshire")
    reads(site, filed, inspector, "record")
    look_again(site)
    clock.advance(hours=1)
    one = says(site, filed, "not_mine")
    clock.advance(hours=1)
    takes_back(site, filed, one)
    look_again(site)
    assert match_state(site) == "proposed"
    assert audit(site) == []
    case = case_of(site, filed, office)
    assert (case.step, list(case.readings)) == ("first", [])
    assert reads(site, filed, inspector, "record") == "accept"
    look_again(site)
    assert match_state(site) == "accepted"
    assert audit(site) == []
