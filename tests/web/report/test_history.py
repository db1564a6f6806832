"""Every event in plain words, and a gap is noticed."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import get_args

import pytest

from portal.alerts.raising import OwnAction
from portal.ledger.service import OpenedEntry, timeline
from portal.reports.drafts import get_data_key
from portal.site import Site
from portal.web.report.history import events, is_unbroken, looker
from tests.rig.clock import HandClock
from tests.rig.drafts import kept_report
from tests.rig.filed import look_again
from tests.web.report.conftest import Person

NOW = datetime(2026, 3, 2, tzinfo=UTC)


def entry(kind: str, sequence: int = 1, **fields: object) -> OpenedEntry:
    return OpenedEntry(
        7, kind, NOW, sequence, {k.replace("__", "."): v for k, v in fields.items()}, b""
    )


@pytest.mark.parametrize(
    ("opened", "words"),
    [
        (entry("submitted", answers__way__way="keep"), "Nobody was told."),
        (entry("submitted", answers__way__way="pass"), "asked us to pass it"),
        (entry("told_police"), "you had told the police"),
        (entry("handed_over", force="kent"), "the inbox of Kent Police"),
        (
            entry("force_answered", force="kent", crime_reference="A/1"),
            "does not stop the time limit",
        ),
        (entry("contact_confirmed", contact__way="email"), "safe way to reach you"),
        (entry("contact_removed"), "was removed"),
        (entry("code_change_asked"), "unless it is cancelled"),
        (entry("code_change_cancelled"), "was cancelled"),
        (entry("code_changed", changed__with="code"), "Somebody with the return code made a new"),
        (entry("code_changed", changed__with="receipt"), "new return code began to work"),
        (entry("matched", record__reference="54/1/26"), "54/1/26"),
        (entry("match_refused"), "did not fit"),
        (entry("alert_raised", alert__kind="unrecorded"), "does not mean yet"),
        (entry("alert_raised", alert__kind="new-kind"), "needs a check"),
        (
            entry("looked_at", role="liaison", organisation="Kent", reason="To record it"),
            "To record",
        ),
        (entry("withdrawn"), "it can only be opened with the return code"),
        (entry("erased"), "erased"),
        (entry("never-heard-of"), "Something was noted"),
    ],
)
def test_each_kind_of_event_is_said_in_plain_words(opened: OpenedEntry, words: str) -> None:
    (event,) = events([opened])
    assert words in event.words
    assert event.entry == 7


def test_a_missing_event_shows(site: Site) -> None:
    first, second, third = three(site)
    for whole in ([], [first], [first, second], [first, second, third]):
        assert is_unbroken(whole)
    for broken in ([first, third], [second, third], [second], [second, first], [first, first]):
        assert not is_unbroken(broken)


def test_an_entry_of_another_report_or_with_another_word_in_it_leaves_a_gap(site: Site) -> None:
    first, second, third = three(site)
    _, other, _ = three(site)
    assert (other.sequence, other.kind) == (second.sequence, second.kind)
    assert not is_unbroken([first, other, third])
    reworded = replace(first, fields={**first.fields, "answers.words.words": "Nothing happened."})
    assert not is_unbroken([reworded, second, third])
    renumbered = replace(third, sequence=2)
    assert not is_unbroken([first, renumbered])


def three(site: Site) -> list[OpenedEntry]:
    """The entries of a report that was kept, told of and withdrawn."""
    draft = kept_report(site)
    draft.tell(hours_ago=1)
    draft.withdraw()
    with site.database.reading() as session:
        data_key = get_data_key(session, draft.id, keyring=site.keyring)
        return timeline(session, draft.id, data_key.open)


def test_whoever_looked_is_named_by_what_they_do() -> None:
    assert looker("pcc", "") == "The office that watches over the police force"
    assert looker("odd", "Somewhere") == "Someone who works with this service (Somewhere)"


def test_an_alert_is_told_to_the_person_it_is_about(
    person: Person, site: Site, clock: HandClock
) -> None:
    code = person.files()
    clock.advance(hours=72)
    look_again(site)
    person.client.post("/back", data={"code": code})
    page = person.client.get("/back/open").text
    assert "we asked the people who watch over the police to check" in page
    assert "There is no gap between these lines." in page


def test_what_oversight_wrote_to_each_other_stays_with_them() -> None:
    role = {"role": "pcc", "organisation": "Harbour", "reason": "Ask about the blue van"}
    changed = entry("alert_changed", 1, action="asked_the_force", **role)
    refused = entry("match_refused", record__reference="54/9/26", decided__reason="A blue van")
    for event in events([changed, refused]):
        assert "blue van" not in event.words
        assert "54/9/26" not in event.words


def test_of_several_things_each_line_names_the_one_it_is_about() -> None:
    entries = [
        entry("submitted", 1),
        entry("alert_raised", 2, alert="a", alert__kind="unrecorded", allegation=2),
        entry("alert_changed", 3, alert="a", action="acknowledged"),
        entry("matched", 4, allegation=1),
    ]
    starts = [event.words.split(" ")[:2] for event in events(entries, parts=2)]
    assert starts[1:] == [["Part", "2:"], ["Part", "2:"], ["Part", "1:"]]
    assert not any("Part" in event.words for event in events(entries))


@pytest.mark.parametrize(
    ("action", "said"),
    [
        ("acknowledged", "began to look"),
        ("asked_the_force", "noted a question"),
        ("resolved", "ended their check"),
    ],
)
def test_what_became_of_a_check_is_said_without_anybodys_reasons(action: str, said: str) -> None:
    (event,) = events([entry("alert_changed", action=action, reason="A blue van", role="pcc")])
    assert said in event.words
    assert "blue van" not in event.words


# Records that are covered again concern a force, and stand in no report's timeline.
@pytest.mark.parametrize("action", sorted(set(get_args(OwnAction)) - {"covered_again"}))
def test_what_the_sweep_does_by_itself_is_told_in_words_of_its_own(action: str) -> None:
    (told,) = events([entry("alert_changed", action=action)])
    (other,) = events([entry("alert_changed", action="something-else")])
    assert told.words != other.words


def test_each_line_says_whether_witnesses_vouch_for_it_where_there_are_any() -> None:
    entries = [replace(entry("submitted"), index=3), replace(entry("withdrawn"), index=9)]
    assert [line.witnessed for line in events(entries)] == ["", ""]
    said = [line.witnessed for line in events(entries, witnessed={3: True, 9: False})]
    assert said[0] == "Witnesses outside have signed it."
    assert "yet to sign it" in said[1]
