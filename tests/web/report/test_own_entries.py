"""Nobody opens an entry about somebody else's report."""

import pytest

from tests.web.report.conftest import Person


@pytest.mark.parametrize(
    "address", ["/back/receipt/0", "/back/print/0", "/back/print/0/file", "/back/show/0"]
)
def test_an_entry_opens_for_the_person_it_is_about_and_for_nobody_else(
    person: Person, address: str
) -> None:
    person.files()
    assert person.client.get(address).status_code == 200
    assert person.client.get(address.replace("0", "99")).status_code == 404
    person.client.post("/back/close")
    assert person.client.get(address).location == "/back"
    person.files()
    assert person.client.get(address).status_code == 404
