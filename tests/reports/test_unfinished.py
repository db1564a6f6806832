"""What was typed and could not be saved: kept sealed, counted as no answer, gone in time."""

from portal.reports.drafts import get_data_key, get_report, keep_unfinished
from portal.reports.models import Report
from portal.reports.unfinished import Fields, open_unfinished
from portal.site import Site
from tests.rig.drafts import Draft, new_draft, ready_draft


def type_on(draft: Draft, page: str, fields: Fields | None) -> None:
    with draft.site.database.transaction() as session:
        keep_unfinished(session, draft.id, page, fields, keyring=draft.site.keyring)


def row_of(draft: Draft) -> Report:
    with draft.site.database.reading() as session:
        return get_report(session, draft.id)


def typed_in(draft: Draft) -> dict[str, Fields]:
    with draft.site.database.reading() as session:
        data_key = get_data_key(session, draft.id, keyring=draft.site.keyring)
        return open_unfinished(get_report(session, draft.id), data_key)


def test_what_was_typed_is_kept_in_order_and_is_no_answer(site: Site) -> None:
    draft = new_draft(site)
    type_on(draft, "words", [("words", "The blue bicycle."), ("words", "")])
    type_on(draft, "more", [])
    assert typed_in(draft) == {"words": [("words", "The blue bicycle."), ("words", "")], "more": []}
    assert draft.answers() == {}


def test_nobody_can_read_it_in_the_database(site: Site) -> None:
    draft = new_draft(site)
    type_on(draft, "words", [("words", "The blue bicycle.")])
    kept = row_of(draft).unfinished
    assert kept is not None
    assert b"bicycle" not in kept


def test_it_goes_when_its_page_is_answered_and_no_other(site: Site) -> None:
    draft = new_draft(site)
    type_on(draft, "words", [("words", "a")])
    type_on(draft, "1/where", [("place", "b")])
    type_on(draft, "2/where", [("place", "c")])
    type_on(draft, "check", [("problem", "d")])
    draft.give("words", words="e")
    assert set(typed_in(draft)) == {"1/where", "2/where"}
    draft.give_about(1, "where", {"place": "f"})
    assert set(typed_in(draft)) == {"2/where"}
    type_on(draft, "2/where", None)
    assert row_of(draft).unfinished is None


def test_taking_out_a_thing_that_happened_forgets_what_was_typed_about_it(site: Site) -> None:
    draft = ready_draft(site, allegations=2)
    type_on(draft, "2/when", [("kind", "exact")])
    draft.remove(1)
    assert typed_in(draft) == {}


def test_nothing_of_it_stays_once_it_is_sent_told_or_withdrawn(site: Site) -> None:
    draft = ready_draft(site)
    type_on(draft, "words", [("words", "a")])
    assert draft.send().unfinished is None
    type_on(draft, "back/tell", [("officer", "PC 1")])
    assert draft.tell().unfinished is None
    type_on(draft, "back/tell", [("officer", "PC 1")])
    assert draft.withdraw().unfinished is None
