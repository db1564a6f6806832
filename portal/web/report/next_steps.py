"""What to do when police do not record a crime: for anybody, and with one's own dates."""

from collections.abc import Sequence

from flask import redirect, render_template
from werkzeug.wrappers import Response

from portal.alerts.service import deadline_for
from portal.clock import to_london
from portal.languages.translating import _
from portal.ledger.service import OpenedEntry, timeline
from portal.matching.queries import Accepted, accepted_for
from portal.matching.statements import StatementSeen, statements_of
from portal.reference.categories import find_category
from portal.reference.forces import find_force
from portal.reference.offences import find_offence
from portal.reports.date_words import say_moment, say_until
from portal.reports.drafts import get_data_key
from portal.reports.models import Allegation
from portal.reports.service import allegations_of
from portal.web.access import site
from portal.web.filters import london
from portal.web.report.blueprint import blueprint
from portal.web.report.forms_event import force_name
from portal.web.report.letter import Facts, write_letter
from portal.web.report.opened import Opened, read_opened
from portal.web.report.saying import standing_of
from portal.web.report.summary import when_words

_RAISED = "alert_raised"
_PASSED_ON = frozenset({"not_mine", "not_what_i_said", "refused"})


@blueprint.get("/next-steps")
def next_steps() -> str:
    """For anybody: whom to ask, in which order, and what is not for this."""
    return render_template("report/next_steps.html", letters=[], forces=[], own=False)


@blueprint.get("/back/next")
def own_next_steps() -> Response | str:
    """The same with the names of the forces, and a text with the person's own dates."""
    opened = read_opened()
    if opened.is_draft:
        return redirect("/next-steps", 303)
    keyring = site().keyring
    with site().database.reading() as session:
        data_key = get_data_key(session, opened.report.id, keyring=keyring)
        entries = timeline(session, opened.report.id, data_key.open)
        said = statements_of(session, opened.report.id, keyring=keyring)
        found = allegations_of(session, opened.report.id)
        told = [one for one in found if one.clock_starts_at is not None]
        recorded = {one.id: accepted_for(session, one.id) for one in told}
    letters = [
        (one, _facts(one, opened, entries, said, _disputed(recorded[one.id], said, one.ordinal)))
        for one in told
        if not recorded[one.id] or _disputed(recorded[one.id], said, one.ordinal)
    ]
    forces = [find_force(one.force_id or "") for one in told]
    return render_template(
        "report/next_steps.html",
        letters=[(one.ordinal, write_letter(facts)) for one, facts in letters],
        forces=sorted({one.full_name for one in forces if one}),
        passed_on=passed_on(found, said, entries),
        own=True,
    )


def passed_on(
    allegations: Sequence[Allegation], said: Sequence[StatementSeen], entries: Sequence[OpenedEntry]
) -> list[str]:
    """Of each thing that the person said about the police: when, and whom we told of it, when."""
    told = {str(one.fields.get("alert.cause")): one.at for one in entries if one.kind == _RAISED}
    names = {one.ordinal: force_name(one.force_id or "") for one in allegations}
    lines = []
    for _number, one, words in standing_of(said):
        line = _("%(at)s: you said “%(said)s”", at=london(one.at), said=words)
        raised = told.get(f"statement:{one.id}")
        force = names.get(one.ordinal) or _("the police force")
        if raised is not None:
            line += " " + _(
                "We told the office that watches over %(force)s on %(at)s.",
                force=force,
                at=london(raised),
            )
        elif one.kind in _PASSED_ON:
            line += " " + _(
                "We tell the office that watches over %(force)s. That can take some minutes.",
                force=force,
            )
        lines.append(line)
    return lines


def _facts(
    allegation: Allegation,
    opened: Opened,
    entries: list[OpenedEntry],
    said: list[StatementSeen],
    recorded: str,
) -> Facts:
    parts = opened.answers.get("allegations") or []
    number = allegation.ordinal
    answers = parts[number - 1] if 0 < number <= len(parts) else {}
    how = opened.answers.get("told_how") or {}
    category = find_category(allegation.category_now)
    force = find_force(allegation.force_id or "")
    deadline = deadline_for(allegation)
    refused = [one for one in said if _is_refusal(one, number)]
    return Facts(
        force=force.full_name if force else "",
        what=_(category.name) if category else "",
        when=when_words(answers.get("when"), now=opened.report.filed_at or site().now()),
        told=_told(allegation),
        incident_number=str(how.get("incident_number") or ""),
        crime_reference=str(how.get("crime_reference") or ""),
        limit=say_until(deadline.limit_at) if deadline and _is_known(allegation) else "",
        refused={"said": "yes", **refused[-1].details} if refused else {},
        recorded=recorded,
        entries=[(one.index, to_london(one.at).date()) for one in entries[:1]],
    )


def _is_refusal(one: StatementSeen, ordinal: int) -> bool:
    return (one.kind, one.ordinal, one.taken_back_at) == ("refused", ordinal, None)


def _disputed(accepted: list[Accepted], said: list[StatementSeen], ordinal: int) -> str:
    """Reference and offence of a record of which the person says that it says something else."""
    wrong = {
        one.reference
        for one in said
        if (one.kind, one.ordinal, one.taken_back_at) == ("not_what_i_said", ordinal, None)
    }
    for one in accepted:
        if one.record.reference in wrong:
            offence = find_offence(one.version.offence_code)
            title = _(offence.title) if offence else one.version.offence_code
            return f"{one.record.reference}, “{title}”"
    return ""


def _is_known(allegation: Allegation) -> bool:
    return allegation.clock_event != "filed"


def _told(allegation: Allegation) -> str:
    """When police were told, as the clock counts it; "" when that is not known."""
    if allegation.clock_starts_at is None or not _is_known(allegation):
        return ""
    return say_moment(allegation.clock_starts_at)
