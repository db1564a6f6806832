"""Promises about codes that open nothing: the same words and the same time, whatever they were."""

import statistics
import time
from collections.abc import Callable
from dataclasses import replace

import pytest
from sqlalchemy import event, insert

from portal.errors import NotFound
from portal.reports.code_changes import change_now, forget_codes
from portal.reports.codes import key_material, make_code, new_code, read_code
from portal.reports.models import Report, ReturnCode
from portal.reports.visits import open_with_code, opens_nothing, start_visit
from portal.sealing import SlowHash
from portal.site import Site
from tests.rig.drafts import kept_report
from tests.rig.plans import plans_of

ROUNDS = 200


@pytest.fixture
def slow(site: Site) -> Site:
    """A site whose codes are hashed as slowly as real ones."""
    return replace(site, codes=SlowHash(site.codes.key, 19 * 1024, 2))


def refusal(site: Site, code: str) -> str:
    with pytest.raises(NotFound) as refused, site.database.reading() as session:
        open_with_code(session, code, codes=site.codes, keyring=site.keyring, now=site.now())
    return refused.value.message


def never(_site: Site) -> str:
    return new_code()


def replaced(site: Site) -> str:
    draft = kept_report(site)
    made, old = make_code(site.codes), read_code(draft.code, codes=site.codes)
    keys = {"keyring": site.keyring, "now": site.now()}
    with site.database.transaction() as session:
        visit = start_visit(session, draft.id, code=None, **keys)  # type: ignore[arg-type]
        change_now(session, draft.id, made, old=old, visit=visit, **keys)  # type: ignore[arg-type]
    return draft.code


def erased(site: Site) -> str:
    draft = kept_report(site)
    with site.database.transaction() as session:
        session.get_one(Report, draft.id).erased_at = site.now()
    return draft.code


def erased_without_a_trace(site: Site) -> str:
    draft = kept_report(site)
    with site.database.transaction() as session:
        session.get_one(Report, draft.id).erased_at = site.now()
        forget_codes(session, draft.id)
    return draft.code


FATES: tuple[Callable[[Site], str], ...] = (never, replaced, erased, erased_without_a_trace)


def test_what_a_code_was_cannot_be_told_from_the_answer_or_from_what_is_done_for_it(
    site: Site,
) -> None:
    codes = [fate(site) for fate in FATES]
    kept_report(site)
    ran: list[str] = []
    engine = site.database.engine
    event.listen(engine, "before_cursor_execute", lambda *each: ran.append(each[2]))
    said, done = set(), set()
    for code in codes:
        ran.clear()
        said.add(refusal(site, code))
        done.add(tuple(ran))
    assert len(said) == 1
    assert len(done) == 1
    assert len([each for each in done.pop() if each.startswith("SELECT")]) == 1


def test_what_a_code_was_cannot_be_told_from_the_time(slow: Site) -> None:
    codes = [fate(slow) for fate in FATES]
    took: list[list[float]] = [[] for _ in codes]
    # In turns, so that a slow moment of the machine meets each of them.
    for _ in range(ROUNDS):
        for code, times in zip(codes, took, strict=True):
            began = time.perf_counter()
            refusal(slow, code)
            times.append(time.perf_counter() - began)
    for times in took[1:]:
        # How often it is slower than a code that never was: always, if the slow hash ran for it.
        slower = sum(a > b for a in times for b in took[0]) / (ROUNDS * ROUNDS)
        assert 0.3 < slower < 0.7, [statistics.median(each) for each in took]


def test_a_wrong_code_never_reaches_the_slow_hash(site: Site) -> None:
    kept_report(site)

    class Never(SlowHash):
        def digest(self, secret: bytes) -> bytes:
            raise AssertionError("a wrong code was hashed slowly")

    never = replace(site, codes=Never(site.codes.key, 64, 1))
    for _ in range(200):
        refusal(never, new_code())


def test_a_code_whose_tag_another_report_has_is_refused_in_the_same_words(site: Site) -> None:
    draft, guess = kept_report(site), new_code()
    tag = site.codes.tag(key_material(guess))
    row = {"code_hash": bytes(32), "report_id": draft.id, "tag": tag}
    with site.database.transaction() as session:
        session.execute(insert(ReturnCode), [row])
    with site.database.reading() as session:
        assert not opens_nothing(session, key_material(guess), codes=site.codes, now=site.now())
    assert refusal(site, guess) == refusal(site, new_code())


def test_the_same_guess_again_does_not_run_the_slow_hash_again(site: Site) -> None:
    ran: list[bytes] = []

    class Counting(SlowHash):
        def digest(self, secret: bytes) -> bytes:
            ran.append(secret)
            return super().digest(secret)

    codes = Counting(site.codes.key, site.codes.memory_kib, site.codes.passes)
    first, second = b"first", b"second"
    assert codes.digest_typed(first) == codes.digest_typed(first) == site.codes.digest(first)
    assert codes.digest_typed(second) == site.codes.digest(second)
    assert ran == [first, second]
    assert first not in b"".join([*codes._recent, *codes._recent.values()])


def test_only_so_many_guesses_are_remembered() -> None:
    codes = SlowHash(bytes(range(32)), 8, 1)
    for number in range(4200):
        codes.digest_typed(number.to_bytes(4))
    assert len(codes._recent) == 4096


@pytest.mark.parametrize("backend", ["sqlite"])
def test_a_guess_looks_into_an_index(site: Site) -> None:
    with site.database.reading() as session, plans_of(site.database.engine) as plans:
        assert opens_nothing(session, b"none", codes=site.codes, now=site.now())
    (plan,) = plans
    assert "ix_return_codes_tag" in plan
    assert "SCAN" not in plan
