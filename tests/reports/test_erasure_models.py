"""The table of erasures: one for a report, and one for the browser that asked."""

from portal.reports.erasure_models import Erasure
from portal.site import Site
from tests.rig.rows import add, fill_every_table, refuse


def test_a_report_is_erased_once_and_a_browser_is_told_of_one(site: Site) -> None:
    with site.database.transaction() as session:
        fill_every_table(session.connection())
    add(site.database, Erasure, report_id=None, visit_hash=None)
    refuse(site.database, Erasure, visit_hash=None)
