"""A reading is kept with its reason and model, two agree where they must, and nobody peeks."""

from uuid import UUID

import pytest
from sqlalchemy import select

from portal.accounts.models import Account
from portal.errors import NotAllowed, NotFound, Refused
from portal.ledger.models import LedgerOpening
from portal.ledger.service import timeline
from portal.matching import deciding
from portal.matching.models import Match
from portal.matching.reviewing import agreement_of, read, readings_seen
from portal.reports.drafts import get_data_key
from portal.site import Site
from tests.rig.clock import HandClock
from tests.rig.filed import Filed, alerts_of, look_again
from tests.rig.people import add_person
from tests.rig.reviewed import case_of, reads, waiting_case
from tests.rig.supplies import row, take


def states(site: Site) -> list[str]:
    with site.database.reading() as session:
        return list(session.scalars(select(Match.state).order_by(Match.record_id)))


def pcc(site: Site, name: str = "pcc") -> UUID:
    return add_person(site, "pcc", force_id="wiltshire", name=name)


def seen_by(site: Site, filed: Filed, account_id: UUID) -> list[str]:
    case = case_of(site, filed, account_id)
    with site.database.reading() as session:
        account = session.get_one(Account, account_id)
        found = readings_seen(session, case, account, keyring=site.keyring)
        return [one.verdict for one in found]


def test_one_reader_accepts_a_burglary_and_its_other_candidates_wait_no_longer(
    site: Site, clock: HandClock
) -> None:
    filed = waiting_case(site, clock, references=("54/7/26", "54/8/26"))
    assert reads(site, filed, pcc(site), "record") == "accept"
    assert sorted(states(site)) == ["accepted", "kept"]
    look_again(site)
    assert sorted(states(site)) == ["accepted", "kept"]
    clock.advance(days=5)
    assert look_again(site) == 0


def test_none_of_these_refuses_each_and_the_alert_becomes_full(
    site: Site, clock: HandClock
) -> None:
    filed = waiting_case(site, clock, references=("54/7/26", "54/8/26"))
    assert reads(site, filed, pcc(site), "none") == "refuse"
    assert states(site) == ["refused", "refused"]
    clock.advance(days=3)
    look_again(site)
    assert [(one.kind, one.stage) for one in alerts_of(site)] == [("unrecorded", "full")]


def test_two_different_people_accept_the_record_of_a_rape(site: Site, clock: HandClock) -> None:
    filed = waiting_case(site, clock, category="raped")
    first, second = pcc(site), add_person(site, "inspector")
    assert reads(site, filed, first, "record") == "second"
    assert states(site) == ["proposed"]
    with pytest.raises(Refused, match="You have read this already"):
        reads(site, filed, first, "record")
    assert reads(site, filed, second, "record") == "accept"
    assert states(site) == ["accepted"]


def test_no_way_past_the_second_reader(site: Site, clock: HandClock) -> None:
    filed = waiting_case(site, clock, category="raped")
    first = pcc(site)
    case = case_of(site, filed, first)
    for reader in (None, first):
        if reader:
            reads(site, filed, reader, "record")
        with pytest.raises(Refused, match="somebody else"), site.database.transaction() as session:
            deciding.confirm(
                session,
                case.proposed[0].match.id,
                account=session.get_one(Account, first),
                reason="It fits.",
                version_id=case.proposed[0].version.id,
                keyring=site.keyring,
                now=site.now(),
            )


def test_two_who_differ_leave_it_to_an_inspector(site: Site, clock: HandClock) -> None:
    filed = waiting_case(site, clock, category="raped")
    assert reads(site, filed, pcc(site), "record") == "second"
    assert reads(site, filed, pcc(site, "other"), "none") == "third"
    with pytest.raises(NotAllowed, match="an inspector has"):
        reads(site, filed, pcc(site, "third"), "record")
    assert reads(site, filed, add_person(site, "inspector"), "record") == "accept"
    assert states(site) == ["accepted"]


def test_the_second_reader_sees_what_the_first_said_only_afterwards(
    site: Site, clock: HandClock
) -> None:
    filed = waiting_case(site, clock, category="raped")
    first, second = pcc(site), add_person(site, "inspector")
    registrar = add_person(site, "registrar", force_id="wiltshire")
    reads(site, filed, registrar, "record")
    reads(site, filed, first, "cannot_tell")
    assert seen_by(site, filed, first) == ["record", "cannot_tell"]
    assert seen_by(site, filed, second) == ["record"]
    reads(site, filed, second, "none")
    assert seen_by(site, filed, second) == ["record", "cannot_tell", "none"]


def test_a_reading_of_other_candidates_counts_no_longer(site: Site, clock: HandClock) -> None:
    filed = waiting_case(site, clock, category="raped")
    first, second = pcc(site), add_person(site, "inspector")
    before = case_of(site, filed, second)
    reads(site, filed, first, "record")
    clock.advance(hours=1)
    now = f"{site.now():%Y-%m-%d %H:%M}"
    cells = {"incident_number": "5403260000321", "offence_code": "19C", "outcome_type": "1"}
    take(site, [row("54/7/26", **cells, recorded_at=now)], is_full=False)
    look_again(site)
    with pytest.raises(Refused, match="Look again"):
        reads(site, filed, second, "record", seen=before.seen)
    assert reads(site, filed, second, "record") == "second"


@pytest.mark.parametrize("reason", ["", "  ", "x" * 2001])
def test_without_a_short_reason_nothing_is_kept(site: Site, clock: HandClock, reason: str) -> None:
    filed = waiting_case(site, clock)
    with pytest.raises(Refused):
        reads(site, filed, pcc(site), "none", reason=reason)
    assert states(site) == ["proposed"]


def test_what_is_none_of_the_candidates_cannot_be_chosen(site: Site, clock: HandClock) -> None:
    filed = waiting_case(site, clock)
    with pytest.raises(Refused, match="Look again"):
        reads(site, filed, pcc(site), "record", record_id=999)


def test_another_force_s_office_reads_nothing(site: Site, clock: HandClock) -> None:
    filed = waiting_case(site, clock)
    kent = add_person(site, "pcc", force_id="kent")
    case = case_of(site, filed, pcc(site, "own"))
    with pytest.raises(NotFound), site.database.transaction() as session:
        read(
            session,
            case.allegation.id,
            "none",
            account=session.get_one(Account, kent),
            reason="Ours.",
            seen=case.seen,
            keyring=site.keyring,
            now=site.now(),
        )


def test_each_reading_is_an_entry_with_the_model_and_the_records_that_were_read(
    site: Site, clock: HandClock
) -> None:
    filed = waiting_case(site, clock, category="raped")
    reads(site, filed, pcc(site), "record")
    with site.database.reading() as session:
        data_key = get_data_key(session, filed.id, keyring=site.keyring)
        (entry,) = [
            one for one in timeline(session, filed.id, data_key.open) if one.kind == "match_read"
        ]
        kinds = session.scalars(select(LedgerOpening.kind)).all()
    fields = entry.fields
    assert fields["match.model"].startswith("four-class")
    assert fields["read.records"] == [{"force": "wiltshire", "reference": "54/7/26", "version": 1}]
    assert (fields["read.number"], fields["read.of_two"], fields["read.verdict"]) == (
        1,
        True,
        "record",
    )
    assert fields["decided.role"] == "pcc"
    assert "matched" not in kinds


def test_agreement_counts_the_first_two_of_each_case_and_no_registrar(
    site: Site, clock: HandClock
) -> None:
    first, second = pcc(site), add_person(site, "inspector")
    registrar = add_person(site, "registrar", force_id="wiltshire")
    for number, verdict in ((7, "record"), (8, "none")):
        filed = waiting_case(site, clock, category="raped", references=(f"54/{number}/26",))
        reads(site, filed, registrar, "none")
        reads(site, filed, first, "record")
        reads(site, filed, second, verdict)  # type: ignore[arg-type]
    with site.database.reading() as session:
        found = agreement_of(session)
    assert (found.same.hits, found.same.of) == (1, 2)
    assert found.counts == {("record", "record"): 1, ("record", "none"): 1}


def test_while_a_reading_may_count_yet_nobody_else_sees_it_though_nothing_is_proposed(
    site: Site, clock: HandClock
) -> None:
    filed = waiting_case(site, clock, category="raped", references=("54/7/26", "54/8/26"))
    first, second = pcc(site), add_person(site, "inspector")
    reads(site, filed, first, "record")
    with site.database.transaction() as session:
        # As where the rules matched another record, and may let go of it.
        for one, state in zip(session.scalars(select(Match)), ("ended", "kept"), strict=True):
            one.state = state
    assert seen_by(site, filed, second) == []


def test_once_it_is_decided_every_reading_that_led_to_it_is_seen(
    site: Site, clock: HandClock
) -> None:
    filed = waiting_case(site, clock, category="raped")
    first, second = pcc(site), add_person(site, "inspector")
    third = add_person(site, "inspector", name="third")
    for who, verdict in ((first, "record"), (second, "none"), (third, "record")):
        clock.advance(minutes=5)
        reads(site, filed, who, verdict)
    assert states(site) == ["accepted"]
    assert seen_by(site, filed, second) == ["record", "none", "record"]
