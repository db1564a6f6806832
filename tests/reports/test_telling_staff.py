"""Promises about telling those who help: the right ones, once an hour, and without a word of it."""

from uuid import UUID

from portal.accounts.models import Account
from portal.reports.correspondence import OVERSIGHT, write_as_person
from portal.reports.drafts import get_report
from portal.reports.telling_staff import tell_staff
from portal.site import Site
from tests.promises.test_nothing_gives_away import TELLING
from tests.rig.clock import HandClock
from tests.rig.filed import Filed, file_report
from tests.rig.letters import letters
from tests.rig.own import Own
from tests.rig.people import add_person
from tests.rig.reached import keys, supporter_writes


def says(site: Site, filed: Filed, words: str) -> None:
    with site.database.transaction() as session:
        write_as_person(session, filed.id, OVERSIGHT, words, **keys(site))


def told(site: Site) -> list[str]:
    return sorted(each.address for each in letters(site))


def test_the_office_of_the_force_is_told_and_not_everybody(site: Site) -> None:
    add_person(site, "pcc", force_id="wiltshire")
    add_person(site, "pcc", force_id="dorset", name="dorset")
    add_person(site, "inspector")
    add_person(site, "registrar", force_id="wiltshire")
    says(site, file_report(site), "Quaggamire")
    assert told(site) == ["pcc@example.org"]
    (letter,) = letters(site)
    assert not TELLING.search(letter.subject + letter.body)
    assert "Quaggamire" not in letter.body


def test_where_no_office_is_here_inspectors_are_told(site: Site) -> None:
    add_person(site, "inspector")
    says(site, file_report(site), "One")
    assert told(site) == ["inspector@example.org"]


def test_who_wrote_before_is_told_of_the_answer(site: Site) -> None:
    inspector = add_person(site, "inspector")
    add_person(site, "pcc", force_id="wiltshire")
    filed = file_report(site)
    supporter_writes(site, filed.id, inspector, "May I ask?")
    says(site, filed, "Yes")
    assert told(site) == ["inspector@example.org"]


def test_nobody_is_told_more_than_once_an_hour_nor_after_they_left(
    site: Site, clock: HandClock
) -> None:
    pcc: UUID = add_person(site, "pcc", force_id="wiltshire")
    filed = file_report(site)
    for number in range(4):
        says(site, filed, f"Message {number}")
        clock.advance(minutes=20)
    assert len(told(site)) == 2
    with site.database.transaction() as session:
        session.get_one(Account, pcc).closed_at = clock()
        clock.advance(hours=1)
        tell_staff(session, get_report(session, filed.id), OVERSIGHT, **keys(site))
    assert len(told(site)) == 2


def test_a_supporter_who_was_stopped_gets_no_email(site: Site) -> None:
    filed = file_report(site, filed_by=add_person(site, "advocate"))
    own = Own(site, filed)
    own.stop_supporter()
    with site.database.transaction() as session:
        tell_staff(session, own.row(), "advocate", **keys(site))
    assert told(site) == []
    own.allow_supporter()
    with site.database.transaction() as session:
        tell_staff(session, own.row(), "advocate", **keys(site))
    assert told(site) == ["advocate@example.org"]
