"""A person shows one thing and hides the rest, knowing what a reader will learn."""

import re

from sqlalchemy import select

from portal.ledger.policy import policy_of
from portal.ledger.verify import PROVED, judge
from portal.reports.models import Report
from portal.site import Site
from tests.rig.clock import HandClock
from tests.rig.filed import look_again
from tests.web.report.conftest import Person

BOX = re.compile(
    r'<input class="govuk-checkboxes__input" id="([^"]+)" name="([^"]+)" type="checkbox" '
    r'value="(\d+)"( checked)?.*?<label[^>]*>\s*(.*?)\s*</label>',
    re.DOTALL,
)


def boxes(page: str) -> dict[str, tuple[str, str, bool]]:
    """Each box by its words: name, value, whether it is ticked."""
    return {label: (name, value, bool(on)) for _, name, value, on, label in BOX.findall(page)}


def ticks(person: Person, *labels: str, entry: int = 1) -> str:
    """Tick these boxes and no others; where that leads."""
    address = f"/back/show/{entry}"
    offered = boxes(person.client.get(address).text)
    data: dict[str, list[str]] = {}
    for label in labels:
        name, value, _ = offered[label]
        data.setdefault(name, []).append(value)
    response = person.client.post(address, data=data)
    assert response.status_code == 303
    return str(response.location)


def file_of(preview: str) -> str:
    """Where the file is that a preview leads to."""
    return f"{preview.removesuffix('/check')}/file"


def test_only_the_kind_and_the_time_are_ticked_beforehand(person: Person) -> None:
    person.files()
    ticked = {
        label for label, (_, _, on) in boxes(person.client.get("/back/show/1").text).items() if on
    }
    assert ticked == {"What kind of entry it is", "The time by our own clock"}


def test_a_file_shows_the_one_thing_that_was_ticked_and_is_proved(
    person: Person, site: Site
) -> None:
    person.files()
    preview = ticks(person, "The time by our own clock", "What", "Police force there")
    saved = person.client.get(file_of(preview))
    assert 'filename="receipt-0-part.json"' in saved.headers["Content-Disposition"]
    verdict = judge(saved.data, policy_of(site.signer))
    assert verdict.code == PROVED
    names = {name for name, _ in verdict.fields}
    about = "answers.allegations.1."
    assert names == {"at", f"{about}what.category", f"{about}force.force"}
    for word in ("door", "Ada", "Long Street", "54/123/26"):
        assert word not in saved.text


def test_the_preview_says_what_a_reader_learns_and_what_not(person: Person) -> None:
    person.files()
    page = person.client.get(ticks(person, "What", "When")).text
    learns, hides = page.split("A reader will not learn")
    assert "Someone broke into my home" in learns
    assert "evening of 27 February 2026" in learns
    assert "12 Long Street" not in page
    for label in ("The place", "In your own words", "Name"):
        assert label in hides
    assert "cannot guess" in hides
    count = re.search(r"(\d+) things stay locked", page)
    assert count
    assert int(count[1]) > 20


def test_the_addresses_are_the_same_whatever_was_ticked(person: Person) -> None:
    person.files()
    assert ticks(person, "What", "Name") == ticks(person, "When") == "/back/show/1/check"
    page = person.client.get("/back/show/1/check").text
    assert set(re.findall(r'href="(/back/show/[^"]*)"', page)) == {
        "/back/show/1",
        "/back/show/1/file",
    }


def test_what_was_ticked_lies_in_no_cookie_and_sealed_in_the_database(
    person: Person, site: Site
) -> None:
    person.files()
    before = person.client.get_cookie("session")
    ticks(person, "What")
    assert person.client.get_cookie("session") == before
    with site.database.reading() as session:
        kept = session.scalars(select(Report.unfinished)).one()
    assert kept
    assert b"chosen" not in kept


def test_going_back_from_the_preview_finds_what_was_ticked(person: Person) -> None:
    person.files()
    ticks(person, "What", "Name")
    again = boxes(person.client.get("/back/show/1").text)
    assert {label for label, (_, _, on) in again.items() if on} == {"What", "Name"}


def test_the_next_visit_does_not_show_what_was_ticked_in_the_one_before(person: Person) -> None:
    code = person.files()
    preview = ticks(person, "What", "Name")
    person.client.post("/back/close")
    person.client.post("/back", data={"code": code})
    for address in (preview, file_of(preview)):
        assert person.client.get(address).location == "/back/show/1"
    again = boxes(person.client.get("/back/show/1").text)
    assert "Name" not in {label for label, (_, _, on) in again.items() if on}


def test_ticking_nothing_is_said_in_words(person: Person) -> None:
    person.files()
    response = person.client.post("/back/show/1", data={})
    assert response.status_code == 400
    assert "Tick at least one thing to show" in response.text
    assert 'href="#part_0' in response.text
    assert "Nothing was saved" in response.text


def test_a_box_that_was_not_offered_is_refused(person: Person) -> None:
    person.files()
    response = person.client.post("/back/show/1", data={"part_0": ["999"]})
    assert response.status_code == 400


def test_without_a_choice_the_preview_leads_to_the_boxes(
    person: Person, site: Site, clock: HandClock
) -> None:
    code = person.files()
    clock.advance(hours=72)
    look_again(site)
    person.client.post("/back", data={"code": code})
    ticks(person, "What")
    for address in ("/back/show/2/check", "/back/show/2/file"):
        assert person.client.get(address).location == "/back/show/2"


def test_the_time_limit_and_the_alert_can_be_shown_later(
    person: Person, site: Site, clock: HandClock
) -> None:
    code = person.files()
    clock.advance(hours=72)
    look_again(site)
    person.client.post("/back", data={"code": code})
    preview = ticks(person, "What kind of entry it is", "Why it needs a check", entry=2)
    assert "asked the people who watch over the police" in person.client.get(preview).text
    verdict = judge(person.client.get(file_of(preview)).data, policy_of(site.signer))
    assert dict(verdict.fields) == {"kind": "alert_raised", "alert.kind": "unrecorded"}


def test_each_entry_of_a_report_leads_to_all_that_can_be_done_with_it(person: Person) -> None:
    person.files()
    page = person.client.get("/back/open").text
    for address in ("/back/receipt/1", "/back/print/1", "/back/print/1/file", "/back/show/1"):
        assert f'href="{address}"' in page
        assert person.client.get(address).status_code == 200
