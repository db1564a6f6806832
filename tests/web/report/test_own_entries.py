"""Nobody opens an entry about somebody else's report, and no address has its public number."""

import pytest

from portal.site import Site
from tests.rig.filed import file_report
from tests.web.report.conftest import Person


@pytest.mark.parametrize(
    "address", ["/back/receipt/1", "/back/print/1", "/back/print/1/file", "/back/show/1"]
)
def test_an_entry_opens_in_a_visit_to_its_own_report_and_nowhere_else(
    person: Person, site: Site, address: str
) -> None:
    for _ in range(3):
        file_report(site)
    person.files()
    assert person.client.get(address).status_code == 200
    for other in ("0", "2", "4", "99", "4294967296"):
        assert person.client.get(address.replace("1", other)).status_code == 404
    person.client.post("/back/close")
    assert person.client.get(address).location == "/back"


def test_the_history_of_a_browser_does_not_tell_which_entry_of_the_list_it_was(
    person: Person, site: Site
) -> None:
    for _ in range(3):
        file_report(site)
    person.files()
    page = person.client.get("/back/open").text
    assert "Entry 3 and its receipt" in page
    assert '/1"' in page
    assert '/3"' not in page


def test_each_line_of_what_happened_folds_its_proof_away(person: Person) -> None:
    person.files()
    page = person.client.get("/back/open").text
    events = page[page.index('id="events"') : page.index("</ol>", page.index('id="events"'))]
    assert events.count("<details") == events.count("<li class") == 1
    folded = events[events.index("<details") :]
    assert "and its receipt" in folded
    assert 'href="/back/receipt/1"' in folded
    assert 'href="/back/receipt/1"' not in events[: events.index("<details")]
