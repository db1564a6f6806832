"""The page of figures on how people say police treated them."""

from collections.abc import Mapping

from flask import render_template

from portal.oversight.confidence import FEWEST, confidence
from portal.web.access import get_account, site
from portal.web.oversight import words

ITEMS: Mapping[str, str] = {
    "informed": "Kept informed",
    "fairly": "Treated fairly",
    "respect": "Treated with respect",
    "believed": "Believed",
    "investigated": "Looked into thoroughly",
    "again": "Would report again",
}
MILESTONES: Mapping[str, str] = {
    "sent": "After it was sent",
    "answered": "After the force answered",
    "found": "After a record was found",
    "resolved": "After a check was ended",
    "later": "After 30 days",
}

_MONTHS = ("January to March", "April to June", "July to September", "October to December")


def say_quarter(quarter: str) -> str:
    """ "October to December 2025" for "2025-Q4"."""
    year, number = quarter.split("-Q")
    return f"{_MONTHS[int(number) - 1]} {year}"


def confidence_page() -> str:
    """Figures with intervals; cells of few answers are left out."""
    here, account = site(), get_account()
    with here.database.reading() as reading:
        found = confidence(reading, account, now=here.now())
    return render_template(
        "oversight/confidence.html",
        account=account,
        words=words,
        found=found,
        fewest=FEWEST,
        items=ITEMS,
        milestones=MILESTONES,
        quarters=[say_quarter(each) for each in found.quarters],
    )
