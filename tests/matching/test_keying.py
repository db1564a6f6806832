"""Keys find what shares a value, and a copy of the database without the key finds nobody."""

from itertools import product

from sqlalchemy import inspect, select

from portal.cli.schema import METADATA
from portal.matching.blocking import record_keys, report_keys
from portal.matching.keying import PURPOSE, forget_record_keys
from portal.matching.models import AllegationKey, KeyedRecord, RecordKey
from portal.sealing import Tokens
from portal.site import Site
from tests.matching.test_judging import Sure, burglary
from tests.rig.clock import HandClock
from tests.rig.pairs import record, report
from tests.rig.supplies import take
from tests.rig.town import look


def tokens_of(site: Site, table: type[RecordKey | AllegationKey]) -> set[int]:
    with site.database.reading() as session:
        return set(session.scalars(select(table.token)))


def test_both_sides_are_keyed_and_share_most_of_their_keys(site: Site) -> None:
    crime = burglary()
    crime.report(site, Sure())
    take(site, [crime.record()])
    look(site)
    ours, theirs = tokens_of(site, AllegationKey), tokens_of(site, RecordKey)
    assert len(ours & theirs) >= 5
    assert len(ours | theirs) > len(ours & theirs)


def test_somebody_with_a_copy_and_no_key_can_look_up_nobody(site: Site) -> None:
    crime = burglary()
    crime.report(site, Sure())
    take(site, [crime.record()])
    look(site)
    held = tokens_of(site, AllegationKey) | tokens_of(site, RecordKey)
    rules = {key.rule for key in report_keys(report()) | record_keys(record())}
    known = {
        *("Ann Example", "ann", "example", "annexample", "ann|example", "example|ann"),
        *("19900228", "1990-02-28", "SN11AA", "SN1 1AA", crime.reference, crime.incident),
    }
    # Whoever knows the program and every value, but has another key, or the key of another purpose.
    for key in (
        Tokens(b""),
        Tokens(b"k" * 32),
        Tokens(b"k" * 32).for_purpose(PURPOSE),
        site.tokens,
    ):
        guessed = {key.number(rule, value) for rule, value in product(rules, known)}
        assert not guessed & held
    mine = site.tokens.for_purpose(PURPOSE)
    assert {mine.number(rule, value) for rule, value in product(rules, known)} & held


def test_one_value_has_another_token_under_every_rule_and_none_of_its_sealed_ones(
    site: Site,
) -> None:
    tokens = site.tokens.for_purpose(PURPOSE)
    made = {tokens.number(rule, "ann") for rule in ("name", "email", "telephone")}
    assert len(made) == 3
    assert all(-(2**63) <= one < 2**63 for one in made)


def test_keys_are_made_of_the_newest_version_and_can_be_taken_away(
    site: Site, clock: HandClock
) -> None:
    crime = burglary()
    take(site, [crime.record()])
    look(site)
    before = tokens_of(site, RecordKey)
    clock.advance(days=1)
    take(site, [crime.record(victim_name="Bob Other")], is_full=False)
    look(site)
    after = tokens_of(site, RecordKey)
    assert before - after
    assert after - before
    with site.database.transaction() as session:
        forget_record_keys(session, list(session.scalars(select(KeyedRecord.record_id))))
    assert tokens_of(site, RecordKey) == set()


def test_the_tables_of_keys_hold_numbers_and_days_and_nothing_else(site: Site) -> None:
    with site.database.reading() as session:
        seen = inspect(session.connection())
        for table in (AllegationKey, RecordKey):
            names = {one["name"] for one in seen.get_columns(table.__tablename__)}
            assert names == set(METADATA.tables[table.__tablename__].columns.keys())
            kinds = {str(one["type"]) for one in seen.get_columns(table.__tablename__)}
            assert kinds <= {"BIGINT", "INTEGER", "CHAR(32)", "UUID"}
