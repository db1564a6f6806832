"""A question to the force: whether one of its records is that of a report passed to it."""

from uuid import UUID

from flask import redirect, render_template, url_for
from werkzeug.wrappers import Response

from portal.errors import Refused
from portal.matching.asking import answer_by_force
from portal.matching.questions import get_question_to
from portal.web.access import get_account, site
from portal.web.choices import OneOf, Option
from portal.web.fields import LongText
from portal.web.forms import PlainForm

_REFUSED = 400


class AskedForm(PlainForm):
    """Yes, no, or that it cannot be said; and what the force wants to add."""

    answer = OneOf(
        "Your answer",
        needed="Choose your answer",
        options=(
            Option("yes", "Yes, it is"),
            Option("no", "No, it is not"),
            Option("unknown", "We cannot say"),
        ),
    )
    words = LongText(
        "What do you want to add? (optional)",
        hint="Name nobody. The people who watch over your force can read it",
        limit=2000,
        rows=3,
    )


def asked(question_id: UUID) -> str | Response | tuple[str, int]:
    """The question and its answer, which is kept as the force's claim."""
    account, here, form = get_account(), site(), AskedForm()
    # The table of routes lets only liaisons in, and the database gives each of them a force.
    assert account.force_id is not None  # noqa: S101
    with here.database.reading() as reading:
        found = get_question_to(reading, question_id, force_id=account.force_id)
    page = {"account": account, "form": form, "asked": found}
    if not form.is_submitted():
        return render_template("force/asked.html", **page)
    if not form.validate():
        return render_template("force/asked.html", **page), _REFUSED
    try:
        with here.database.transaction() as writing:
            answer_by_force(
                writing,
                question_id,
                form["answer"].data,
                account=account,
                words=form["words"].data,
                keyring=here.keyring,
                now=here.now(),
            )
    except Refused as refused:
        form.refuse(refused.message)
        return render_template("force/asked.html", **page), _REFUSED
    return redirect(url_for("force.inbox", done="answered"), 303)
