"""Erasing: only the person with the return code can, and then nothing of it opens any more."""

from portal.alerts.erasing import erase_report
from portal.reports.codes import read_code
from portal.reports.purging import purge
from portal.site import Site
from tests.rig.clock import HandClock
from tests.rig.filed import file_report


def test_smoke(site: Site, clock: HandClock) -> None:
    filed = file_report(site, told=clock())
    with site.database.transaction() as session:
        erase_report(
            session,
            filed.id,
            sign=read_code(filed.code, codes=site.codes).sign,
            keyring=site.keyring,
            now=clock(),
        )
    assert purge(site.database, clock=clock) == 1
