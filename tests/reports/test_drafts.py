"""What somebody writes is sealed and kept as they write it, before anything is sent."""

import copy
import threading
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as checks
from hypothesis import strategies as st
from sqlalchemy import delete

from portal.errors import NotFound, Refused, Unavailable
from portal.reports.codes import key_material
from portal.reports.drafts import (
    MOST_ALLEGATIONS,
    code_was_kept,
    get_data_key,
    get_report,
    mark_of,
    open_answers,
    remove_allegation,
)
from portal.reports.models import Report, ReportKey
from portal.site import Site
from tests.rig.clock import HandClock
from tests.rig.drafts import WHAT, Draft, kept_report, new_draft, ready_draft


@pytest.fixture
def draft(site: Site) -> Draft:
    return new_draft(site)


def row_of(draft: Draft) -> Report:
    with draft.site.database.reading() as session:
        return get_report(session, draft.id)


def test_a_new_draft_is_empty_and_tells_nobody(draft: Draft) -> None:
    assert draft.answers() == {}
    row = row_of(draft)
    assert (row.state, row.filed_at, row.entry_index) == ("draft", None, None)


def test_only_a_hash_of_the_return_code_is_stored(draft: Draft) -> None:
    row = row_of(draft)
    assert row.code_hash == draft.site.codes.digest(key_material(draft.code))
    for column in Report.__table__.columns:
        shown = repr(getattr(row, column.name))
        assert draft.code not in shown
        assert draft.code.encode().hex() not in shown


def test_every_page_is_kept_and_giving_it_again_replaces_only_that_page(draft: Draft) -> None:
    draft.give("who", who_for="other", agrees="yes")
    draft.give("words", words="The blue bicycle.")
    draft.give("who", who_for="self")
    assert draft.answers() == {"who": {"who_for": "self"}, "words": {"words": "The blue bicycle."}}


@given(st.dictionaries(st.text(max_size=20), st.text(max_size=200) | st.booleans(), max_size=5))
@checks(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_words_come_back_exactly_as_they_were_typed(draft: Draft, values: dict[str, str]) -> None:
    draft.give_about(1, "what", values)
    assert draft.answers()["allegations"] == [{"what": values}]


def test_nothing_that_was_typed_lies_readable_in_the_database(draft: Draft) -> None:
    draft.give("words", words="The blue bicycle.")
    assert b"bicycle" not in row_of(draft).answers


def test_saving_the_same_answer_twice_leaves_no_likeness_behind(draft: Draft) -> None:
    draft.give("words", words="The blue bicycle.")
    first = row_of(draft).answers
    draft.give("words", words="The blue bicycle.")
    second = row_of(draft).answers
    assert first != second
    assert sum(a == b for a, b in zip(first[1:], second[1:], strict=True)) < len(first) / 3


def test_the_answers_of_one_draft_do_not_open_as_anothers(draft: Draft) -> None:
    other = new_draft(draft.site)
    draft.give("words", words="Mine.")
    with draft.site.database.transaction() as session:
        mine = get_report(session, draft.id).answers
        get_report(session, other.id).answers = mine
    with pytest.raises(Unavailable):
        other.answers()


def test_each_thing_that_happened_is_built_up_part_by_part(draft: Draft) -> None:
    draft.give_about(1, "what", WHAT)
    draft.give_about(2, "what", {"category": "arson", "other": ""})
    draft.give_about(1, "where", {"place": "Harbour Lane", "postcode": ""})
    assert draft.answers()["allegations"] == [
        {"what": WHAT, "where": {"place": "Harbour Lane", "postcode": ""}},
        {"what": {"category": "arson", "other": ""}},
    ]


def test_taking_one_out_moves_the_later_ones_up(draft: Draft) -> None:
    for number, slug in enumerate(("arson", "robbery", "burglary-home"), 1):
        draft.give_about(number, "what", {"category": slug, "other": ""})
    draft.remove(2)
    slugs = [one["what"]["category"] for one in draft.answers()["allegations"]]
    assert slugs == ["arson", "burglary-home"]
    draft.give_about(3, "what", {"category": "robbery", "other": ""})
    assert len(draft.answers()["allegations"]) == 3


@pytest.mark.parametrize("number", [-1, 0, 2, 20])
def test_what_is_not_there_cannot_be_taken_out(draft: Draft, number: int) -> None:
    draft.give_about(1, "what", WHAT)
    with pytest.raises(NotFound):
        draft.remove(number)
    assert draft.answers()["allegations"] == [{"what": WHAT}]


def test_a_mark_takes_out_only_what_it_was_made_for(draft: Draft) -> None:
    for number in (1, 2, 3):
        draft.give_about(number, "what", WHAT)
    mark = mark_of(draft.answers(), 1)
    draft.remove(2)
    for made_for in (mark, "", "x"):
        with pytest.raises(Refused, match="Nothing was removed"):
            take_out(draft, 1, made_for)
    draft.remove(1)
    with pytest.raises(Refused, match="Nothing was removed"):
        draft.remove(1)
    assert draft.answers()["allegations"] == [{"what": WHAT}]


def take_out(draft: Draft, number: int, mark: str) -> None:
    keys, now = draft.site.keyring, draft.site.now()
    with draft.site.database.transaction() as session:
        remove_allegation(session, draft.id, number, mark, keyring=keys, now=now)


@pytest.mark.parametrize("number", [-1, 0, 3, 20])
def test_numbers_of_what_happened_leave_no_gap(draft: Draft, number: int) -> None:
    draft.give_about(1, "what", WHAT)
    with pytest.raises(NotFound):
        draft.give_about(number, "what", WHAT)
    assert draft.answers()["allegations"] == [{"what": WHAT}]


def test_a_report_holds_twenty_things_that_happened_and_says_what_to_do_with_more(
    site: Site,
) -> None:
    draft = ready_draft(site, allegations=MOST_ALLEGATIONS)
    before = copy.deepcopy(draft.answers())
    with pytest.raises(Refused, match="What you gave so far is kept"):
        draft.give_about(MOST_ALLEGATIONS + 1, "what", WHAT)
    assert draft.answers() == before
    assert len(before["allegations"]) == 20
    draft.give_about(MOST_ALLEGATIONS, "what", {"category": "arson", "other": ""})


def test_what_was_sent_stays_as_it_is(site: Site) -> None:
    draft = kept_report(site)
    before = row_of(draft).answers
    for change in (
        partial(draft.give, "words", words="More."),
        partial(draft.give_about, 1, "what", WHAT),
        partial(draft.give_about, 2, "what", WHAT),
        partial(draft.remove, 1),
    ):
        with pytest.raises(Refused, match="already sent"):
            change()
    assert row_of(draft).answers == before


def test_a_draft_that_is_not_there_is_told_in_words(site: Site) -> None:
    nothing = Draft(site, uuid4(), "")
    with pytest.raises(NotFound, match="return code"):
        nothing.answers()
    with pytest.raises(NotFound, match="return code"):
        nothing.give("words", words="x")


def test_without_its_key_a_report_opens_for_nobody(draft: Draft) -> None:
    draft.give("words", words="The blue bicycle.")
    with draft.site.database.transaction() as session:
        session.execute(delete(ReportKey).where(ReportKey.report_id == draft.id))
    with pytest.raises(NotFound, match="erased at the request"):
        draft.answers()


def test_the_first_time_that_the_code_was_kept_stands(draft: Draft, clock: HandClock) -> None:
    first = clock()
    for _ in range(2):
        with draft.site.database.transaction() as session:
            code_was_kept(session, draft.id, now=clock())
        clock.advance(hours=1)
    assert row_of(draft).code_kept_at == first


def test_saving_notes_when_the_draft_last_changed(draft: Draft, clock: HandClock) -> None:
    clock.advance(minutes=5)
    draft.give("words", words="More.")
    row = row_of(draft)
    assert row.changed_at == clock()
    assert row.created_at < row.changed_at


def test_pages_saved_at_the_same_moment_in_two_windows_are_both_kept(draft: Draft) -> None:
    together = threading.Barrier(4)

    def save(number: int) -> None:
        together.wait(timeout=30)
        draft.give(f"page{number}", words=str(number))

    with ThreadPoolExecutor(4) as windows:
        list(windows.map(save, range(4)))
    assert draft.answers() == {f"page{n}": {"words": str(n)} for n in range(4)}


@pytest.mark.parametrize("backend", ["postgresql"], indirect=True)
def test_who_locks_a_report_sees_what_it_became_since_they_first_read_it(draft: Draft) -> None:
    with draft.site.database.transaction() as session:
        first = get_report(session, draft.id)
        before = first.answers
        draft.give("words", words="Meanwhile.")
        locked = get_report(session, draft.id, lock=True)
        assert locked is first
        assert locked.answers != before
        assert open_answers(locked, get_data_key(session, draft.id, keyring=draft.site.keyring))
