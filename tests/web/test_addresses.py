"""Promises about addresses that a browser sent: they never lead to another site, nor to a fault."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from portal.web.addresses import find_own_page


@pytest.mark.parametrize(
    "address",
    [
        *("//evil.example", "/\\evil.example", "https://evil.example", "javascript:alert(1)"),
        *("", "evil", "/\t/evil.example", "/\n/evil.example", "\\\\evil.example"),
        *("//[", "http://[", "//%5B", "/x\\y"),
    ],
)
def test_nothing_leads_to_another_site(address: str) -> None:
    assert find_own_page(address) is None


@pytest.mark.parametrize("address", ["/", "/advocate?page=2", "/start//x", "/x?next=//[", "/["])
def test_a_page_of_this_site_is_itself(address: str) -> None:
    assert find_own_page(address) == address


@pytest.mark.parametrize("number", ["9223372036854775808", "9" * 5000])
def test_a_number_that_no_page_has_is_not_found(
    app: Flask, client: FlaskClient, number: str
) -> None:
    client.post("/start")
    for address in (f"/back/receipt/{number}", f"/start/{number}/what"):
        assert client.get(address).status_code == 404
