"""Nobody reads two things about how a person may be reached without being told which is later."""

import json

import pytest
from flask import Flask
from sqlalchemy import select

from portal.reports.models import Report
from portal.reports.safe_changes import put_back
from portal.reports.safe_contacts import remove_contact
from portal.reports.safe_ways import CALL, EMAIL, Way
from portal.reports.still_safe import say_safe, say_unsafe
from portal.site import Site
from portal.web.report.latest_way import Latest, find_latest, say_latest, with_latest
from portal.web.report.summary import Line, Section
from tests.rig.clock import HandClock
from tests.rig.drafts import Draft
from tests.rig.filed import Filed, alerts_of, file_report, look_again
from tests.rig.letters import ADDRESS
from tests.rig.own import Own
from tests.rig.people import add_person, sign_in, site_of
from tests.rig.reached import DAYTIME, as_draft, choose, code_of, entries_of, keys
from tests.web.report.conftest import Person
from tests.web.report.test_everything import folder

HERS = Way(EMAIL, ADDRESS)
SENT = [
    Section("", [Line("Name", "Ada", "/start/about")]),
    Section(
        "",
        [
            Line("How to reach you", "Do not contact me", "/start/contact"),
            Line("Safe times", "Never", "/start/contact"),
        ],
    ),
]


def latest(draft: Draft) -> str:
    found = find_latest(entries_of(draft.site, draft.id))
    return found.what if found else ""


def words(draft: Draft) -> str:
    found = find_latest(entries_of(draft.site, draft.id))
    return say_latest(found) if found else ""


@pytest.fixture
def filed(site: Site) -> Filed:
    return file_report(site)


def test_the_later_of_the_two_is_named_whatever_their_order(
    site: Site, clock: HandClock, filed: Filed
) -> None:
    draft, own = as_draft(site, filed), Own(site, filed)
    assert latest(draft) == ""
    own.correct("contact", contact="phone", detail="07700900123")
    assert latest(draft) == "", "there is one thing only to read"
    clock.advance(days=1)
    choose(draft, HERS)
    assert latest(draft) == "way"
    own.correct("about", name="Ida Quill")
    assert latest(draft) == "way"
    own.correct("contact", contact="phone", detail="07700900124")
    assert latest(draft) == "answer"
    own.correct("contact", contact="none")
    assert latest(draft) == "ended", "nobody is to be contacted at all"
    with site.database.transaction() as session:
        remove_contact(session, draft.id, code=code_of(draft), **keys(site))
    assert latest(draft) == "ended"


def test_it_stands_right_below_the_answer_and_nowhere_else(
    site: Site, clock: HandClock, filed: Filed
) -> None:
    draft = as_draft(site, filed)
    assert with_latest(SENT, entries_of(site, draft.id)) == SENT
    choose(draft, HERS)
    entries = entries_of(site, draft.id)
    first, second = with_latest(SENT, entries)
    assert first == SENT[0]
    assert [line.key for line in second.lines] == [
        "How to reach you",
        "Which is the later",
        "Safe times",
    ]
    found = find_latest(entries)
    assert found is not None
    assert second.lines[1].value == say_latest(found)
    assert "The safe way is the later one: it was set on 2 March 2026" in say_latest(found)


def test_each_case_has_words_of_its_own(clock: HandClock) -> None:
    said = [say_latest(Latest(what, clock())) for what in ("way", "ended", "answer")]
    said.append(say_latest(Latest("way", clock(), is_new=False)))
    said.append(say_latest(Latest("answer", clock(), stands=False)))
    said.append(say_latest(Latest("answer", clock(), is_called=True)))
    assert len(set(said)) == 6
    assert all("2 March 2026" in each for each in said)


def test_an_answer_corrected_after_the_way_was_gone_promises_no_messages(
    site: Site, clock: HandClock, filed: Filed
) -> None:
    draft, own = as_draft(site, filed), Own(site, filed)
    choose(draft, HERS)
    with site.database.transaction() as session:
        remove_contact(session, draft.id, code=code_of(draft), **keys(site))
    own.correct("contact", contact="phone", detail="07700900123")
    assert latest(draft) == "answer"
    assert "Short messages" not in words(draft)
    assert "after the safe way had ended" in words(draft)
    choose(draft, HERS)
    own.correct("contact", contact="phone", detail="07700900124")
    assert "Short messages still go to the safe way" in words(draft)
    with site.database.transaction() as session:
        say_unsafe(session, draft.id, **keys(site))
    own.correct("contact", contact="phone", detail="07700900125")
    assert latest(draft) == "answer"
    assert "Short messages" not in words(draft), "nothing goes to a way that is paused"


def test_no_messages_are_promised_to_a_number_that_is_only_rung(
    site: Site, clock: HandClock, filed: Filed
) -> None:
    draft, own = as_draft(site, filed), Own(site, filed)
    choose(draft, HERS)
    choose(draft, Way(CALL, "07700900199"))
    own.correct("contact", contact="phone", detail="07700900123")
    assert "a number that a person may still ring" in words(draft)
    assert "Short messages" not in words(draft)
    with site.database.transaction() as session:
        put_back(session, draft.id, code=code_of(draft), **keys(site))
    own.correct("contact", contact="phone", detail="07700900124")
    assert "Short messages still go to the safe way" in words(draft)


def test_a_way_that_is_paused_is_not_the_later_one_for_new_hours(
    site: Site, clock: HandClock, filed: Filed
) -> None:
    draft = as_draft(site, filed)
    choose(draft, HERS)
    with site.database.transaction() as session:
        say_unsafe(session, draft.id, **keys(site))
    choose(draft, Way(EMAIL, ADDRESS, DAYTIME))
    assert latest(draft) == "ended"


def test_a_way_that_is_still_safe_was_not_set_on_that_day(
    site: Site, clock: HandClock, filed: Filed
) -> None:
    draft, own = as_draft(site, filed), Own(site, filed)
    choose(draft, HERS)
    own.correct("contact", contact="phone", detail="07700900123")
    clock.advance(days=100)
    with site.database.transaction() as session:
        say_safe(session, draft.id, code=code_of(draft), **keys(site))
    assert latest(draft) == "way"
    assert "it was set on" not in words(draft)
    assert "it was said to be safe on 10 June 2026" in words(draft)


def test_the_copy_of_everything_says_it_beside_both(
    person: Person, site: Site, clock: HandClock
) -> None:
    code = person.files()
    with site.database.reading() as session:
        report_id = session.scalars(select(Report.id)).one()
    before = folder(person).read("readable.html").decode()
    assert "Which is the later" not in before
    choose(Draft(site, report_id, code), HERS)
    copy = folder(person)
    page = copy.read("readable.html").decode()
    assert page.count("The safe way is the later one") == 2
    data = json.loads(copy.read("data.json"))
    assert data["sections"]["safe_way"]["latest"] == "way"


def test_oversight_reads_which_is_later_and_not_where(
    app: Flask, site: Site, clock: HandClock
) -> None:
    site = site_of(app)
    filed = file_report(site, told=clock())
    clock.advance(days=3)
    look_again(site)
    choose(as_draft(site, filed), HERS)
    client = sign_in(app, add_person(site, "inspector"))
    (alert,) = alerts_of(site)
    opened = client.post(
        f"/oversight/alerts/{alert.id}/open",
        data={"reason": "To read it."},
        follow_redirects=True,
    ).text
    assert "Do not contact me. I will come back myself" in opened
    assert "The safe way is the later one" in opened
    assert ADDRESS not in opened
