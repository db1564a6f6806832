"""A visit lasts while somebody is there, ends for every copy of its cookie, and shows no code."""

from datetime import timedelta
from hashlib import sha256

import pytest
from sqlalchemy import select

from portal.errors import NotFound, Unavailable
from portal.reports.codes import ALPHABET, WrongCode, format_code, new_code
from portal.reports.models import Report, Visit
from portal.reports.visits import (
    IDLE_LIMIT,
    code_of_visit,
    end_idle_visits,
    end_visit,
    end_visits_of,
    find_closed_by,
    find_visit,
    forget_code,
    open_with_code,
    openings_of,
    start_visit,
    touch_visit,
)
from portal.site import Site
from tests.rig.clock import HandClock
from tests.rig.drafts import Draft, kept_report, new_draft
from tests.rig.filed import file_report
from tests.rig.own import Own


@pytest.fixture
def draft(site: Site) -> Draft:
    return new_draft(site)


def start(draft: Draft, *, code: str | None = None) -> str:
    site = draft.site
    with site.database.transaction() as session:
        return start_visit(session, draft.id, code=code, keyring=site.keyring, now=site.now())


def find(site: Site, token: str) -> Visit | None:
    with site.database.reading() as session:
        return find_visit(session, token, keyring=site.keyring, now=site.now())


def end(site: Site, token: str) -> None:
    with site.database.transaction() as session:
        end_visit(session, token, now=site.now())


def opened(site: Site, typed: str) -> Report:
    with site.database.reading() as session:
        return open_with_code(
            session, typed, codes=site.codes, keyring=site.keyring, now=site.now()
        )


def test_a_cookie_finds_its_report_and_the_database_holds_only_its_hash(draft: Draft) -> None:
    token = start(draft)
    visit = find(draft.site, token)
    assert visit is not None
    assert visit.report_id == draft.id
    assert visit.token_hash == sha256(token.encode()).digest()
    assert len(token) >= 43
    assert start(draft) != token


@pytest.mark.parametrize("token", ["", "x", "x" * 43])
def test_a_cookie_that_was_never_given_finds_nothing(draft: Draft, token: str) -> None:
    start(draft)
    assert find(draft.site, token) is None


def test_leaving_ends_every_copy_of_the_cookie_and_destroys_the_code(draft: Draft) -> None:
    token, other = start(draft, code=draft.code), start(draft, code=draft.code)
    end(draft.site, token)
    assert find(draft.site, token) is None
    assert find(draft.site, other) is not None
    with draft.site.database.reading() as session:
        rows = session.scalars(select(Visit)).all()
    assert [row.sealed_code is None for row in rows if row.ended_at] == [True]


def test_leaving_twice_or_without_a_visit_changes_nothing(draft: Draft, clock: HandClock) -> None:
    token, first = start(draft), clock()
    end(draft.site, token)
    clock.advance(minutes=5)
    for again in (token, "never given"):
        end(draft.site, again)
    with draft.site.database.reading() as session:
        assert list(session.scalars(select(Visit.ended_at))) == [first]


def test_a_visit_lasts_two_hours_without_anybody_and_not_a_second_more(
    draft: Draft, clock: HandClock
) -> None:
    token = start(draft)
    clock.advance(hours=2)
    assert find(draft.site, token) is not None
    clock.advance(seconds=1)
    assert find(draft.site, token) is None


def test_each_page_starts_the_two_hours_anew(draft: Draft, clock: HandClock) -> None:
    token = start(draft)
    for _ in range(3):
        clock.advance(hours=1, minutes=59)
        visit = find(draft.site, token)
        assert visit is not None
        with draft.site.database.transaction() as session:
            touch_visit(session, visit, now=clock())
    assert find(draft.site, token) is not None


def test_visits_that_nobody_came_back_to_are_closed_with_their_codes(
    draft: Draft, clock: HandClock
) -> None:
    left = start(draft, code=draft.code)
    clock.advance(hours=1)
    fresh = start(draft, code=draft.code)
    clock.advance(hours=1, seconds=1)
    with draft.site.database.transaction() as session:
        assert end_idle_visits(session, now=clock()) == 1
        assert end_idle_visits(session, now=clock()) == 0
    with draft.site.database.reading() as session:
        rows = session.scalars(select(Visit).order_by(Visit.started_at)).all()
    assert [row.sealed_code is None for row in rows] == [True, False]
    assert find(draft.site, left) is None
    assert find(draft.site, fresh) is not None
    assert timedelta(hours=2) == IDLE_LIMIT


def test_the_code_is_shown_again_in_the_visit_in_which_it_was_made(draft: Draft) -> None:
    with_code, without = (
        find(draft.site, start(draft, code=draft.code)),
        find(draft.site, start(draft)),
    )
    assert with_code is not None
    assert without is not None
    assert code_of_visit(with_code, draft.site.keyring) == draft.code
    assert code_of_visit(without, draft.site.keyring) is None
    assert draft.code.encode() not in (with_code.sealed_code or b"")


def test_a_code_moved_to_another_reports_visit_does_not_open(draft: Draft) -> None:
    visit = find(draft.site, start(draft, code=draft.code))
    other = find(draft.site, start(new_draft(draft.site)))
    assert visit is not None
    assert other is not None
    other.sealed_code = visit.sealed_code
    with pytest.raises(Unavailable):
        code_of_visit(other, draft.site.keyring)


def test_once_it_was_kept_no_visit_shows_the_code(draft: Draft) -> None:
    tokens = [start(draft, code=draft.code) for _ in range(2)]
    other = new_draft(draft.site)
    others = start(other, code=other.code)
    with draft.site.database.transaction() as session:
        forget_code(session, draft.id)
    for token in tokens:
        visit = find(draft.site, token)
        assert visit is not None
        assert code_of_visit(visit, draft.site.keyring) is None
    kept = find(draft.site, others)
    assert kept is not None
    assert code_of_visit(kept, draft.site.keyring) == other.code


@pytest.mark.parametrize("sent", [False, True])
def test_the_code_opens_draft_and_report_however_it_is_typed(site: Site, sent: bool) -> None:
    draft = kept_report(site) if sent else new_draft(site)
    grouped = format_code(draft.code)
    forgiven = draft.code.replace("0", "o").replace("1", "l")
    for typed in (
        draft.code,
        grouped,
        grouped.lower(),
        f"  {grouped.replace('-', ' ')}\n",
        grouped.replace("-", "–"),
        forgiven,
        forgiven.upper(),
    ):
        assert opened(site, typed).id == draft.id


def test_a_slip_is_told_as_a_slip_and_opens_nothing(draft: Draft) -> None:
    code = draft.code
    slip = ALPHABET[(ALPHABET.index(code[7]) + 1) % 32]
    for typed in (code[:7] + slip + code[8:], code[:-1], f"{code}0", "", "not a code at all"):
        with pytest.raises(WrongCode) as refusal:
            opened(draft.site, typed)
        assert code[:5] not in refusal.value.message


def test_a_code_that_could_be_right_but_is_nobodys_is_not_told_as_a_slip(draft: Draft) -> None:
    unknown = new_code()
    assert unknown != draft.code
    with pytest.raises(NotFound, match="opens nothing here") as refusal:
        opened(draft.site, unknown)
    assert not isinstance(refusal.value, WrongCode)
    assert unknown not in refusal.value.message


def test_an_erased_reports_code_opens_nothing(site: Site) -> None:
    draft = kept_report(site)
    with site.database.transaction() as session:
        session.get_one(Report, draft.id).erased_at = site.now()
    with pytest.raises(NotFound, match="opens nothing here"):
        opened(site, draft.code)


def test_every_visit_but_one_can_be_closed_at_once(draft: Draft) -> None:
    kept, gone = start(draft), [start(draft, code=draft.code) for _ in range(2)]
    others = start(new_draft(draft.site))
    with draft.site.database.transaction() as session:
        end_visits_of(session, draft.id, now=draft.site.now(), but=kept)
    assert [find(draft.site, token) is None for token in (kept, *gone, others)] == [
        *(False, True, True),
        False,
    ]


def test_the_visit_in_which_it_was_begun_is_no_opening(draft: Draft, clock: HandClock) -> None:
    start(draft)
    times = []
    for _ in range(2):
        clock.advance(minutes=1)
        times.append(clock())
        start(draft)
    with draft.site.database.reading() as session:
        assert openings_of(session, session.get_one(Report, draft.id)) == times


def test_only_the_browser_that_asked_is_told_when_it_is_erased(
    site: Site, clock: HandClock
) -> None:
    filed = file_report(site)
    tokens = []
    for _ in range(2):
        with site.database.transaction() as session:
            tokens.append(
                start_visit(session, filed.id, code=None, keyring=site.keyring, now=clock())
            )
        if len(tokens) == 1:
            with site.database.transaction() as session:
                end_visit(session, tokens[0], now=clock())
            clock.advance(minutes=1)
    Own(site, filed).ask_to_erase()
    with site.database.reading() as session:
        told = [find_closed_by(session, each) for each in (*tokens, "another")]
    assert [each.id if each else None for each in told] == [None, filed.id, None]
    Own(site, filed).keep()
    with site.database.reading() as session:
        assert find_closed_by(session, tokens[1]) is None
