"""A report of an evening and the record of the same morning, for tests: another crime, or not."""

from datetime import timedelta

from portal.site import Site
from tests.rig.filed import Filed, file_report, look_again
from tests.rig.supplies import row, take

ANN = {"name": "Ann Example", "birth_day": "28", "birth_month": "2", "birth_year": "1990"}


def early_case(
    site: Site, *, category: str = "raped", reference: str = "54/71/26", **cells: str
) -> Filed:
    """What was told fits in all but the hour: at nine in the evening, and police had the record at
    nine in the morning.
    """
    evening = (site.now() - timedelta(days=1)).replace(hour=21, minute=0)
    filed = file_report(
        site,
        categories=[category],
        happened=evening,
        told=site.now() - timedelta(hours=2),
        about=ANN,
    )
    day = f"{evening:%Y-%m-%d}"
    fits = {
        "offence_code": {"raped": "19C", "burglary-home": "28E"}[category],
        "place": "Harbour Lane",
        "postcode": "SN1 1AA",
        "victim_name": ANN["name"],
        "victim_date_of_birth": "1990-02-28",
        "occurred_from": f"{day} 08:00",
        "occurred_to": f"{day} 08:10",
        "reported_at": f"{day} 09:00",
        "recorded_at": f"{day} 12:00",
    }
    take(site, [row(reference, **(fits | cells))], is_full=False)
    look_again(site)
    return filed
