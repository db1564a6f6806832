"""What stands on the page of one case, and where it is found."""

from uuid import UUID

from flask import render_template, request
from sqlalchemy.orm import Session

from portal.accounts.models import Account
from portal.errors import NotFound, Refused
from portal.matching.asking import can_ask_force, kind_for
from portal.matching.beside import put_beside
from portal.matching.cases import Case, find_case
from portal.matching.questions import questions_about, words_for
from portal.matching.reopening import can_look_again
from portal.matching.reviewing import readings_seen
from portal.oversight.details import read_match
from portal.reports.drafts import get_report
from portal.web.access import DECIDERS, site
from portal.web.oversight import words
from portal.web.oversight.case_forms import NameForm, ReadForm
from portal.web.oversight.naming import find_signed, sign_named, sign_shown


def find_shown(account: Account, allegation_id: UUID, look_id: UUID | None = None) -> Case:
    """The case of a page, with the record beside it that its address names, if there are too many
    to compare; with `look_id` only if it was named for that look. Raises NotFound.
    """
    with site().database.reading() as reading:
        found = get_case(reading, account, allegation_id)
        named = find_signed(allegation_id, look_id)
        if named is None:
            return found
        try:
            return put_beside(reading, found, named, now=site().now())
        except Refused:
            # Decided on meanwhile: the page says what was.
            return found


def get_case(session: Session, account: Account, allegation_id: UUID) -> Case:
    """One case. Raises NotFound for one that this person may not see."""
    found = find_case(session, account, allegation_id)
    if found is None:
        raise NotFound("There is no such case, or it is not one of yours to see.")
    return found


def show(
    account: Account,
    found: Case,
    form: ReadForm,
    naming: NameForm | None = None,
    *,
    done: str = "",
) -> str:
    """The page. `done` is what was just done, where nothing led on from it."""
    here = site()
    with here.database.reading() as reading:
        page = {
            **_sides(reading, found),
            **_asking(reading, found),
            "readings": readings_seen(reading, found, account, keyring=here.keyring),
            "report": get_report(reading, found.allegation.report_id),
        }
    return render_template(
        "oversight/case.html",
        account=account,
        words=words,
        before=request.args.get("of", type=UUID),
        case=found,
        form=form,
        naming=naming or NameForm(formdata=None),
        done=done,
        named=sign_shown(found),
        waited=here.now() - (found.allegation.clock_starts_at or here.now()),
        is_decider=account.role in DECIDERS,
        is_mine=found.may_read(account),
        has_read=found.has_read(account),
        **page,
    )


def _sides(reading: Session, found: Case) -> dict[str, object]:
    """Each record beside the report, by what was made of it."""
    keyring = site().keyring
    groups = {
        "candidates": found.proposed,
        "accepted": found.accepted,
        "refused": found.refused,
        "gone": found.gone,
    }
    shown = {
        name: [read_match(reading, one, keyring=keyring) for one in group]
        for name, group in groups.items()
    }
    return {
        **shown,
        "standing": [one for one in shown["accepted"] if not one.is_gone],
        "none_stands": all(one.version.is_gone for one in found.proposed),
        "again": {one.record.id for one in can_look_again(reading, found)},
    }


def _asking(reading: Session, found: Case) -> dict[str, object]:
    """What was asked about each candidate, and what can be."""
    asked = questions_about(reading, found.allegation, keyring=site().keyring)
    report_id = found.allegation.report_id
    return {
        "asked": {(one.record_id, one.asks): one for one in asked},
        "to_ask": [
            {
                "victim": words_for(kind_for(reading, one, "victim"), one.record.reference),
                "force": words_for("record", one.record.reference)
                if can_ask_force(reading, report_id, one.record.force_id)
                else "",
            }
            for one in found.proposed
        ],
        "signed": {one.record_id: sign_named(one.record_id, found.allegation.id) for one in asked},
    }
