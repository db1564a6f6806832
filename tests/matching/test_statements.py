"""Of what a victim said only what was not taken back stands, and the last word counts."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

from portal.matching.models import Statement
from portal.matching.statements import Said, refused_among, standing, stands_by, statements_of
from portal.site import Site
from tests.rig.clock import HandClock
from tests.rig.reviewed import allegation_of
from tests.rig.stated import matched, says, takes_back

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)


def said(kind: Said, minute: int, *, record: int | None = 7, back: bool = False) -> Statement:
    at = NOW + timedelta(minutes=minute)
    return Statement(
        id=uuid4(), kind=kind, record_id=record, at=at, taken_back_at=at if back else None
    )


def test_the_last_word_on_a_record_counts() -> None:
    assert stands_by([], 7) is None
    assert stands_by([said("stands_by", 1)], 7) is True
    assert stands_by([said("stands_by", 1), said("chose_wrong", 2)], 7) is False
    assert stands_by([said("chose_wrong", 1), said("not_what_i_said", 2)], 7) is True
    assert stands_by([said("chose_wrong", 1, record=8)], 7) is None
    assert stands_by([said("chose_wrong", 1, back=True)], 7) is None


def test_what_was_taken_back_does_not_stand() -> None:
    one, two = said("supports", 1, record=None, back=True), said("supports", 2, record=None)
    assert standing([one, two], "supports") == [two]
    assert standing([one, two], "refused") == []


def test_those_that_police_refused_are_found_until_it_is_taken_back(
    site: Site, clock: HandClock
) -> None:
    filed, _ = matched(site, clock)
    about = allegation_of(site, filed)
    one = says(site, filed, "refused")
    with site.database.reading() as session:
        assert refused_among(session, [about, uuid4()]) == {about}
    takes_back(site, filed, one)
    with site.database.reading() as session:
        assert refused_among(session, [about]) == set()
        assert refused_among(session, []) == set()


def test_statements_are_read_with_their_record_in_their_order(site: Site, clock: HandClock) -> None:
    filed, _ = matched(site, clock)
    says(site, filed, "not_what_i_said", words="Worse.")
    clock.advance(minutes=1)
    says(site, filed, "supports")
    with site.database.reading() as session:
        found = statements_of(session, filed.id, keyring=site.keyring)
        assert statements_of(session, uuid4(), keyring=site.keyring) == []
    assert [(one.kind, one.reference, dict(one.details)) for one in found] == [
        ("not_what_i_said", "54/7/26", {"words": "Worse."}),
        ("supports", "", {}),
    ]
