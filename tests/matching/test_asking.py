"""A question is asked once, where its person agreed, and stops no clock; answers are evidence."""

from uuid import UUID

import pytest
from sqlalchemy import select

from portal.accounts.models import Account
from portal.alerts.models import Clock
from portal.errors import NotAllowed, NotFound, Refused
from portal.ledger.service import timeline
from portal.matching.asking import answer_by_force, answer_by_victim, ask
from portal.matching.models import Judgement, Match, Question
from portal.notifications.models import OutboxMessage
from portal.reports.drafts import get_data_key
from portal.reports.models import Allegation
from portal.reports.service import withdraw
from portal.site import Site
from tests.rig.clock import HandClock
from tests.rig.filed import Filed, agree_inbox, look_again
from tests.rig.people import add_person
from tests.rig.reviewed import case_of, waiting_case


def asks(site: Site, filed: Filed, account_id: UUID, whom: str = "victim", record: int = 0) -> UUID:
    case = case_of(site, filed, account_id)
    with site.database.transaction() as session:
        made = ask(
            session,
            case.allegation.id,
            record or case.proposed[0].record.id,
            whom,  # type: ignore[arg-type]
            account=session.get_one(Account, account_id),
            keyring=site.keyring,
            now=site.now(),
        )
        return made.id


def says(site: Site, filed: Filed, question_id: UUID, answer: str) -> None:
    with site.database.transaction() as session:
        answer_by_victim(
            session,
            filed.id,
            question_id,
            answer,  # type: ignore[arg-type]
            keyring=site.keyring,
            now=site.now(),
        )


def replies(site: Site, question_id: UUID, account_id: UUID, words: str = "") -> None:
    with site.database.transaction() as session:
        answer_by_force(
            session,
            question_id,
            "no",
            account=session.get_one(Account, account_id),
            words=words,
            keyring=site.keyring,
            now=site.now(),
        )


def entries(site: Site, filed: Filed) -> list[tuple[str, object]]:
    with site.database.reading() as session:
        data_key = get_data_key(session, filed.id, keyring=site.keyring)
        found = timeline(session, filed.id, data_key.open)
    about = [one for one in found if one.kind.startswith(("victim_", "force_"))]
    return [(one.kind, one.fields.get("answer") or one.fields["question"]) for one in about]


def test_asking_twice_asks_once_and_sends_nothing(site: Site, clock: HandClock) -> None:
    filed = waiting_case(site, clock)
    inspector = add_person(site, "inspector")
    assert asks(site, filed, inspector) == asks(site, filed, inspector)
    ((kind, words),) = entries(site, filed)
    assert kind == "victim_asked"
    assert "54/7/26" in str(words)
    with site.database.reading() as session:
        assert session.scalars(select(OutboxMessage)).all() == []


def test_a_yes_is_evidence_that_a_person_decides_on_all_the_same(
    site: Site, clock: HandClock
) -> None:
    filed = waiting_case(site, clock)
    inspector = add_person(site, "inspector")
    with site.database.reading() as session:
        before = session.scalars(select(Match)).one()
    question = asks(site, filed, inspector)
    clock.advance(hours=1)
    says(site, filed, question, "yes")
    says(site, filed, question, "yes")
    look_again(site)
    with site.database.reading() as session:
        after = session.scalars(select(Match)).one()
        assert session.scalars(select(Clock.met_at)).one() is None
    assert (after.total or 0) > (before.total or 0) + 2
    assert (after.state, after.zone, after.gates) == ("proposed", "likely", ["asked"])
    assert [kind for kind, _ in entries(site, filed)] == ["victim_asked", "victim_answered"]


@pytest.mark.parametrize(("kind", "answer"), [("number", "no"), ("event", "unknown")])
def test_a_number_that_nobody_gave_and_a_don_t_know_leave_the_case_with_a_person(
    site: Site, clock: HandClock, kind: str, answer: str
) -> None:
    filed = waiting_case(site, clock)
    inspector = add_person(site, "inspector")
    question = asks(site, filed, inspector)
    with site.database.transaction() as session:
        session.get_one(Question, question).kind = kind
    says(site, filed, question, answer)
    look_again(site)
    assert len(case_of(site, filed, inspector).proposed) == 1
    with pytest.raises(Refused, match="answered already"):
        says(site, filed, question, "yes")
    assert entries(site, filed)[-1] == ("victim_answered", answer)


@pytest.mark.parametrize("kind", ["event", "person"])
def test_a_record_that_the_victim_says_is_not_theirs_is_refused_for_good(
    site: Site, clock: HandClock, kind: str
) -> None:
    filed = waiting_case(site, clock)
    inspector = add_person(site, "inspector")
    question = asks(site, filed, inspector)
    with site.database.transaction() as session:
        session.get_one(Question, question).kind = kind
    says(site, filed, question, "no")
    look_again(site)
    with site.database.reading() as session:
        match = session.scalars(select(Match)).one()
        assert (match.state, match.decided_by) == ("refused", None)
        data_key = get_data_key(session, filed.id, keyring=site.keyring)
        found = timeline(session, filed.id, data_key.open)
        assert session.scalars(select(Judgement.state)).one() == "alert"
        assert session.scalars(select(Clock.met_at)).one() is None
    assert [one.kind for one in found][-2:] == ["match_refused", "victim_answered"]
    assert found[-2].fields["decided.role"] == "victim"
    assert "no." in str(found[-2].fields["decided.reason"])
    # Nothing that the force sends brings it back.
    look_again(site)
    with site.database.reading() as session:
        assert session.scalars(select(Match.state)).one() == "refused"


def test_a_force_is_asked_only_of_what_was_passed_to_it_and_its_answer_stops_nothing(
    site: Site, clock: HandClock
) -> None:
    inspector = add_person(site, "inspector")
    told = waiting_case(site, clock)
    with pytest.raises(Refused, match="not passed to this force"):
        asks(site, told, inspector, "force")
    agree_inbox(site)
    passed = waiting_case(
        site, clock, way="pass", references=("54/8/26",), incident="5403260000999"
    )
    question = asks(site, passed, inspector, "force")
    with pytest.raises(NotFound):
        replies(site, question, add_person(site, "liaison", force_id="kent", name="kent"))
    liaison = add_person(site, "liaison", force_id="wiltshire")
    with pytest.raises(Refused, match="2000"):
        replies(site, question, liaison, "x" * 2001)
    replies(site, question, liaison, "It is a shed.")
    with pytest.raises(Refused, match="answered already"):
        replies(site, question, liaison)
    with site.database.reading() as session:
        asked = session.get_one(Question, question)
        assert b"shed" not in (asked.sealed_words or b"")
        assert session.scalars(select(Clock.met_at)).all() == [None, None]
    assert [kind for kind, _ in entries(site, passed)] == ["force_asked", "force_replied"]


def test_who_may_not_ask_and_what_may_not_be_asked(site: Site, clock: HandClock) -> None:
    filed = waiting_case(site, clock)
    inspector = add_person(site, "inspector")
    registrar = add_person(site, "registrar", force_id="wiltshire")
    with pytest.raises(NotAllowed):
        asks(site, filed, registrar)
    with pytest.raises(Refused, match="not among the candidates"):
        asks(site, filed, inspector, record=999)
    question = asks(site, filed, inspector)
    other = waiting_case(site, clock, references=("54/8/26",), incident="5403260000999")
    with pytest.raises(NotFound):
        says(site, other, question, "yes")
    with pytest.raises(Refused):
        says(site, filed, question, "perhaps")
    with site.database.transaction() as session:
        withdraw(session, filed.id, keyring=site.keyring, now=site.now())
    for act in (lambda: says(site, filed, question, "yes"), lambda: asks(site, filed, inspector)):
        with pytest.raises(Refused, match="withdrew"):
            act()
    with site.database.reading() as session:
        assert session.scalars(select(Allegation.clock_starts_at)).all()
