"""What each force has agreed, for administrators."""

from flask import redirect, render_template, url_for

from portal.errors import Refused
from portal.police.mappings import choose_mapping, find_chosen
from portal.reference.forces import all_forces, get_force
from portal.reference.terms import all_terms, find_terms, set_terms
from portal.web.access import get_account, site
from portal.web.account.entry import REFUSED, Page
from portal.web.account.forms import TermsForm


def forces() -> Page:
    """Every force with its terms, those that have any first."""
    with site().database.reading() as reading:
        terms = all_terms(reading)
    rows = sorted(
        ((force, terms.get(force.id)) for force in all_forces()),
        key=lambda row: (row[1] is None, row[0].short_name),
    )
    return render_template("account/forces.html", account=get_account(), rows=rows)


def force_terms(force_id: str) -> Page:
    """Ask what a force has agreed, and write it down."""
    here, force = site(), get_force(force_id)
    with here.database.reading() as reading:
        chosen = find_chosen(reading, force_id)
        form = TermsForm.of(find_terms(reading, force_id), chosen)
    page, status = "account/force_terms.html", 200
    if form.is_submitted():
        status = REFUSED
        if form.validate() and _save(force_id, form):
            return redirect(url_for("account.forces", done="terms"), 303)
    return render_template(page, form=form, force=force, account=get_account()), status


def _save(force_id: str, form: TermsForm) -> bool:
    here = site()
    try:
        with here.database.transaction() as writing:
            set_terms(writing, force_id, **form.terms(), now=here.now())
            if form["mapping"].data:
                choose_mapping(writing, force_id, form.chosen, now=here.now())
    except Refused as refused:
        form.refuse(refused.message, "since")
        return False
    return True
