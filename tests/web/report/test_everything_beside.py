"""The copy of everything holds what lies beside the report: files, messages, statements, a way."""

import json
import re

from sqlalchemy import select

from portal.reports.correspondence import OVERSIGHT, write_as_person
from portal.reports.models import Report
from portal.reports.safe_ways import CALL, Way, WayRules
from portal.site import Site
from portal.web.report.everything_beside import MOST_OF_FILES
from tests.rig.drafts import Draft
from tests.rig.reached import choose
from tests.rig.uploads import add, jpeg
from tests.web.report.conftest import Person
from tests.web.report.test_everything import folder

PHOTOGRAPH = jpeg()


def test_files_messages_statements_and_the_way_are_in_the_copy(person: Person, site: Site) -> None:
    code = person.files()
    with site.database.reading() as session:
        report = session.scalars(select(Report)).one()
    add(site, report.id, PHOTOGRAPH, "door.jpg")
    draft = Draft(site, report.id, code)
    choose(draft, Way(CALL, "+447700900913", WayRules(code_word="Heron")))
    if report.state == "kept":
        draft.tell(hours_ago=2)
    with site.database.transaction() as session:
        keys = {"keyring": site.keyring, "now": site.now()}
        write_as_person(session, report.id, OVERSIGHT, "Please look.", **keys)
    person.client.post("/back/say/wish/1", data={"words": "I want them to go on."})
    copy = folder(person)
    data = json.loads(copy.read("data.json"))["sections"]
    page = re.sub(r"\s+", " ", copy.read("readable.html").decode())
    (file,) = data["files"]
    assert file["name"] == "door.jpg"
    assert copy.read(file["path"]) == PHOTOGRAPH
    assert data["safe_way"]["address"] == "+447700900913"
    everything = b"".join(copy.read(name) for name in copy.namelist())
    assert b"Heron" not in everything, "it lets a caller pose as agreed"
    assert set(data["messages"]) == {"advocate", "oversight"}
    assert [one["words"] for one in data["messages"]["oversight"]] == ["Please look."]
    assert "Please look." in page
    assert [one["kind"] for one in data["statements"]] == ["supports"]
    assert "I want them to go on." in page


def test_a_copy_says_what_is_not_there(person: Person) -> None:
    person.files()
    copy = folder(person)
    page = copy.read("readable.html").decode()
    for words in ("None were added.", "None were written.", "Nothing was said.", "None was chosen"):
        assert words in page, words


def test_files_beyond_what_fits_are_named_and_left_where_they_are() -> None:
    assert MOST_OF_FILES <= 20_000_000, "a copy is made in memory"
