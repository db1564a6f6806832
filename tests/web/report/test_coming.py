"""How it stands is one sentence, and what is owed stands with its days, source and arithmetic."""

from datetime import timedelta

from sqlalchemy import select

from portal.matching.queries import accepted_for
from portal.reports.models import Allegation
from portal.site import Site
from portal.web.report.coming import Coming
from portal.web.report.standing import standings
from tests.rig.clock import HandClock
from tests.rig.filed import Filed, file_report, look_again
from tests.rig.own import Own
from tests.rig.stated import matched
from tests.rig.supplies import take
from tests.rig.watched import file_watched


def coming(site: Site, filed: Filed, *, only_fraud: bool = False) -> Coming:
    with site.database.reading() as session:
        found = session.scalars(select(Allegation).where(Allegation.report_id == filed.id)).all()
        return standings(session, found, now=site.now(), only_fraud=only_fraud)[0].coming


def test_the_state_goes_with_the_limit_and_never_accuses(site: Site, clock: HandClock) -> None:
    filed = file_watched(site)
    assert coming(site, filed).state.startswith("The police have until 8am on Tuesday 3 March")
    clock.advance(hours=30)
    assert "we wait until" in coming(site, filed).state
    clock.advance(hours=30)
    state = coming(site, filed).state
    assert "we have not found a crime record" in state
    assert "broke" not in state


def test_a_record_is_the_newest_state(site: Site, clock: HandClock) -> None:
    filed, _ = matched(site, clock)
    assert coming(site, filed).state == "The police wrote it down as a crime."


def test_nobody_told_owes_nothing(site: Site) -> None:
    found = coming(site, file_report(site, way="keep"))
    assert found.state == "It is kept here, and nobody was told."
    assert found.owed == []


def test_fraud_alone_goes_to_a_national_body(site: Site) -> None:
    filed = file_report(site, categories=["fraud"], told=site.now() - timedelta(hours=1))
    assert "national body" in coming(site, filed, only_fraud=True).state


def test_a_service_is_owed_in_two_working_days_shown_with_its_arithmetic(site: Site) -> None:
    (owed,) = coming(site, file_watched(site)).owed
    assert owed.id == "support-referral"
    assert owed.by == "by the end of Wednesday 4 March 2026"
    assert owed.steps == [
        "The police were told on Monday 2 March 2026.",
        "They have 2 working days. They count from the day after.",
        "Saturdays, Sundays and bank holidays do not count.",
        "So these days count: Tuesday 3 March 2026, Wednesday 4 March 2026.",
    ]
    assert "Right 4" in owed.source
    assert "24" not in " ".join(owed.steps)


def test_days_are_not_counted_from_a_time_that_is_not_known(site: Site) -> None:
    assert coming(site, file_report(site)).owed == []


def test_an_outcome_owes_that_the_person_is_told_why(site: Site, clock: HandClock) -> None:
    filed, record = matched(site, clock)
    clock.advance(hours=5)
    day = f"{site.now():%Y-%m-%d}"
    take(site, [dict(record) | {"outcome_type": "18", "outcome_date": day}], is_full=False)
    look_again(site)
    with site.database.reading() as session:
        found = session.scalars(select(Allegation)).one()
        assert accepted_for(session, found.id)[0].version.outcome_type == 18
    ended = coming(site, filed).owed[-1]
    assert ended.words == "The police should tell you that they stopped, and why."
    assert ended.by == "by the end of Monday 9 March 2026"
    assert "Tuesday 3 March 2026" in ended.more


def test_rights_that_an_earlier_answer_gives_stay_whatever_is_corrected_later(
    site: Site, clock: HandClock
) -> None:
    ended = {"outcome_type": "18", "outcome_date": f"{clock():%Y-%m-%d}"}
    filed, _ = matched(site, clock, **ended)
    own = Own(site, filed)
    assert "They have 5 working days." in " ".join(coming(site, filed).owed[-1].steps)
    for category in ("raped", "hurt", "theft-person"):
        own.correct("what", 1, category=category, other="")
        assert "They have 1 working day." in " ".join(coming(site, filed).owed[-1].steps)
