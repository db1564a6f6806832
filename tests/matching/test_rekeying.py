"""A key that is shared anew reaches every open report, once."""

from datetime import timedelta

from portal.matching.keying import PURPOSE
from portal.matching.rekeying import mark_of, match_unmarked
from portal.matching.service import propose
from portal.site import Site
from tests.rig.clock import HandClock
from tests.rig.filed import file_report

KEYS = {"2026-1": b"k" * 32}


def unmarked(site: Site, *keys: str) -> int:
    with site.database.transaction() as session:
        return match_unmarked(session, keys, tokens=site.tokens.for_purpose(PURPOSE))


def look(site: Site, keys: dict[str, bytes]) -> None:
    propose(
        site.database, keyring=site.keyring, tokens=site.tokens, now=site.now(), shared_keys=keys
    )


def test_a_report_is_matched_again_once_for_a_new_key(site: Site, clock: HandClock) -> None:
    file_report(site, happened=clock() - timedelta(hours=14), about={"name": "Alex Fen"})
    look(site, {})
    assert unmarked(site) == 0
    assert unmarked(site, "2026-1") == 1
    look(site, KEYS)
    assert unmarked(site, "2026-1") == 0
    assert unmarked(site, "2026-2") == 1


def test_a_report_that_is_kept_for_now_is_left_alone(site: Site) -> None:
    file_report(site, way="keep")
    look(site, {})
    assert unmarked(site, "2026-1") == 0


def test_two_keys_have_two_marks(site: Site) -> None:
    assert mark_of("a", site.tokens) != mark_of("b", site.tokens)
