"""A person prints a receipt: it names nothing, its code is proved, and the return code is apart."""

import re

import pytest
from flask.testing import FlaskClient

from portal.ledger.fragment import decode
from portal.ledger.policy import policy_of
from portal.ledger.receipt import to_bytes
from portal.ledger.verify import PROVED, Verdict, judge
from portal.site import Site
from tests.promises.test_nothing_gives_away import TELLING
from tests.rig.filed import file_report
from tests.rig.qr_reader import read_code
from tests.web.report.conftest import KEPT, Person
from tests.web.report.test_pdf import drawn

QUIET = 4  # modules


def matrix_on(page: str) -> list[list[int]]:
    """The square code that a page draws, module by module."""
    side = int(re.findall(r'viewBox="0 0 (\d+) \1"', page)[0])
    modules = [[0] * side for _ in range(side)]
    x = y = 0.0
    for step, first, second in re.findall(r"([Mmh])(-?[\d.]+) ?(-?[\d.]+)?", _path(page)):
        if step == "h":
            for at in range(int(x), int(x) + int(first)):
                modules[int(y)][at] = 1
            x += int(first)
        else:
            x, y = (0.0, 0.0) if step == "M" else (x, y)
            x, y = x + float(first), y + float(second)
    return [row[QUIET:-QUIET] for row in modules[QUIET:-QUIET]]


def _path(page: str) -> str:
    return re.findall(r'class="qrline"[^>]* d="([^"]+)"|d="([^"]+)"[^>]*class="qrline"', page)[0][0]


def verdict_of(site: Site, page: str) -> Verdict:
    """What a stranger learns who points a camera at the sheet."""
    address, _, digits = read_code(matrix_on(page)).partition("#")
    assert address == f"{site.settings.public_url}/receipts/check"
    return judge(to_bytes(decode(digits)), policy_of(site.signer))


def sheet_on(page: str) -> str:
    """What is printed of a page: the words of the sheet."""
    main = page.split('id="sheet"')[1].split("</main>")[0]
    kept = re.sub(r'<div class="or-no-print".*?<dl', "<dl", main, flags=re.DOTALL)
    return re.sub(r"<[^>]+>", " ", kept)


def test_the_code_on_the_sheet_is_proved_and_opens_nothing_that_was_written(
    person: Person, site: Site
) -> None:
    person.files()
    verdict = verdict_of(site, person.client.get("/back/print/1").text)
    assert verdict.code == PROVED
    assert {name for name, _ in verdict.fields} == {"kind", "at", "sequence"}
    assert verdict.hidden > 20


@pytest.mark.parametrize("address", ["/back/print/1", "/start/print"])
def test_the_sheet_says_nothing_of_what_it_is_about(person: Person, address: str) -> None:
    person.files()
    words = sheet_on(person.client.get(address).text)
    assert "Entry number" in words
    assert not TELLING.search(words)
    for word in ("Ada", "Wiltshire", "broke", "door", "Swindon", "54/123/26"):
        assert word not in words


def test_the_code_of_a_later_event_does_not_say_which(person: Person, site: Site) -> None:
    person.files(**KEPT)
    told = {"kind": "unknown", "channel": "101", "force": "wiltshire"}
    person.client.post("/back/tell", data=told)
    person.client.post("/back/tell/check")
    page = person.client.get("/back/print/2").text
    verdict = verdict_of(site, page)
    assert verdict.code == PROVED
    assert {name for name, _ in verdict.fields} == {"at", "sequence"}
    assert not TELLING.search(sheet_on(page))


def test_the_return_code_is_on_the_sheet_only_for_the_person_who_asks(person: Person) -> None:
    code = person.files()
    page = person.client.get("/back/print/1")
    assert "or-code" not in page.text
    assert "safer apart" in page.text
    asked = person.client.get("/back/print/1?code=yes").text
    shown = re.sub(r"<.*?>|\s", "", asked.split('class="or-code">')[1].split("</p>")[0])
    assert shown == code
    assert "Whoever finds the sheet can read all that you wrote" in asked
    assert 'href="/back/print/1/file?code=yes"' in asked


def test_a_return_code_that_was_kept_is_on_no_sheet(person: Person) -> None:
    person.files()
    person.client.post("/start/code-kept")
    asked = person.client.get("/back/print/1?code=yes").text
    assert "or-code" not in asked
    assert "We can no longer show your return code" in asked
    with_code = person.client.get("/back/print/1/file?code=yes").data
    assert with_code == person.client.get("/back/print/1/file").data


def test_the_file_is_named_neutrally_and_is_the_same_each_time(person: Person) -> None:
    person.files()
    for address, name in (("/start/print/file", "receipt.pdf"), ("/back/print/1/file", "0.pdf")):
        response = person.client.get(address)
        assert response.data.startswith(b"%PDF")
        assert response.mimetype == "application/pdf"
        disposition = response.headers["Content-Disposition"]
        assert disposition.startswith("attachment")
        assert disposition.endswith(f'{name}"')
        assert response.headers["Cache-Control"] == "no-store"
        assert person.client.get(address).data == response.data


def test_the_file_that_opens_everything_has_another_name_and_says_to_send_it_to_nobody(
    person: Person,
) -> None:
    person.files()
    named = {"/start/print": "home-copy.pdf", "/back/print/1": "home-copy-0.pdf"}
    for address, name in named.items():
        saved = person.client.get(f"{address}/file?code=yes")
        assert saved.headers["Content-Disposition"] == f'attachment; filename="{name}"'
        words = drawn(saved.data)
        assert "Do not send this file to anybody" in words
        assert "Cut it off" not in words
        page = person.client.get(f"{address}?code=yes").text
        assert "Do not send this file to anybody" in page
        assert "Do not send" not in person.client.get(address).text


def test_nothing_is_printed_of_what_was_not_sent(person: Person) -> None:
    person.starts()
    assert person.client.get("/start/print").status_code == 404
    assert person.client.get("/start/print/file").status_code == 404


@pytest.mark.parametrize(("parts", "has_code"), [(1, True), (3, True), (20, False)])
def test_a_receipt_that_is_too_long_for_a_code_says_what_to_use_instead(
    site: Site, client: FlaskClient, parts: int, has_code: bool
) -> None:
    filed = file_report(site, categories=["burglary-home"] * parts, way="keep")
    client.post("/back", data={"code": filed.code})
    page = client.get("/back/print/1").text
    assert ("qrline" in page) == has_code
    assert ("Use the receipt file" in page) != has_code
    if has_code:
        assert verdict_of(site, page).code == PROVED
