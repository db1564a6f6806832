"""A report that gives the very number of a record of its person, which may be of another crime."""

from datetime import timedelta

from portal.site import Site
from tests.rig.clock import HandClock
from tests.rig.filed import Filed, file_report, look_again
from tests.rig.supplies import row, take
from tests.rig.watched import ABOUT

REFERENCE = "54/7/26"


def number_case(
    site: Site,
    clock: HandClock,
    *more: str,
    category: str = "burglary-home",
    number: str = REFERENCE,
    **cells: str,
) -> Filed:
    """The record is of her and of that day, and of another offence; she typed `number`.

    `more`: several things that happened, all told with that one number.
    """
    happened = site.now() - timedelta(hours=14)
    filed = file_report(
        site,
        categories=more or [category],
        happened=happened,
        told=site.now() - timedelta(hours=1),
        told_how={"crime_reference": number},
        about=ABOUT,
    )
    clock.advance(hours=6)
    at = f"{happened:%Y-%m-%d %H:%M}"
    plain = {
        "offence_code": "8N",
        "recorded_at": f"{site.now() - timedelta(hours=3):%Y-%m-%d %H:%M}",
        "occurred_from": at,
        "occurred_to": at,
        "victim_name": str(ABOUT["name"]),
    }
    take(site, [row(REFERENCE, **(plain | cells))], is_full=False)
    look_again(site)
    return filed
