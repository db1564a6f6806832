import json
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from portal.alerts.deadline import (
    Deadline,
    Due,
    Met,
    NotDue,
    Stage,
    State,
    alert_state,
    next_look,
    work_out,
)
from portal.reference.rules import RecordingRule
from portal.reports.date_words import say_moment
from portal.reports.starts import Start

HOUR = timedelta(hours=1)
RULE = RecordingRule(
    id="recording-limit",
    version="24-hours",
    valid_from=datetime(2015, 3, 31, 23, tzinfo=UTC),
    valid_to=None,
    limit=24 * HOUR,
    supply_allowance=24 * HOUR,
    awaiting_review=48 * HOUR,
    source="",
)
FILED = datetime(2026, 11, 23, 12, tzinfo=UTC)
# Saturday 24 October 2026, 9:40pm in London: the clocks go back in the night that follows.
SATURDAY = datetime(2026, 10, 24, 20, 40, tzinfo=UTC)


def deadline_from(at: datetime) -> Deadline:
    return work_out(RULE, Start(at, "told_police", "The police were told."))


def state_at(
    hours: float,
    *,
    accepted: bool = False,
    waiting: bool = False,
    covered: datetime | None = FILED,
    so_far: Stage | None = None,
) -> State:
    return alert_state(
        deadline_from(SATURDAY),
        SATURDAY + hours * HOUR,
        accepted=accepted,
        candidates_waiting=waiting,
        covered_until=covered,
        stage_so_far=so_far,
    )


def test_the_arithmetic_explains_a_night_when_the_clocks_went_back() -> None:
    deadline = work_out(RULE, Start(SATURDAY, "told_police", f"By {say_moment(SATURDAY)}."))
    assert deadline.limit_at == SATURDAY + 24 * HOUR
    words = [step.words for step in deadline.arithmetic]
    assert "9:40pm on Saturday 24 October 2026" in words[0]
    assert "24 hours to record it: until 8:40pm on Sunday 25 October 2026." in words[1]
    assert "The clocks went back in these 24 hours" in words[1]
    assert "1 hour earlier" in words[1]
    assert "24 hours for the police records to reach us: until 8:40pm on Monday" in words[2]
    assert "48 more hours: until 8:40pm on Wednesday 28 October 2026" in words[3]


def test_the_arithmetic_explains_a_night_when_the_clocks_went_forward() -> None:
    deadline = deadline_from(datetime(2026, 3, 28, 21, tzinfo=UTC))
    assert "10pm on Sunday 29 March 2026" in deadline.arithmetic[1].words
    assert "The clocks went forward" in deadline.arithmetic[1].words
    assert "1 hour later" in deadline.arithmetic[1].words


def test_an_ordinary_day_says_nothing_of_the_clocks() -> None:
    assert "clocks" not in deadline_from(FILED).arithmetic[1].words


def test_a_deadline_names_its_rule_and_can_be_kept_as_plain_data() -> None:
    deadline = deadline_from(SATURDAY)
    assert (deadline.rule_id, deadline.rule_version) == ("recording-limit", "24-hours")
    kept = json.loads(json.dumps(deadline.as_data()))
    assert [step["step"] for step in kept] == [
        "start",
        "limit",
        "supply_allowance",
        "awaiting_review",
    ]
    assert kept[1]["at"] == "2026-10-25T20:40:00.000000Z"
    assert kept[1]["hours"] == 24


def test_nothing_is_due_until_the_records_had_time_to_arrive() -> None:
    assert state_at(47.99) == NotDue(SATURDAY + 48 * HOUR)
    assert state_at(48) == Due("full")


def test_a_candidate_that_waits_for_a_person_makes_the_alert_wait_48_hours() -> None:
    assert state_at(48, waiting=True) == Due("awaiting_review")
    assert state_at(95.99, waiting=True) == Due("awaiting_review")
    assert state_at(96, waiting=True) == Due("full")


def test_a_full_alert_does_not_go_back_to_waiting_when_a_late_candidate_turns_up() -> None:
    assert state_at(50, waiting=True, so_far="full") == Due("full")


def test_an_accepted_match_meets_the_limit_and_nothing_else_does() -> None:
    assert state_at(500, accepted=True) == Met()
    assert isinstance(state_at(500, waiting=True), Due)


def test_silence_from_a_force_does_not_withhold_the_alert() -> None:
    stale = SATURDAY + 23 * HOUR
    assert state_at(48, covered=stale) == Due("full", cannot_be_checked_since=stale)
    assert state_at(48, covered=None) == Due("full", cannot_be_checked_since=SATURDAY)
    assert state_at(48, covered=SATURDAY + 24 * HOUR) == Due("full")


instants = st.datetimes(
    min_value=datetime(1996, 1, 1),  # noqa: DTZ001 - hypothesis adds the zone
    max_value=datetime(2037, 1, 1),  # noqa: DTZ001 - hypothesis adds the zone
    timezones=st.just(UTC),
)
nights_of_change = st.sampled_from(
    [datetime(2026, 3, 29, 1, tzinfo=UTC), datetime(2026, 10, 25, 1, tzinfo=UTC)]
).flatmap(lambda change: st.timedeltas(-30 * HOUR, 30 * HOUR).map(lambda shift: change + shift))
any_start = st.one_of(instants, nights_of_change)


@given(any_start)
def test_the_limit_is_24_clock_hours_whatever_the_clocks_show(at: datetime) -> None:
    deadline = deadline_from(at)
    assert deadline.limit_at - at == 24 * HOUR
    assert at < deadline.limit_at <= deadline.alert_at <= deadline.awaiting_review_until
    assert all(step.hours >= 0 and step.words for step in deadline.arithmetic)


@given(any_start, any_start)
def test_whoever_told_the_police_first_has_the_first_deadline(
    one: datetime, other: datetime
) -> None:
    earlier, later = sorted((one, other))
    assert deadline_from(earlier).limit_at <= deadline_from(later).limit_at
    assert deadline_from(earlier).alert_at <= deadline_from(later).alert_at


@given(any_start, st.timedeltas(timedelta(), 200 * HOUR), st.booleans(), st.booleans())
def test_an_alert_once_due_stays_due_and_only_grows(
    at: datetime, passed: timedelta, waiting: bool, stale: bool
) -> None:
    deadline = deadline_from(at)
    ranks = []
    for now in (at + passed, at + passed + HOUR, at + passed + 100 * HOUR):
        state = alert_state(
            deadline,
            now,
            accepted=False,
            candidates_waiting=waiting,
            covered_until=None if stale else now,
        )
        ranks.append(
            {"awaiting_review": 1, "full": 2}[state.stage] if isinstance(state, Due) else 0
        )
        assert not isinstance(state, Met)
    assert ranks == sorted(ranks)


@given(any_start, st.timedeltas(timedelta(), 200 * HOUR), st.booleans(), st.booleans())
def test_the_next_look_is_exactly_when_time_next_changes_something(
    at: datetime, passed: timedelta, accepted: bool, waiting: bool
) -> None:
    deadline, now = deadline_from(at), at + passed
    look = next_look(deadline, now, accepted=accepted, candidates_waiting=waiting)

    def state(when: datetime) -> State:
        return alert_state(
            deadline, when, accepted=accepted, candidates_waiting=waiting, covered_until=when
        )

    if look is None:
        assert state(now) == state(now + 10_000 * HOUR)
    else:
        assert look > now
        assert state(look - timedelta(microseconds=1)) == state(now) != state(look)
