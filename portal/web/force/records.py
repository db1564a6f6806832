"""The records that a force supplies: sending a file, and what became of each."""

from uuid import UUID

from flask import redirect, render_template, request, url_for
from werkzeug.datastructures import FileStorage
from werkzeug.wrappers import Response

from portal.accounts.models import Account
from portal.errors import NotFound, Refused
from portal.police.feed import COLUMNS, REQUIRED
from portal.police.queries import count_changes, get_supply, list_remarks, list_supplies
from portal.police.service import SupplyOutcome, take_supply
from portal.reference.forces import get_force
from portal.web.access import get_account, site
from portal.web.force.forms import SupplyForm
from portal.web.force.upload import reopens

Page = str | Response | tuple[str, int]
_REFUSED = 400
_AT_ONCE = 50
_LAST_ROW = 2**31 - 1  # what a database takes as the number of a row


def records() -> Page:
    """The supplies taken of the liaison's force; for an administrator those of every force."""
    account = get_account()
    with site().database.reading() as reading:
        supplies = list_supplies(reading, account.force_id)
    rows = [(supply, get_force(supply.force_id)) for supply in supplies]
    return render_template("force/records.html", account=account, rows=rows)


def add_records() -> Page:
    """Ask for a file and what it is declared to hold, and take it whole or not at all."""
    account = get_account()
    form = SupplyForm.for_force(account.force_id)
    page, status = "force/add_records.html", 200
    if form.is_submitted():
        status = _REFUSED
        outcome = _take(account, form) if form.validate() else None
        if outcome is not None:
            done = "same" if outcome.already_taken else "taken"
            address = url_for("force.supply", supply_id=outcome.supply_id, done=done)
            return redirect(address, 303)
    columns = {"columns": COLUMNS, "required": REQUIRED}
    return render_template(page, account=account, form=form, **columns), status


def supply(supply_id: UUID) -> Page:
    """One supply: what it declared, what it changed, and every remark on its rows."""
    account = get_account()
    after = min(max(0, request.args.get("after", 0, type=int)), _LAST_ROW)
    with site().database.reading() as reading:
        found = get_supply(reading, supply_id)
        if account.force_id not in (None, found.force_id):
            raise NotFound("There is no such file of records here.")
        refused = request.args.get("show", "refused" if found.refused_rows else "") == "refused"
        remarks = list_remarks(reading, supply_id, after=after, limit=_AT_ONCE + 1, refused=refused)
        changes = count_changes(reading, supply_id)
    return render_template(
        "force/supply.html",
        account=account,
        supply=found,
        force=get_force(found.force_id),
        changes=changes,
        refused=refused,
        after=after,
        remarks=remarks[:_AT_ONCE],
        more=len(remarks) > _AT_ONCE,
    )


def _take(account: Account, form: SupplyForm) -> SupplyOutcome | None:
    here, file = site(), form["file"].data
    assert isinstance(file, FileStorage)  # noqa: S101 - the form has checked that there is one
    try:
        return take_supply(
            here.database,
            reopens(file.stream),
            force_id=account.force_id or str(form["force"].data),
            declaration=form.declaration(),
            loaded_by=account.id,
            keyring=here.keyring,
            tokens=here.tokens,
            now=here.now(),
            progress=lambda rows: None,
        )
    except Refused as refused:
        form.refuse(refused.message, "file")
        return None
