"""What came of a comparison is kept whole, and read again as it was."""

from datetime import UTC, datetime, timedelta

from portal.matching.compared import Compared, weigh_record
from portal.matching.levels import compare
from portal.matching.model import load_model
from portal.matching.models import Match
from portal.matching.opening import OpenedRecord
from portal.matching.settling import pack
from portal.sealing import Tokens
from tests.rig.pairs import record, report

MODEL, TOKENS = load_model(), Tokens(b"t" * 32)
AT = datetime(2024, 2, 2, 21, 0, tzinfo=UTC)


def test_a_pair_is_kept_with_its_kind_and_whether_police_had_the_record_before() -> None:
    had = record(received=AT - timedelta(hours=9), recorded=AT)
    told = report(began=AT, offence_codes=["19C"])
    levels = compare(told, had, MODEL)
    pair = weigh_record(told, OpenedRecord(7, had), levels, MODEL, TOKENS)
    assert (pair.version_id, pair.levels) == (7, pack(levels))
    assert (pair.kind, pair.is_early) == ("sexual", True)
    later = weigh_record(report(), OpenedRecord(7, had), levels, MODEL, TOKENS)
    assert (later.kind, later.is_early) == ("household", False)


def test_what_is_kept_of_a_pair_is_read_again_as_it_was() -> None:
    match = Match()
    pair = Compared(7, "same", 3.5, "any", b"v" * 16, b"e" * 16, is_early=False)
    pair.keep_in(match)
    assert (match.version_id, match.total, match.kind) == (7, 3.5, "any")
    assert Compared.of(match) == pair
