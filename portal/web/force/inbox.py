"""The inbox: what was passed to the force, opening it with a reason, answering it."""

from collections.abc import Sequence
from uuid import UUID

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from portal.accounts.models import Account
from portal.errors import Refused
from portal.evidence.listing import count_files
from portal.ledger.service import timeline
from portal.matching.questions import questions_to
from portal.reference.categories import find_category
from portal.reports import handovers
from portal.reports.closed import is_closed
from portal.reports.drafts import get_data_key, get_report, read_answers
from portal.reports.handovers import PER_PAGE, InboxLine, get_handover
from portal.reports.looks import look
from portal.web.access import get_account, site
from portal.web.force.forms import AnswerForm, OpenForm
from portal.web.report.since import since
from portal.web.report.summary import Line, Section, sections

Page = str | Response | tuple[str, int]
_REFUSED = 400
# A number that anybody can type, and that a database must be able to skip to.
_LAST_PAGE = 100_000
# Whether someone in the police may be involved could warn that very person; what the reporter
# first chose to do with it says nothing once it was passed on.
_NOT_FOR_THE_FORCE = frozenset({"/start/others", "/start/way", "/start/pass"})
_NOT_CORRECTED_FOR_THEM = frozenset({"insider"})
_IN_THEIR_VOICE = {
    "Who you are to them": "Who the reporter is to them",
    "In your own words": "In their own words",
    "In your own words, added later": "In their own words, added later",
    "How to reach you": "How to reach them",
    "Where to reach you": "Where to reach them",
}


def inbox() -> Page:
    """What was passed to the force, the newest first: when, and the kinds of allegation."""
    account = get_account()
    page = min(max(1, request.args.get("page", 1, type=int)), _LAST_PAGE)
    with site().database.reading() as reading:
        lines = handovers.inbox(
            reading, _force_of(account), skip=(page - 1) * PER_PAGE, limit=PER_PAGE + 1
        )
        asked = questions_to(reading, _force_of(account)) if page == 1 else []
    return render_template(
        "force/inbox.html",
        account=account,
        asked=asked,
        rows=[(line, _about(line)) for line in lines[:PER_PAGE]],
        newer=page - 1 if page > 1 else None,
        older=page + 1 if len(lines) > PER_PAGE else None,
    )


def handover(handover_id: UUID) -> Page:
    """Ask why it is opened; then write the look down, and only then show what was passed on."""
    account, here, form = get_account(), site(), OpenForm()
    with here.database.reading() as reading:
        passed = get_handover(reading, handover_id, force_id=_force_of(account))
        report = get_report(reading, passed.report_id)
    page = {
        "account": account,
        "handover": passed,
        "withdrawn": is_closed(report),
        "erasing": report.erase_asked_at is not None,
        "erased": report.erased_at is not None,
    }
    if not form.is_submitted():
        return render_template("force/open.html", form=form, **page)
    if not form.validate():
        return render_template("force/open.html", form=form, **page), _REFUSED
    with here.database.transaction() as writing:
        made = look(
            writing,
            passed.report_id,
            account=account,
            reason=form["reason"].data,
            keyring=here.keyring,
            now=here.now(),
        )
    with here.database.reading() as reading:
        answers = read_answers(reading, passed.report_id, keyring=here.keyring)
        claims = handovers.claims_on(reading, passed.report_id, keyring=here.keyring)
        count = count_files(reading, passed.report_id)
        data_key = get_data_key(reading, passed.report_id, keyring=here.keyring)
        entries = timeline(reading, passed.report_id, data_key.open)
    return render_template(
        "force/opened.html",
        sections=_for_force(
            [
                *since(entries, now=here.now(), hidden=_NOT_CORRECTED_FOR_THEM),
                *sections(answers, now=passed.delivered_at),
            ]
        ),
        claims=claims,
        look_id=made.id,
        files=count,
        form=AnswerForm(formdata=None),
        **page,
    )


def answer(handover_id: UUID) -> Page:
    """Keep what the force answers, as its claim."""
    account, here, form = get_account(), site(), AnswerForm()
    with here.database.reading() as reading:
        passed = get_handover(reading, handover_id, force_id=_force_of(account))
    page = {"account": account, "handover": passed, "form": form}
    if not form.is_submitted():
        return render_template("force/answer.html", **page)
    if not form.validate():
        return render_template("force/answer.html", **page), _REFUSED
    try:
        with here.database.transaction() as writing:
            handovers.answer(
                writing,
                handover_id,
                account=account,
                crime_reference=form["crime_reference"].data,
                words=form["words"].data,
                keyring=here.keyring,
                now=here.now(),
            )
    except Refused as refused:
        form.refuse(refused.message)
        return render_template("force/answer.html", **page), _REFUSED
    return redirect(url_for("force.inbox", done="answered"), 303)


def _force_of(account: Account) -> str:
    # The table of routes lets only liaisons in, and the database gives each of them a force.
    assert account.force_id is not None  # noqa: S101
    return account.force_id


def _about(line: InboxLine) -> list[str]:
    found = (find_category(slug) for slug in line.categories)
    return [category.name if category else "Something else" for category in found]


def _for_force(every: Sequence[Section]) -> list[Section]:
    """What the reporter agreed to pass on, in words for the force."""
    return [
        Section(
            _IN_THEIR_VOICE.get(each.title, each.title).replace("What you ", "What they "),
            [
                Line(_IN_THEIR_VOICE.get(line.key, line.key), line.value)
                for line in each.lines
                if line.href not in _NOT_FOR_THE_FORCE
            ],
        )
        for each in every
    ]
