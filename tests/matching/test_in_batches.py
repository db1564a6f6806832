"""Of however many supplies and reports: no statement names more than a database takes."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import uuid4

from sqlalchemy import event, insert, inspect, select
from sqlalchemy.orm import Session

from portal.accounts.models import Account
from portal.matching.models import Match, Question
from portal.matching.opening import Supplies
from portal.matching.queueing import count_apart
from portal.matching.service import compare_again
from portal.matching.unopened import take_up
from portal.police.models import Supply
from portal.reports.models import Allegation
from portal.site import Site
from tests.matching.test_unopened import crime, waiting, without_key
from tests.rig.asked import number_case
from tests.rig.clock import HandClock
from tests.rig.people import add_person
from tests.rig.reviewed import allegation_of
from tests.rig.supplies import take

MANY = 1_100
MOST = 510


@contextmanager
def few_named(site: Site) -> Iterator[None]:
    """No statement has many parameters, until the block ends."""
    named: list[int] = []

    def note(*each: Any) -> None:  # noqa: ANN401 - whatever SQLAlchemy tells
        if not each[5]:
            named.append(len(each[3]))

    event.listen(site.database.engine, "before_cursor_execute", note)
    yield
    event.remove(site.database.engine, "before_cursor_execute", note)
    assert named
    assert max(named) <= MOST


def copy(session: Session, one: object, changes: list[dict[str, object]]) -> None:
    """The same row once more for each of these changes."""
    table = type(one)
    same = {each.key: getattr(one, each.key) for each in inspect(table).column_attrs}
    session.execute(insert(table), [same | {"id": uuid4()} | each for each in changes])


def test_however_many_supplies_waited_for_a_key_all_are_taken_up(
    site: Site, clock: HandClock
) -> None:
    outcome = take(site, [crime("54/7/26")])
    with site.database.transaction() as session:
        one = session.get_one(Supply, outcome.supply_id)
        one.unopened_at = one.matched_at = clock()
        session.flush()
        more = range(10, 10 + MANY)
        copy(session, one, [{"number": n, "digest": n.to_bytes(32, "big")} for n in more])
    with few_named(site), without_key(site, outcome):
        take_up(site.database, Supplies(site.keyring))
    assert waiting(site) == 1
    take_up(site.database, Supplies(site.keyring))
    assert waiting(site) == 0
    with site.database.reading() as session:
        assert set(session.scalars(select(Supply.matched_at))) == {None}


def test_however_many_reports_share_a_key_each_is_compared_again(
    site: Site, clock: HandClock
) -> None:
    filed = number_case(site, clock)
    for place in (0, MANY):
        wanted = [uuid4() for _ in range(MANY)]
        wanted.insert(place, allegation_of(site, filed))
        with few_named(site), site.database.transaction() as session:
            compare_again(session, wanted)
        with site.database.transaction() as session:
            one = session.get_one(Allegation, wanted[place])
            assert one.to_match
            one.to_match = False


def test_however_many_people_were_asked_first_the_queue_can_be_counted(
    site: Site, clock: HandClock
) -> None:
    number_case(site, clock)
    inspector = add_person(site, "inspector")
    with site.database.transaction() as session:
        ids = [uuid4() for _ in range(MANY)]
        many = [{"id": one, "ordinal": at} for at, one in enumerate(ids, 10)]
        copy(session, session.scalars(select(Allegation)).one(), many)
        for table in (Match, Question):
            one = session.scalars(select(table)).one()
            copy(session, one, [{"allegation_id": each} for each in ids])
    with few_named(site), site.database.reading() as session:
        account = session.get_one(Account, inspector)
        assert count_apart(session, account, now=site.now())["awaited"] == MANY + 1
