"""Promises about an advocate's list: only theirs, only while the person agrees."""

from uuid import UUID, uuid4

import pytest

from portal.accounts.models import Account
from portal.accounts.service import get_account_by_id
from portal.errors import NotAllowed, NotFound, Refused
from portal.reports.caseload import Case, cases_of, get_case, open_case, start_case
from portal.reports.codes import make_code
from portal.reports.drafts import read_answers, save_allegation, save_answers
from portal.reports.looks import looks_at
from portal.reports.service import submit, withdraw
from portal.reports.visits import open_with_code
from portal.site import Site
from tests.rig.clock import HandClock
from tests.rig.people import add_person


def _account(site: Site, name: str = "maria", role: str = "advocate") -> Account:
    account_id = add_person(site, role, name=name)
    with site.database.reading() as reading:
        return get_account_by_id(reading, account_id)


def _start(site: Site, account: Account, agrees: str = "yes") -> tuple[UUID, str]:
    code = make_code(site.codes)
    with site.database.transaction() as writing:
        report = start_case(
            writing, account=account, code=code, keyring=site.keyring, now=site.now()
        )
        if agrees != "yes":
            who = {"who_for": "other", "agrees": agrees}
            save_answers(writing, report.id, "who", who, keyring=site.keyring, now=site.now())
    return report.id, code.text


def _file(site: Site, account: Account, agrees: str = "yes") -> UUID:
    report_id, _ = _start(site, account)
    keys, now = site.keyring, site.now()
    with site.database.transaction() as writing:
        what = {"category": "burglary-home", "other": ""}
        save_allegation(writing, report_id, 1, "what", what, keyring=keys, now=now)
        save_answers(writing, report_id, "way", {"way": "keep"}, keyring=keys, now=now)
        who = {"who_for": "other", "agrees": agrees}
        save_answers(writing, report_id, "who", who, keyring=keys, now=now)
        submit(writing, report_id, keyring=keys, now=now)
    return report_id


def _listed(site: Site, account: Account) -> list[UUID]:
    with site.database.reading() as reading:
        return [case.report.id for case in cases_of(reading, account.id, keyring=site.keyring)]


def _get(site: Site, account: Account, report_id: UUID) -> Case:
    with site.database.reading() as reading:
        return get_case(reading, account.id, report_id, keyring=site.keyring)


def _open(site: Site, account: Account, report_id: UUID, reason: str = "They asked me") -> None:
    with site.database.transaction() as writing:
        open_case(
            writing,
            report_id,
            account=account,
            reason=reason,
            keyring=site.keyring,
            now=site.now(),
        )


def test_what_an_advocate_starts_is_opened_by_the_person_s_own_code(site: Site) -> None:
    report_id, code = _start(site, _account(site))
    with site.database.reading() as reading:
        assert (
            open_with_code(reading, code, codes=site.codes, keyring=site.keyring, now=site.now()).id
            == report_id
        )
        answers = read_answers(reading, report_id, keyring=site.keyring)
    assert answers["who"]["agrees"] == "yes"


@pytest.mark.parametrize("role", ["inspector", "administrator"])
def test_nobody_but_an_advocate_starts_for_somebody_else(site: Site, role: str) -> None:
    account = _account(site, role=role)
    with pytest.raises(NotAllowed):
        _start(site, account)


def test_the_list_holds_the_advocate_s_own_oldest_first(site: Site) -> None:
    maria, jo = _account(site), _account(site, "jo")
    mine = [_file(site, maria), _start(site, maria)[0]]
    theirs = _file(site, jo)
    assert set(_listed(site, maria)) == set(mine)
    assert _listed(site, jo) == [theirs]
    case = _get(site, maria, mine[0])
    assert [each.category for each in case.allegations] == ["burglary-home"]


def test_another_advocate_s_report_looks_as_if_it_did_not_exist(site: Site) -> None:
    maria, jo = _account(site), _account(site, "jo")
    report_id = _file(site, maria)
    answers = []
    for unseen in (report_id, uuid4()):
        with pytest.raises(NotFound) as answer:
            _open(site, jo, unseen)
        answers.append(answer.value.message)
    assert answers[0] == answers[1]


@pytest.mark.parametrize("agrees", ["no", "cannot_ask", ""])
def test_without_agreement_there_is_nothing_to_see(site: Site, agrees: str) -> None:
    maria = _account(site)
    report_id = _file(site, maria, agrees)
    assert _listed(site, maria) == []
    with pytest.raises(NotFound):
        _open(site, maria, report_id)


def test_a_draft_is_listed_but_not_opened_until_the_person_sends_it(site: Site) -> None:
    maria = _account(site)
    report_id, _ = _start(site, maria)
    assert _listed(site, maria) == [report_id]
    with pytest.raises(NotFound):
        _open(site, maria, report_id)


def test_withdrawing_takes_it_off_the_list_at_once(site: Site) -> None:
    maria = _account(site)
    report_id = _file(site, maria)
    with site.database.transaction() as writing:
        withdraw(writing, report_id, keyring=site.keyring, now=site.now())
    assert _listed(site, maria) == []
    with pytest.raises(NotFound):
        _open(site, maria, report_id)


def test_each_opening_is_written_with_its_reason_for_the_person_to_read(
    site: Site, clock: HandClock
) -> None:
    maria = _account(site)
    report_id = _file(site, maria)
    _open(site, maria, report_id, "To prepare for a meeting")
    clock.advance(minutes=1)
    _open(site, maria, report_id, "They asked me")
    with site.database.reading() as reading:
        seen = looks_at(reading, report_id, keyring=site.keyring)
    assert [look.reason for look in seen] == ["To prepare for a meeting", "They asked me"]


def test_without_a_reason_nothing_is_opened(site: Site) -> None:
    maria = _account(site)
    report_id = _file(site, maria)
    with pytest.raises(Refused):
        _open(site, maria, report_id, "  ")
    with site.database.reading() as reading:
        assert looks_at(reading, report_id, keyring=site.keyring) == []
