"""What needs two readers, and that one of them is somebody else."""

import pytest

from portal.accounts.models import Account
from portal.errors import Refused
from portal.matching.second_reader import check_second_reader, needs_two
from portal.site import Site
from tests.rig.clock import HandClock
from tests.rig.people import add_person
from tests.rig.reviewed import case_of, reads, waiting_case


@pytest.mark.parametrize(
    ("categories", "codes", "two"),
    [
        (["raped"], [], True),
        (["burglary-home"], ["28E"], False),
        (["burglary-home"], ["28E", "19C"], True),
        (["not-sure"], ["20A"], True),
        (["not-sure"], [], False),
        (["burglary-home", "raped", "hurt"], ["28E"], True),
        (["raped", "hurt", "burglary-home"], ["28E"], True),
    ],
)
def test_a_sexual_offence_reported_or_recorded_needs_two(
    categories: list[str], codes: list[str], two: bool
) -> None:
    assert needs_two(categories, codes) == two


def test_a_second_reader_is_another_person_who_named_this_record(
    site: Site, clock: HandClock
) -> None:
    filed = waiting_case(site, clock, category="raped", references=("54/7/26", "54/8/26"))
    inspector = add_person(site, "inspector")
    reads(site, filed, inspector, "record", candidate=0)
    first, other = case_of(site, filed, inspector).proposed
    pcc = add_person(site, "pcc", force_id="wiltshire")
    with site.database.reading() as session:
        check_second_reader(session, first.match, session.get_one(Account, pcc))
        for match, account in ((first.match, inspector), (other.match, pcc)):
            with pytest.raises(Refused, match="somebody else"):
                check_second_reader(session, match, session.get_one(Account, account))
