"""What a page reads of the report that is open, and whom a new visit replaces."""

from sqlalchemy import func, select

from portal.reports.models import Visit
from portal.site import Site
from tests.web.report.conftest import Person


def test_a_browser_holds_one_visit_at_a_time(person: Person, site: Site) -> None:
    code = person.files()
    person.client.post("/start")
    person.client.post("/back", data={"code": code})
    query = select(func.count()).select_from(Visit)
    with site.database.reading() as session:
        assert session.scalar(query) == 3
        assert session.scalar(query.where(Visit.ended_at.is_(None))) == 1


def test_coming_back_without_having_kept_the_code_shows_it_still(person: Person) -> None:
    code = person.files()
    person.client.get("/leave")
    person.client.post("/back", data={"code": code})
    assert person.code_on("/back/open") == code
    person.client.post("/start/code-kept")
    assert person.code_on("/back/open") == ""
    assert person.code_on("/start/code") == ""
