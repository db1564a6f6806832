from portal.matching.drifting import moved_levels

BEFORE = {"birth_date": {"same": 600, "missing": 400}, "email": {"same": 10}}


def test_a_force_that_stops_sending_birth_dates_is_noticed() -> None:
    found = moved_levels(BEFORE, {"birth_date": {"same": 100, "missing": 900}})
    assert {(one.field, one.level) for one in found} == {
        ("birth_date", "same"),
        ("birth_date", "missing"),
    }
    assert found[0].before != found[0].now
    assert found[0].sureness > 10


def test_what_moves_by_chance_warns_of_nothing() -> None:
    assert moved_levels(BEFORE, {"birth_date": {"same": 615, "missing": 385}}) == ()
    assert moved_levels(BEFORE, BEFORE) == ()


def test_a_move_that_is_sure_but_tiny_warns_of_nothing() -> None:
    before = {"email": {"same": 900_000, "missing": 100_000}}
    now = {"email": {"same": 905_000, "missing": 95_000}}
    assert moved_levels(before, now) == ()


def test_a_few_matches_say_nothing() -> None:
    assert moved_levels(BEFORE, {"birth_date": {"same": 0, "missing": 50}}) == ()
    assert moved_levels(BEFORE, {"email": {"same": 0, "different": 900}}) == ()
    assert moved_levels({}, {}) == ()
