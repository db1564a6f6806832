"""One thread of messages as those who help a person have it: shown, and answered."""

from collections.abc import Sequence
from typing import Literal
from uuid import UUID

from flask import render_template, request

from portal.errors import Refused
from portal.reference.categories import find_category
from portal.reports.correspondence import LONGEST, were_read
from portal.reports.staff_messages import find_thread, put_aside, write_as_staff
from portal.reports.still_safe import way_failed_at
from portal.web.access import get_account, site
from portal.web.fields import LongText
from portal.web.forms import PlainForm
from portal.web.report.way_words import address_in_full, say_hours


class AnswerForm(PlainForm):
    """One message to the person."""

    words = LongText(
        "Your message to them",
        needed="Write your message first",
        hint="Somebody else may see their screen: write nothing that could put them in danger",
        limit=LONGEST,
        rows=6,
    )


def about_words(categories: Sequence[str]) -> str:
    """What happened, as the lists of those who help call it."""
    found = (find_category(each) for each in categories)
    return ", ".join(each.name if each else "Something else" for each in found)


def show_thread(
    template: str, report_id: UUID, look_id: UUID, form: AnswerForm, **more: object
) -> str:
    """The thread for a look that was just written; after 15 minutes it has to be opened anew.

    `more` is what this template needs beside the thread.
    """
    here, account, now = site(), get_account(), site().now()
    with here.database.reading() as reading:
        found = find_thread(
            reading, report_id, look_id, account=account, keyring=here.keyring, now=now
        )
        unreached_at = way_failed_at(reading, report_id) if found else None
    if found is not None and any(each.is_new for each in found.messages):
        with here.database.transaction() as writing:
            were_read(writing, found.messages, now=now)
    return render_template(
        template,
        account=account,
        form=form,
        thread=found,
        report_id=report_id,
        look_id=look_id,
        way_address=address_in_full,
        say_hours=say_hours,
        now=now,
        unreached_at=unreached_at,
        **more,
    )


def take_answer(report_id: UUID, form: AnswerForm) -> Literal["sent", "aside"] | None:
    """Send the answer, or note that none is needed; None for what was refused, which is said."""
    here, account = site(), get_account()
    if request.form.get("then") == "none":
        with here.database.transaction() as writing:
            put_aside(writing, report_id, account=account, keyring=here.keyring, now=here.now())
        return "aside"
    if not form.validate():
        return None
    try:
        with here.database.transaction() as writing:
            write_as_staff(
                writing,
                report_id,
                str(form["words"].data),
                account=account,
                keyring=here.keyring,
                now=here.now(),
            )
    except Refused as refused:
        form.refuse(refused.message)
        return None
    return "sent"
