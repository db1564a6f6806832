"""An upgrade brings back every answer that was ever corrected to, and touches nothing else."""

import pytest
from sqlalchemy import select, update

from portal.cli.schema import migrate, unmigrate
from portal.ledger.erasure import check_erasure
from portal.reports.models import Allegation
from portal.reports.refolding import fold_rows
from portal.site import Site
from tests.rig.audited import audit_in
from tests.rig.erased import erase
from tests.rig.filed import Filed, file_report, look_again
from tests.rig.own import Own

FIRST = "damage-home"


def said(site: Site) -> list[tuple[str, ...]]:
    with site.database.reading() as session:
        query = select(Allegation).order_by(Allegation.category, Allegation.ordinal)
        return [one.categories for one in session.scalars(query)]


def audit(site: Site) -> list[str]:
    with site.database.reading() as session:
        return [str(one) for one in audit_in(site, session, check_erasure)]


def fold_again(site: Site) -> int:
    with site.database.transaction() as session:
        return fold_rows(session, keyring=site.keyring)


@pytest.fixture
def filed(site: Site) -> Filed:
    return file_report(site, categories=[FIRST, "robbery"])


@pytest.fixture
def own(site: Site, filed: Filed) -> Own:
    """What happened was said to be a rape for a while, and then what it was at first."""
    made = Own(site, filed)
    made.correct("what", 1, category="raped", other="")
    made.correct("what", 1, category=FIRST, other="")
    made.correct("about", name="Ida Quill")
    return made


def test_a_graver_answer_of_before_the_upgrade_counts_after_it(site: Site, own: Own) -> None:
    look_again(site)
    file_report(site)
    before = said(site)
    assert (FIRST, "raped") in before
    unmigrate(site.database, "0019")
    migrate(site.database, keyring=site.keyring)
    assert said(site) == before
    assert audit(site) == []
    with site.database.reading() as session:
        waiting = select(Allegation.ordinal).where(Allegation.to_match, Allegation.to_sweep)
        assert session.scalars(waiting.where(Allegation.report_id == own.filed.id)).all() == [1]


def test_twice_changes_nothing_more_and_what_is_right_is_left_alone(site: Site, own: Own) -> None:
    assert fold_again(site) == 0
    with site.database.transaction() as session:
        session.execute(update(Allegation).values(corrected_categories=None))
    assert [fold_again(site), fold_again(site)] == [1, 0]


def test_an_erased_report_stays_empty(site: Site, filed: Filed, own: Own) -> None:
    erase(site, filed)
    before = said(site)
    assert fold_again(site) == 0
    assert said(site) == before
