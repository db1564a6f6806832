"""Corrections: the right answer beside the first, used by matching, and never good for hiding."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, update

from portal.errors import NotFound, Refused
from portal.matching.models import AllegationKey, Match
from portal.matching.queries import accepted_for
from portal.reports.corrections import can_correct, effective_answers, fold, path_of
from portal.reports.models import Allegation, Report
from portal.site import Site
from tests.rig.clock import HandClock
from tests.rig.drafts import kept_report, new_draft
from tests.rig.filed import Filed, agree_inbox, alerts_of, file_report, look_again, when
from tests.rig.own import Own
from tests.rig.reached import as_draft, contact_of, wants_news
from tests.rig.supplies import row, take

REFERENCE = "54/7070/26"
ABOUT = {"name": "Ada Quill", "birth_day": "4", "birth_month": "5", "birth_year": "1990"}


def rape(site: Site, clock: HandClock, **told_how: str) -> Own:
    """A rape of yesterday that police were told of at once."""
    return Own(
        site,
        file_report(
            site,
            categories=["raped"],
            happened=clock() - timedelta(days=1),
            told=clock() - timedelta(hours=20),
            told_how=told_how,
            about=ABOUT,
        ),
    )


def record_of_it(site: Site, clock: HandClock, offence: str = "19C") -> None:
    """The police record that fits it."""
    day = clock() - timedelta(days=1)
    take(
        site,
        [
            row(
                REFERENCE,
                offence_code=offence,
                occurred_from=f"{day:%Y-%m-%d %H:%M}",
                recorded_at=f"{clock() - timedelta(hours=18):%Y-%m-%d %H:%M}",
                victim_name="Ada Quill",
                victim_date_of_birth="04/05/1990",
                place="Harbour Lane",
                postcode="SN1 1AA",
            )
        ],
    )


def zones(site: Site) -> list[tuple[str, str, list[str]]]:
    with site.database.reading() as session:
        return [
            (one.state, one.zone, list(one.gates or [])) for one in session.scalars(select(Match))
        ]


def is_accepted(own: Own) -> bool:
    with own.site.database.reading() as session:
        return bool(accepted_for(session, own.allegations()[0].id))


def test_the_first_answer_stays_and_both_are_on_record(site: Site, clock: HandClock) -> None:
    own = rape(site, clock)
    before = own.answers()
    own.correct("about", name="Ida Quill", birth_day="4", birth_month="5", birth_year="1990")
    assert own.answers() == before
    assert own.answers_now()["about"]["name"] == "Ida Quill"
    fields = own.entries()[-1].fields
    assert fields["corrected.page"] == "about"
    assert fields["before.about.name"] == "Ada Quill"
    assert fields["answers.about.name"] == "Ida Quill"
    own.correct("about", name="", birth_day="", birth_month="", birth_year="1991")
    assert own.answers_now()["about"] == {"birth_year": "1991"}
    assert own.kinds() == ["submitted", "corrected", "corrected"]


def test_what_was_told_later_is_corrected_like_the_rest(site: Site) -> None:
    kept = kept_report(site)
    own = Own(site, Filed(Report(id=kept.id), kept.code))
    with pytest.raises(NotFound):
        own.correct("told", kind="unknown")
    kept.tell(hours_ago=3, crime_reference="54/1/26", force="kent")
    before = own.clocks()
    own.correct("told_how", crime_reference="54/2/26", force="wiltshire")
    assert own.answers_now()["told_how"]["crime_reference"] == "54/2/26"
    assert own.allegations()[0].force_id == "wiltshire"
    assert own.clocks() == before


def test_the_rows_that_others_read_follow_and_it_is_matched_again(
    site: Site, clock: HandClock
) -> None:
    own = rape(site, clock)
    look_again(site)
    days = clock() - timedelta(days=2)
    own.correct("when", 1, **when(days))
    own.correct("force", 1, force="kent")
    (allegation,) = own.allegations()
    assert allegation.occurred_from == days.replace(second=0, microsecond=0)
    assert allegation.force_id == "wiltshire", "the force that was told counts before the place"
    own.correct("told_how", force="kent", channel="101")
    (allegation,) = own.allegations()
    assert (allegation.force_id, allegation.to_match, allegation.to_sweep) == ("kent", True, True)
    assert allegation.corrected_at == clock()


def test_matching_sees_the_right_number_and_leaves_it_to_a_person(
    site: Site, clock: HandClock
) -> None:
    own = rape(site, clock, crime_reference="54/1111/26")
    record_of_it(site, clock)
    own.correct("told_how", channel="101", force="wiltshire", crime_reference=REFERENCE)
    look_again(site)
    ((state, zone, gates),) = zones(site)
    assert (state, zone) == ("proposed", "likely")
    assert "corrected" in gates
    assert not is_accepted(own)


def test_the_same_number_given_at_first_is_matched_without_a_person(
    site: Site, clock: HandClock
) -> None:
    own = rape(site, clock, crime_reference=REFERENCE)
    record_of_it(site, clock)
    look_again(site)
    assert is_accepted(own)


def test_a_match_that_was_there_before_a_small_correction_stays(
    site: Site, clock: HandClock
) -> None:
    own = rape(site, clock, crime_reference=REFERENCE)
    record_of_it(site, clock)
    look_again(site)
    own.correct("where", 1, place="Harbour Lane 3", postcode="SN1 1AA")
    look_again(site)
    assert is_accepted(own)


def test_typing_another_crimes_number_clears_no_alert(site: Site, clock: HandClock) -> None:
    own = rape(site, clock)
    clock.advance(hours=49)
    look_again(site)
    (alert,) = alerts_of(site)
    take(
        site,
        [
            row(
                REFERENCE,
                offence_code="19C",
                victim_name="Ada Quill",
                victim_date_of_birth="04/05/1990",
                occurred_from="2025-12-24 20:00",
                recorded_at=f"{clock() - timedelta(hours=1):%Y-%m-%d %H:%M}",
            )
        ],
    )
    own.correct("when", 1, kind="exact", day="24", month="12", year="2025", time="20:00")
    own.correct("told_how", channel="101", force="wiltshire", crime_reference=REFERENCE)
    look_again(site)
    assert not is_accepted(own)
    assert [(one.id, one.state) for one in alerts_of(site) if one.kind == "unrecorded"] == [
        (alert.id, "open")
    ]


@pytest.mark.parametrize("lesser", ["stalking-harassment", "fraud", "not-sure"])
def test_making_it_lesser_clears_no_alert_and_stops_no_clock(
    site: Site, clock: HandClock, lesser: str
) -> None:
    own = rape(site, clock)
    look_again(site)
    before = own.clocks()
    own.correct("what", 1, category=lesser, other="")
    look_again(site)
    assert own.clocks() == before
    clock.advance(hours=49)
    look_again(site)
    assert [one.kind for one in alerts_of(site)] == ["unrecorded"]
    (allegation,) = own.allegations()
    assert allegation.categories == ("raped", lesser)


def test_the_graver_of_both_counts_for_a_record_that_is_less_grave(
    site: Site, clock: HandClock
) -> None:
    own = rape(site, clock, crime_reference=REFERENCE)
    record_of_it(site, clock, offence="19C")
    look_again(site)
    assert is_accepted(own)
    own.correct("what", 1, category="hurt", other="")
    record_of_it(site, clock, offence="8N")
    look_again(site)
    kinds = {one.kind for one in alerts_of(site)}
    assert "downgraded" in kinds


def test_a_number_is_looked_for_as_it_was_put_right(site: Site, clock: HandClock) -> None:
    own = rape(site, clock, crime_reference="54/1/26")

    def keys() -> set[int]:
        look_again(site)
        with site.database.reading() as session:
            return set(session.scalars(select(AllegationKey.token)))

    before = keys()
    own.correct("told_how", channel="101", crime_reference="54/2/26")
    assert before
    assert keys() - before
    assert before - keys()


def test_a_report_that_was_passed_on_keeps_the_force_that_got_it(
    site: Site, clock: HandClock
) -> None:
    agree_inbox(site)
    own = Own(site, file_report(site, way="pass"))
    own.correct("force", 1, force="kent")
    (allegation,) = own.allegations()
    assert allegation.force_id == "wiltshire"
    with pytest.raises(NotFound):
        own.correct("told_how", force="kent")


def test_what_says_the_same_what_is_none_and_what_is_closed_is_refused(site: Site) -> None:
    own = Own(site, file_report(site, about=ABOUT))
    with pytest.raises(Refused, match="stands here already"):
        own.correct("about", **ABOUT)
    with pytest.raises(Refused, match="Choose what happened"):
        own.correct("what", 1, category="no-such")
    for page, number in (("words", 0), ("what", 2), ("about", 1), ("way", 0), ("pass", 0)):
        with pytest.raises(NotFound):
            own.correct(page, number, words="x")
    own.withdraw()
    with pytest.raises(Refused, match="Take it up again first"):
        own.correct("about", name="Ida")
    own.take_up()
    own.ask_to_erase()
    with pytest.raises(Refused, match="going to be erased"):
        own.correct("about", name="Ida")
    draft = new_draft(site)
    with pytest.raises(Refused, match="not sent yet"):
        Own(site, Filed(Report(id=draft.id), draft.code)).correct("about", name="Ida")


def test_a_correction_of_what_is_not_compared_marks_nothing(site: Site, clock: HandClock) -> None:
    own = rape(site, clock)
    look_again(site)
    own.correct("insider", insider="yes")
    (allegation,) = own.allegations()
    assert (allegation.to_match, allegation.corrected_at) == (False, None)


def test_only_pages_of_the_report_itself_are_laid_over_it() -> None:
    answers = {"allegations": [{"what": {"category": "hurt"}}], "about": {"name": "Ada"}}
    fields = {"kind": "corrected", "corrected.page": "allegations.7.what"}
    assert effective_answers(answers, []) == answers
    folded = fold(answers, [(datetime(2026, 3, 2, tzinfo=UTC), fields)])
    assert folded.answers == answers
    assert folded.last_about(1) is None
    assert path_of("what", 2) == "allegations.2.what"


def test_what_can_be_corrected_depends_on_how_it_was_sent(site: Site) -> None:
    told = Own(site, file_report(site)).row()
    assert can_correct(told, "told_how", 0, 1)
    assert can_correct(told, "what", 1, 1)
    assert not can_correct(told, "what", 0, 1)
    assert not can_correct(told, "about", 1, 1)


@pytest.mark.parametrize("others", [("hurt", "theft-person"), ("burglary-home",)])
def test_a_second_correction_never_takes_a_graver_first_one_away(
    site: Site, clock: HandClock, others: tuple[str, ...]
) -> None:
    own = Own(
        site,
        file_report(
            site,
            happened=clock() - timedelta(days=1),
            told=clock() - timedelta(hours=20),
            told_how={"crime_reference": REFERENCE},
            about=ABOUT,
        ),
    )
    record_of_it(site, clock, offence="28E")
    look_again(site)
    assert is_accepted(own)
    for category in ("raped", *others):
        own.correct("what", 1, category=category, other="")
    (allegation,) = own.allegations()
    assert set(allegation.categories) == {"burglary-home", "raped", *others}
    assert allegation.categories[0] == "burglary-home"
    assert allegation.category_now == others[-1]
    look_again(site)
    assert "downgraded" in {one.kind for one in alerts_of(site)}


def test_correcting_it_to_the_same_twice_leaves_what_was_filed_and_said_between(
    site: Site, clock: HandClock
) -> None:
    own = rape(site, clock)
    for category in ("theft-person", "hurt", "theft-person"):
        own.correct("what", 1, category=category, other="")
    (allegation,) = own.allegations()
    assert allegation.categories == ("raped", "hurt", "theft-person")
    assert allegation.category_now == "theft-person"
    own.correct("what", 1, category="raped", other="")
    (allegation,) = own.allegations()
    assert allegation.categories == ("raped", "hurt", "theft-person")
    assert allegation.category_now == "raped"


def test_a_category_that_a_row_has_lost_comes_back_from_the_entries(
    site: Site, clock: HandClock
) -> None:
    own = Own(site, file_report(site, told=clock()))
    own.correct("what", 1, category="raped", other="")
    with site.database.transaction() as session:
        session.execute(update(Allegation).values(corrected_categories=None))
    own.correct("what", 1, category="hurt", other="")
    assert own.allegations()[0].categories == ("burglary-home", "raped", "hurt")


def test_do_not_contact_me_said_later_pauses_the_safe_way_at_once(
    site: Site, clock: HandClock
) -> None:
    own = rape(site, clock)
    draft = as_draft(site, own.filed)
    own.correct("contact", contact="phone", phone="01793 496001")
    wants_news(draft)
    assert contact_of(draft).paused_at is None
    own.correct("contact", contact="none")
    assert contact_of(draft).paused_at == site.now()
    assert own.kinds()[-2:] == ["corrected", "contact_paused"]
