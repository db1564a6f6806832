"""Questions as they are read: by the person until they withdraw, by the force until it answers."""

from uuid import uuid4

import pytest
from sqlalchemy import select

from portal.accounts.models import Account
from portal.errors import NotFound
from portal.languages.translating import speaking
from portal.matching.asking import answer_by_force, answer_by_victim, ask
from portal.matching.questions import (
    asked_about,
    confirmed_references,
    get_question_to,
    questions_about,
    questions_to,
    say_question,
    to_answer,
    words_for,
)
from portal.reports.models import Allegation, Report
from portal.reports.service import withdraw
from portal.site import Site
from tests.rig.clock import HandClock
from tests.rig.filed import Filed, agree_inbox
from tests.rig.people import add_person
from tests.rig.reviewed import case_of, waiting_case


@pytest.fixture
def filed(site: Site, clock: HandClock) -> Filed:
    """A report that was passed on, about which both its person and the force are asked."""
    agree_inbox(site)
    made = waiting_case(site, clock, way="pass")
    inspector = add_person(site, "inspector")
    case = case_of(site, made, inspector)
    for whom in ("victim", "force"):
        with site.database.transaction() as session:
            ask(
                session,
                case.allegation.id,
                case.proposed[0].record.id,
                whom,  # type: ignore[arg-type]
                account=session.get_one(Account, inspector),
                keyring=site.keyring,
                now=site.now(),
            )
    return made


def test_each_is_asked_in_words_that_hold_nothing_but_the_number(site: Site, filed: Filed) -> None:
    with site.database.reading() as session:
        report = session.get_one(Report, filed.id)
        (own,) = to_answer(session, report)
        (passed,) = questions_to(session, "wiltshire")
        assert questions_to(session, "kent") == []
        with pytest.raises(NotFound):
            get_question_to(session, passed.question.id, force_id="kent")
        with pytest.raises(NotFound):
            get_question_to(session, uuid4(), force_id="wiltshire")
    assert "54/7/26" in own.words
    assert passed.question.words == words_for("record", "54/7/26")


def test_answers_are_read_by_who_asked_and_a_yes_is_a_number_that_the_person_gave(
    site: Site, filed: Filed
) -> None:
    liaison = add_person(site, "liaison", force_id="wiltshire")
    with site.database.transaction() as session:
        allegation = session.scalars(select(Allegation)).one()
        asked = questions_about(session, allegation, keyring=site.keyring)
        ids = {one.asks: one.id for one in asked}
        keys = {"keyring": site.keyring, "now": site.now()}
        answer_by_victim(session, filed.id, ids["victim"], "yes", **keys)  # type: ignore[arg-type]
        answer_by_force(
            session,
            ids["force"],
            "unknown",
            account=session.get_one(Account, liaison),
            words="We will look.",
            **keys,  # type: ignore[arg-type]
        )
    with site.database.reading() as session:
        found = {
            one.asks: (one.answer, one.added)
            for one in questions_about(session, allegation, keyring=site.keyring)
        }
        assert found == {"victim": ("yes", ""), "force": ("unknown", "We will look.")}
        assert to_answer(session, session.get_one(Report, filed.id)) == []
        assert questions_to(session, "wiltshire") == []
        assert confirmed_references(session, [allegation.id]) == {allegation.id: ["54/7/26"]}
        assert len(asked_about(session, [allegation.id])) == 1


def test_whoever_withdrew_is_asked_nothing(site: Site, filed: Filed) -> None:
    with site.database.transaction() as session:
        withdraw(session, filed.id, keyring=site.keyring, now=site.now())
    with site.database.reading() as session:
        assert to_answer(session, session.get_one(Report, filed.id)) == []
        assert questions_to(session, "wiltshire") == []


def test_a_question_is_asked_in_the_language_of_who_answers_and_kept_in_english() -> None:
    asked = words_for("number", "54/1/26")
    with speaking("cy"):
        assert words_for("number", "54/1/26") == asked
        assert say_question(asked, "54/1/26").startswith("A roddodd yr heddlu’r rhif 54/1/26")
        assert say_question("Something else?", "54/1/26") == "Something else?"
    assert say_question(asked, "54/1/26") == asked
