"""Promises about the role that the site runs as: it works with what is granted, and no more."""

import re
from dataclasses import replace
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError

from portal.db import Database
from portal.ledger.service import NewEntry, append
from portal.ledger.store import LEDGER
from portal.ledger.triggers import TABLES
from portal.site import Site
from tests.rig.audited import publish_once

DOCUMENT = Path(__file__).parents[2] / "docs" / "audit.md"


def granted() -> list[str]:
    """The statements in the document."""
    block = re.search(
        r"(?:^ {4}.*(?:GRANT|REVOKE|UPDATE|ledger_|ON ).*\n)+", DOCUMENT.read_text(), re.M
    )
    assert block is not None
    return [" ".join(one.split()) for one in block[0].split(";") if one.strip()]


@pytest.mark.parametrize("backend", ["postgresql"], indirect=True)
def test_a_role_that_owns_nothing_can_run_the_log_and_cannot_change_it(site: Site) -> None:
    role = f"site_{uuid4().hex[:8]}"
    with site.database.transaction() as session:
        session.execute(text(f"CREATE ROLE {role} LOGIN"))
        for statement in granted():
            session.execute(text(re.sub(r"\bsite$", role, statement)))
    here = Database(
        site.database.url.set(username=role).render_as_string(hide_password=False),
        carried={LEDGER: site.signer},
    )
    limited = replace(site, database=here)
    with here.transaction() as session:
        entry = NewEntry("submitted", uuid4(), {}, site.keyring.seal_alone)
        append(session, [entry], now=site.now())
    publish_once(limited, witnessed=True)
    for table in TABLES:
        for words in (["DELETE", "FROM", table], ["TRUNCATE", table, "CASCADE"]):
            with (
                pytest.raises(ProgrammingError, match="permission denied"),
                here.transaction() as session,
            ):
                session.execute(text(" ".join(words)))
    for change in ("ledger_entries SET leaf = leaf", "ledger_openings SET at = at"):
        with (
            pytest.raises(ProgrammingError, match="permission denied"),
            here.transaction() as session,
        ):
            session.execute(text(" ".join(["UPDATE", change])))
    here.engine.dispose()
    with site.database.transaction() as session:
        session.execute(text(f"DROP OWNED BY {role}"))
        session.execute(text(f"DROP ROLE {role}"))
