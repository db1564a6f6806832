"""Every field of every entry can be shown, under words that a person understands."""

from datetime import UTC, datetime

import pytest

from portal.ledger.disclosure import shown_names
from portal.ledger.service import OpenedEntry, timeline
from portal.reports.drafts import get_data_key
from portal.site import Site
from portal.web.report.field_words import Choice, choices
from tests.rig.clock import HandClock
from tests.rig.drafts import ready_draft
from tests.rig.filed import agree_inbox, look_again
from tests.web.report.test_summary import ANSWERS

NOW = datetime(2026, 3, 2, tzinfo=UTC)


def entry(**fields: object) -> OpenedEntry:
    dotted = {name.replace("__", "."): value for name, value in fields.items()}
    return OpenedEntry(7, "submitted", NOW, 1, dotted, b"")


def offered(one: OpenedEntry) -> list[Choice]:
    return choices(one, list(one.fields))


def by_label(one: OpenedEntry) -> dict[str, Choice]:
    return {choice.label: choice for choice in offered(one)}


def test_the_boxes_of_one_date_are_one_choice() -> None:
    parts = {"kind": "exact", "day": "1", "month": "3", "year": "2026", "time": ""}
    names = {f"answers__allegations__1__when__{name}": value for name, value in parts.items()}
    (choice,) = offered(entry(**names))
    assert choice.words == "Sunday 1 March 2026"
    assert len(choice.names) == len(parts)


def test_what_was_left_empty_is_no_choice() -> None:
    assert not offered(entry(answers__words__words="", previous=None, answers__about__name=""))


def test_of_several_things_each_has_its_own_part_in_order() -> None:
    fields: dict[str, object] = {
        f"answers__allegations__{number}__what__category": "hurt" for number in (10, 2, 1)
    }
    parts = [choice.part for choice in offered(entry(**fields))]
    assert parts == [f"What happened, part {number}" for number in (1, 2, 10)]
    (alone,) = offered(entry(answers__allegations__1__what__category="hurt"))
    assert alone.part == "What happened"


def test_the_newest_signed_list_is_offered_as_proof_of_not_before() -> None:
    (choice,) = offered(entry(after="log.example\n5\nAAAA\n\n— log.example AAAA\n"))
    assert "not written before" in choice.label
    assert not choice.is_standard
    assert not offered(entry(after=None))


def test_a_field_that_nobody_foresaw_is_offered_by_its_name() -> None:
    (choice,) = offered(entry(brand_new="Yes or no"))
    assert "brand_new" in choice.label
    assert choice.words == "Yes or no"


@pytest.mark.parametrize("backend", ["sqlite"])
def test_every_field_that_holds_something_is_in_one_choice_with_words(
    site: Site, clock: HandClock
) -> None:
    for one in everything(site, clock):
        names = shown_names(one.kind, one.fields)
        found = choices(one, names)
        held = [name for choice in found for name in choice.names]
        assert len(held) == len(set(held))
        empty = {name for name in names if one.fields[name] in ("", None)}
        assert set(names) - empty <= set(held)
        for choice in found:
            assert choice.words, (one.kind, choice.label)
            assert "The field" not in choice.label, (one.kind, choice.label)
            assert not any(name in choice.label for name in choice.names if "." in name)


def everything(site: Site, clock: HandClock) -> list[OpenedEntry]:
    """The entries of a report in which every question was answered, kept, told of and alerted."""
    agree_inbox(site)
    draft = ready_draft(site, "keep", allegations=2)
    for page, answers in ANSWERS.items():
        if page != "allegations" and page != "way":
            draft.give(page, **answers)
    for number, told in enumerate(ANSWERS["allegations"], 1):
        for part, values in told.items():
            draft.give_about(number, part, values)
    draft.send()
    draft.tell(hours_ago=2, agrees_now="yes", channel="101", force="kent", crime_reference="1")
    clock.advance(hours=100)
    look_again(site)
    draft.withdraw()
    with site.database.reading() as session:
        data_key = get_data_key(session, draft.id, keyring=site.keyring)
        found = timeline(session, draft.id, data_key.open)
    assert {"submitted", "told_police", "alert_raised", "withdrawn"} <= {
        each.kind for each in found
    }
    return found
