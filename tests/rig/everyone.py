"""Everybody who comes to a site on which everything happened once: what each of them can see."""

import re
from collections.abc import Callable, Mapping
from io import BytesIO
from typing import NoReturn
from uuid import UUID

from flask import Flask
from flask.testing import FlaskClient

from portal.accounts.models import Account
from portal.errors import Refused, TooManyTries, Unavailable
from portal.ledger.code_chain import WAIT
from portal.matching.asking import ask
from portal.matching.questions import Asks
from portal.web.report import flow
from tests.rig.audited import live
from tests.rig.clock import HandClock
from tests.rig.crawling import Crawl
from tests.rig.filed import Filed, file_report
from tests.rig.letters import ADDRESS, look_at_requests, numbers
from tests.rig.people import add_person, sign_in, site_of
from tests.rig.reviewed import case_of, waiting_case
from tests.rig.supplies import file_of, row
from tests.rig.uploads import jpeg

OURS = {"Sec-Fetch-Site": "same-origin"}
EVENT: Mapping[str, dict[str, str]] = {
    "what": {"category": "stalking-harassment"},
    "when": {"kind": "exact", "exact-day": "27", "exact-month": "2", "exact-year": "2026"},
    "where": {"place": "12 Long Street", "postcode": "SN1 1AA"},
    "area": {"force": "wiltshire"},
}
ANSWERS: Mapping[str, dict[str, str]] = {
    "who": {"who_for": "self"},
    "others": {"insider": "unsure"},
    "told": {"kind": "exact", "exact-day": "28", "exact-month": "2", "exact-year": "2026"},
    "told-how": {"channel": "101", "force": "wiltshire", "crime_reference": "54/123/26"},
    "pass": {"force": "wiltshire", "agrees": "yes"},
    "words": {"words": "The back door was broken.\nMy ring is gone."},
    "about": {"name": "Ada Example", "birth-year": "1980"},
    "contact": {"contact": "none"},
}
_HOMES: Mapping[str, str] = {
    "administrator": "/account/people",
    "advocate": "/advocate",
    "liaison": "/force",
    "registrar": "/oversight",
    "pcc": "/oversight",
    "inspector": "/oversight",
}
_TOLD_LATER = {"kind": "unknown", "channel": "101", "force": "wiltshire"}
_SHEETS = {"told": ("/start/print", "/start/print?code=yes")}
STAFF = tuple(_HOMES)
_ERRORS = (
    Refused("This was already withdrawn."),
    TooManyTries("You have tried 5 times. Wait 10 minutes.", 600),
    Unavailable("The store does not answer."),
    RuntimeError("a fault of ours"),
)


def see_everything(app: Flask, clock: HandClock) -> Crawl:
    """Every kind of page of the site, as everybody who has one sees it."""
    crawl = Crawl(app)
    _strangers(crawl)
    site = site_of(app)
    people = {role: _add(app, role, "two") for role in STAFF}
    live(site, clock)  # the force's inbox is agreed from here on
    asked = _ask(app, clock, people["inspector"], "victim")
    _ask(app, clock, people["inspector"], "force")
    for way in ("told", "pass", "keep"):
        _reporter(crawl, way)
    _supporter(crawl, people)
    _with_code(crawl, asked.code, "whoever is asked something")
    _lost_code(crawl, clock)
    for role in STAFF:
        _staff(crawl, role, people)
    _troubles(crawl, clock)
    return crawl


def _add(app: Flask, role: str, which: str) -> UUID:
    force = "wiltshire" if role in ("liaison", "registrar", "pcc") else None
    return add_person(site_of(app), role, force_id=force, name=f"{role}-{which}")


def _ask(app: Flask, clock: HandClock, inspector: UUID, whom: Asks) -> Filed:
    site = site_of(app)
    filed = waiting_case(site, clock, way="pass" if whom == "force" else "told")
    case = case_of(site, filed, inspector)
    with site.database.transaction() as session:
        ask(
            session,
            case.allegation.id,
            case.proposed[0].record.id,
            whom,
            account=session.get_one(Account, inspector),
            keyring=site.keyring,
            now=site.now(),
        )
    return filed


def _strangers(crawl: Crawl) -> None:
    client = crawl.app.test_client()
    crawl.walk("a stranger", client, "/", "/account/sign-in", "/account/choose-password")
    crawl.known |= crawl.walked
    # Nobody has agreed to anything yet, and nothing waits for anybody.
    for role in STAFF:
        account = _add(crawl.app, role, "one")
        crawl.walk(f"a new {role}", sign_in(crawl.app, account), "/account")
    client.post("/start")
    for place in flow.places({}):
        crawl.walk("a draft, empty", client, place.address)
    crawl.walk("a draft, empty", client, "/start", "/start/before", "/start/code", "/back/open")


def _reporter(crawl: Crawl, way: str) -> None:
    client, who = crawl.app.test_client(), f"a reporter who chose {way}"
    client.post("/start")
    code = _code_on(client.get("/start/code").text)
    for number in (1, 2):
        for page, given in EVENT.items():
            client.post(f"/start/{number}/{page}", data=given)
    client.post("/start/more", data={"more": "no"})
    photograph = {"files": (BytesIO(jpeg()), "door.jpg")}
    client.post("/start/files", data=photograph, content_type="multipart/form-data")
    crawl.walk(who, client, "/start/files", "/start/files/1", "/start/files/1/remove")
    for page, given in ({"way": {"way": way}} | ANSWERS).items():
        client.post(f"/start/{page}", data=given)
    crawl.walk(who, client, "/start/check", "/start/way", "/back/open")
    client.post("/start/check")
    crawl.walk(who, client, "/start/done", "/back/open", *_SHEETS.get(way, ()))
    client.post("/start/code-kept")
    crawl.walk(who, client, "/start/done")
    client.post("/back/safe-way", data={"way": "email", "address": ADDRESS, "code": code})
    crawl.walk(who, client, "/back/safe-way", "/back/safe-way/number", "/back/files")
    client.post("/back/add", data={"words": "He came back."})
    crawl.walk(who, client, "/back/add/check", "/back/files/1", "/back/everything", "/back/seen")
    for move, given in (("tell", _TOLD_LATER), ("pass", ANSWERS["pass"])):
        client.post(f"/back/{move}", data=given)
        crawl.walk(who, client, f"/back/{move}/check")
    boxes = re.findall(r'name="([^"]+)" type="checkbox" value="([^"]+)"', _shows(client))
    crawl.fill(who, client, "/back/show/1", **dict(boxes))
    client.post("/back/stop")
    crawl.walk(who, client, "/back/open")
    crawl.fill(who, client, "/back/end", code=code, sure="yes")


def _shows(client: FlaskClient) -> str:
    return client.get("/back/show/1").text


def _code_on(html: str) -> str:
    return re.sub(r"<.*?>|\s", "", re.findall(r'class="or-code">(.*?)</p>', html, re.DOTALL)[0])


def _supporter(crawl: Crawl, people: Mapping[str, UUID]) -> None:
    site = site_of(crawl.app)
    filed = file_report(site, filed_by=people["advocate"], words="For somebody.")
    client = sign_in(crawl.app, people["advocate"])
    crawl.walk("a supporter", client, "/start", "/advocate")
    why = {"reason": "other", "words": "She asked me to."}
    crawl.look("a supporter", client.post(f"/advocate/{filed.id}", data=why))


def _with_code(crawl: Crawl, code: str, who: str) -> None:
    client = crawl.app.test_client()
    client.post("/back", data={"code": code})
    crawl.walk(who, client, "/back/open")


def _lost_code(crawl: Crawl, clock: HandClock) -> None:
    site, owner = site_of(crawl.app), crawl.app.test_client()
    code = file_report(site, way="keep").code
    owner.post("/back", data={"code": code})
    receipt = owner.get("/start/receipt/short").data
    owner.post("/back/safe-way", data={"way": "email", "address": ADDRESS, "code": code})
    owner.post("/back/safe-way/number", data={"number": numbers(site)[-1]})
    crawl.walk("a safe way", owner, "/back/safe-way", "/back/safe-way/remove")
    crawl.look("a new code", owner.post("/back/new-code", data={"code": code}))
    crawl.walk("a new code", owner, "/back/new-code/shown")
    clock.instant += WAIT
    client = crawl.app.test_client()
    file = {"receipt": (BytesIO(receipt), "receipt.json")}
    client.post("/back/lost", data=file)
    look_at_requests(site)
    crawl.walk("a lost code", client, "/back/lost/number")
    client.post("/back/lost/number", data={"number": numbers(site)[-1]})
    crawl.walk("a lost code", client, "/back/lost/code")


def _staff(crawl: Crawl, role: str, people: Mapping[str, UUID]) -> None:
    client, who = sign_in(crawl.app, people[role]), f"a member of staff: {role}"
    if role == "liaison":
        rows = [row("54/11/26"), row("54/12/26", recorded_at="Tuesday")]
        covered = {"covers_from": "2026-02-01", "covers_to": "2026-02-28", "rows": "2"}
        file = (BytesIO(file_of(rows)), "records.csv")
        crawl.fill(who, client, "/force/records/add", file=file, kind="changes", **covered)
        crawl.walk(who, client, "/force/records")
    crawl.walk(who, client, "/account", _HOMES[role])
    for endpoint in ("oversight.open_report", "oversight.open_case", "force.handover"):
        for address in crawl.addresses(who, endpoint):
            crawl.fill(who, client, address, reason="To check what was written down.")


def _troubles(crawl: Crawl, clock: HandClock) -> None:
    """Every page that says that something went wrong, as the site itself makes it."""
    app, client, who = crawl.app, crawl.app.test_client(), "whoever has bad luck"
    client.post("/start")
    for path in ("/nowhere", "/start/nothing"):
        crawl.look(who, client.get(path))
    crawl.look(who, client.post("/privacy"))
    crawl.look(who, client.post("/start/who", headers={"Sec-Fetch-Site": "cross-site"}))
    crawl.look(who, client.post("/back", data={"code": "0" * 20}))
    app.config["WTF_CSRF_ENABLED"] = True
    for each in (client, app.test_client()):
        crawl.look(who, each.post("/start/words", data={"words": "Words."}, headers=OURS))
    app.config["WTF_CSRF_ENABLED"] = False
    clock.advance(hours=3)
    crawl.look(who, client.post("/start/words", data={"words": "Words."}, headers=OURS))
    carried = {"words": "Words.", "carried_to": "/start/words", "return_code": "wrong"}
    crawl.look(who, client.post("/back/again", data=carried, headers=OURS))
    liaison = sign_in(app, _add(app, "liaison", "three"))
    crawl.look(who, liaison.get("/oversight"))
    liaison.post("/account/sign-out")
    with liaison.session_transaction() as cookie:
        cookie["sign_in"] = "of another time"
    crawl.look(who, liaison.post("/force/records/add", data={"rows": "2"}, headers=OURS))
    app.config["MAX_CONTENT_LENGTH"] = 100
    crawl.look(who, client.post("/account/sign-in", data={"email": "x" * 200}))
    app.config.update(MAX_CONTENT_LENGTH=None, TESTING=False, PROPAGATE_EXCEPTIONS=False)
    for error in _ERRORS:
        app.view_functions["report.privacy"] = _raises(error)
        crawl.look(who, client.get("/privacy"))


def _raises(error: Exception) -> Callable[[], NoReturn]:
    def fail() -> NoReturn:
        raise error

    return fail
