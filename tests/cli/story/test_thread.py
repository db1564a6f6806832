"""One person of the story writes with her supporter, and says when she may be rung."""

from sqlalchemy import select

from portal.accounts.models import Account
from portal.cli.story.thread import CHAPTER, CODE_WORD, steps
from portal.reports.correspondence import ADVOCATE, open_messages
from portal.reports.safe_ways import CALL, find_contact
from portal.reports.staff_messages import waiting_for
from tests.rig.story import Tale


def test_her_last_message_waits_and_a_caller_knows_the_code_word(tale: Tale) -> None:
    keyring, report_id = tale.site.keyring, tale.told.reports[CHAPTER]
    with tale.site.database.reading() as session:
        supporter = session.scalars(select(Account).where(Account.role == "advocate")).one()
        (waits,) = waiting_for(session, supporter, keyring=keyring)
        found = open_messages(session, report_id, ADVOCATE, from_staff=False, keyring=keyring)
        way = find_contact(session, report_id, keyring=keyring).confirmed
    assert (waits.report_id, waits.new) == (report_id, 1)
    assert [each.role for each in found] == ["", "advocate", ""]
    assert way is not None
    assert (way.kind, way.rules.code_word) == (CALL, CODE_WORD)
    assert len(steps()) == 4
