"""Promises about alerts: none is deleted, quietened or resolved past the log."""

from sqlalchemy import Connection, text

from portal.site import Site
from tests.rig.audited import found_after


def said_after(site: Site, statement: str) -> str:
    def change(connection: Connection) -> None:
        connection.execute(text(statement))

    return "\n".join(map(str, found_after(site, change)))


def test_a_deleted_alert_is_named_by_its_entry(lived: Site) -> None:
    assert "the alert that it raised is not there" in said_after(lived, "DELETE FROM alerts")


def test_an_alert_resolved_by_nobody_is_named(lived: Site) -> None:
    said = said_after(lived, "UPDATE alerts SET state = 'resolved'")
    assert said.count("its state “resolved”") == 4


def test_an_act_that_was_taken_back_is_named(lived: Site) -> None:
    assert "no alert action" in said_after(lived, "DELETE FROM alert_actions")
