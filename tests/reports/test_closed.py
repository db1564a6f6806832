"""A report is closed once it was withdrawn, or is to be erased, or is; a query says the same."""

from collections.abc import Callable

import pytest
from sqlalchemy import select

from portal.errors import Refused
from portal.reports.closed import check_not_erasing, is_closed, is_open
from portal.reports.models import Report
from portal.site import Site
from tests.rig.erased import erase
from tests.rig.filed import file_report
from tests.rig.own import Own

Act = Callable[[Own], None]


def as_sent(_own: Own) -> None:
    """Nothing was done with it."""


def kept_after_all(own: Own) -> None:
    own.ask_to_erase()
    own.keep()


def erased(own: Own) -> None:
    erase(own.site, own.filed)


@pytest.mark.parametrize(
    ("act", "closed"),
    [
        (as_sent, False),
        (Own.withdraw, True),
        (Own.ask_to_erase, True),
        (kept_after_all, False),
        (erased, True),
    ],
)
def test_row_and_query_agree_on_whether_it_is_closed(site: Site, act: Act, closed: bool) -> None:
    own = Own(site, file_report(site))
    act(own)
    assert is_closed(own.row()) is closed
    with site.database.reading() as session:
        found = session.scalars(select(Report.id).where(is_open())).all()
    assert (own.filed.id in found) is not closed


def test_what_is_to_be_erased_can_only_be_kept(site: Site) -> None:
    own = Own(site, file_report(site))
    check_not_erasing(own.row())
    own.ask_to_erase()
    with pytest.raises(Refused, match="keep it after all"):
        check_not_erasing(own.row())
