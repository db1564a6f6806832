"""Somebody who takes a copy of the database, without the configured key, learns nobody's name."""

import subprocess
from datetime import timedelta
from hashlib import sha256
from pathlib import Path

import pytest
from sqlalchemy import make_url, select

from portal.accounts.models import Account
from portal.alerts.lifecycle import act
from portal.matching.deciding import confirm
from portal.matching.models import Match
from portal.reports.codes import format_code, make_code
from portal.reports.drafts import keep_unfinished, save_answers, start_draft
from portal.reports.handovers import answer
from portal.reports.looks import look
from portal.reports.models import Handover
from portal.reports.visits import start_visit
from portal.site import Site
from tests.rig.clock import HandClock
from tests.rig.drafts import Draft
from tests.rig.filed import agree_inbox, alerts_of, file_report, look_again
from tests.rig.letters import confirm_safe_way
from tests.rig.own import Own
from tests.rig.people import add_person
from tests.rig.postgres import get_programs
from tests.rig.supplies import row, take
from tests.rig.uploads import add as add_file

PLANTED = {
    "narrative": "Quaggamire",
    "name": "Zebulonta",
    "contact": "quietly@narwhal.example",
    "draft": "Vervetish",
    "unfinished": "Wombatish",
    "officer": "Wolverton",
    "record name": "Xylofonte",
    "record place": "Okapigate",
    "record postcode": "ZE3 9QQ",
    "record telephone": "07700 900987",
    "record e-mail": "capybara@example.org",
    "record birth date": "1911-11-13",
    "look reason": "Kinkajoure",
    "match reason": "Pangolinth",
    "alert reason": "Axolotlian",
    "force answer": "Numbatwick",
    "safe way": "bandicoot@example.org",
    "file name": "Armadillish",
    "file content": "Tamandua was here",
    "file hash": sha256(b"Tamandua was here").hexdigest(),
    "addition": "Tamarinth",
    "correction": "Quokkaford",
    "staff address": "aardwolf-registrar@example.org",
}


_TELLING = 6
pytestmark = pytest.mark.parametrize("backend", ["sqlite", "postgresql"])


def plant(site: Site, clock: HandClock) -> None:
    """Live through a whole story in which every kind of secret is written down once."""
    agree_inbox(site, notice="inbox@example.org")
    inspector = add_person(site, "inspector")
    liaison = add_person(site, "liaison", force_id="wiltshire")
    add_person(site, "registrar", force_id="wiltshire", name="aardwolf-registrar")
    about = {
        "name": "Zebulonta Reed",
        "birth_day": "13",
        "birth_month": "11",
        "birth_year": "1911",
    }
    file_report(
        site,
        categories=["hurt"],
        happened=clock() - timedelta(hours=14),
        words="Quaggamire is what I saw.",
        about=about,
        told=clock() - timedelta(hours=1),
        told_how={"crime_reference": "54/7/26", "officer": "PC Wolverton"},
    )
    filed = file_report(site, way="pass", about=about)
    add_file(site, filed.id, PLANTED["file content"].encode(), "Armadillish.txt")
    keys = {"keyring": site.keyring, "now": clock()}
    code = make_code(site.codes)
    with site.database.transaction() as session:
        draft = start_draft(session, code=code, **keys)  # type: ignore[arg-type]
        start_visit(session, draft.id, code=code.text, **keys)  # type: ignore[arg-type]
        contact = {"contact": "email", "detail": PLANTED["contact"]}
        save_answers(session, draft.id, "contact", contact, **keys)  # type: ignore[arg-type]
        words = {"words": "Vervetish"}
        save_answers(session, draft.id, "words", words, **keys)  # type: ignore[arg-type]
        typed = [("name", "Wombatish")]
        keep_unfinished(session, draft.id, "about", typed, keyring=site.keyring)
    own = Own(site, filed)
    own.add("Tamarinth is what I forgot.")
    own.correct("about", name="Quokkaford Reed", birth_year="1911")
    confirm_safe_way(Draft(site, filed.id, filed.code), PLANTED["safe way"])
    PLANTED["return code"] = code.text
    PLANTED["return code as shown"] = format_code(code.text)
    take(
        site,
        [
            row(
                "54/7/26",
                offence_code="8N",
                recorded_at="2026-03-02 08:30",
                occurred_from=f"{clock() - timedelta(hours=14):%Y-%m-%d %H:%M}",
                victim_name="Xylofonte Reed",
                victim_date_of_birth="13/11/1911",
                victim_telephone="07700 900987",
                victim_email="capybara@example.org",
                place="Okapigate",
                postcode="ZE3 9QQ",
            )
        ],
    )
    look_again(site)
    clock.advance(days=4)
    look_again(site)
    with site.database.transaction() as session:
        person = session.get_one(Account, inspector)
        force = session.get_one(Account, liaison)
        waiting = select(Match).where(Match.state == "proposed")
        match = session.scalars(waiting.order_by(Match.log_odds.desc()).limit(1)).one()
        handover = session.scalars(select(Handover)).one()
        for who in (person, force):
            look(session, filed.id, account=who, reason="Kinkajoure", **keys)  # type: ignore[arg-type]
        seen = match.version_id
        confirm(session, match.id, account=person, reason="Pangolinth", version_id=seen, **keys)  # type: ignore[arg-type]
        answer(
            session,
            handover.id,
            account=force,
            crime_reference="",
            words="Numbatwick",
            **keys,  # type: ignore[arg-type]
        )
    alert = alerts_of(site)[0]
    with site.database.transaction() as session:
        act(
            session,
            alert.id,
            "comment",
            account=session.get_one(Account, inspector),
            reason="Axolotlian",
            **keys,  # type: ignore[arg-type]
        )


def dump(site: Site) -> bytes:
    """Every byte of the database: SQLite's file and its log, or PostgreSQL's own dump."""
    url = make_url(site.settings.database_url)
    if site.database.is_sqlite:
        path = Path(str(url.database))
        return b"".join(each.read_bytes() for each in sorted(path.parent.glob(f"{path.name}*")))
    host = str(url.query["host"])
    program = get_programs() / "pg_dump"
    command = [str(program), "--inserts", "-h", host, "-U", str(url.username), str(url.database)]
    return subprocess.run(command, check=True, capture_output=True).stdout


def stands_in(held: bytes, word: str) -> bool:
    """Whether a dump in small letters holds the word, plainly or as PostgreSQL writes bytes."""
    hexed = (form.encode().hex().encode() for form in (word, word.lower(), word.upper()))
    return word.lower().encode() in held or any(each in held for each in hexed)


def test_a_copy_of_the_database_shows_none_of_the_words_that_were_trusted_to_it(
    site: Site, clock: HandClock
) -> None:
    plant(site, clock)
    held = dump(site).lower()
    assert b"burglary-home" in held, "the dump holds what is not secret, so it is a real dump"
    for what, word in PLANTED.items():
        for form in (word, word.replace(" ", ""), word[:_TELLING]):
            assert not stands_in(held, form), what


def test_the_planted_words_would_be_found_if_they_stood_in_clear(
    site: Site, clock: HandClock
) -> None:
    code = make_code(site.codes)
    with site.database.transaction() as session:
        draft = start_draft(session, code=code, keyring=site.keyring, now=clock())
        draft.answers = b"Quaggamire"
    assert stands_in(dump(site).lower(), "Quaggamire")
