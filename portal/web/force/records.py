"""The records that a force supplies: sending a file, and what became of each."""

from uuid import UUID

from flask import Response, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.datastructures import FileStorage
from werkzeug.wrappers import Response as AnyResponse

from portal.accounts.models import Account
from portal.errors import NotFound, Refused
from portal.ledger.receipt import to_bytes
from portal.police.answers import receipt_of
from portal.police.feed import COLUMNS, REQUIRED
from portal.police.mappings import all_mappings, find_mapping
from portal.police.models import Supply
from portal.police.queries import count_changes, get_supply, list_remarks, list_supplies
from portal.police.waiting import drop_waiting, get_waiting, keep_file, open_preview, take_waiting
from portal.reference.forces import get_force
from portal.web.access import get_account, site
from portal.web.force.forms import SupplyForm, TakeForm
from portal.web.force.upload import reopens

Page = str | AnyResponse | tuple[str, int]
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
        file_id = _keep(account, form) if form.validate() else None
        if file_id is not None:
            return redirect(url_for("force.waiting", file_id=file_id), 303)
    columns = {"columns": COLUMNS, "required": REQUIRED, "mapping": _mapping_of(account)}
    return render_template(page, account=account, form=form, **columns), status


def waiting(file_id: UUID) -> Page:
    """What is in a file that was sent, and whether to take it; then take it, or drop it."""
    account, here, form = get_account(), site(), TakeForm()
    with here.database.reading() as reading:
        found = get_waiting(reading, file_id, force_id=account.force_id)
    page, status = "force/waiting.html", 200
    if form.is_submitted():
        if request.form.get("do") == "drop":
            drop_waiting(here.database, file_id)
            return redirect(url_for("force.records", done="dropped"), 303)
        status = _REFUSED
        address = _take(account, file_id, form)
        if address is not None:
            return redirect(address, 303)
    return render_template(
        page,
        account=account,
        form=form,
        waiting=found,
        force=get_force(found.force_id),
        mapping=all_mappings().get(found.mapping or ""),
        preview=open_preview(found, keyring=here.keyring),
    ), status


def supply(supply_id: UUID) -> Page:
    """One supply: what it declared, what it changed, and every remark on its rows."""
    account = get_account()
    after = min(max(0, request.args.get("after", 0, type=int)), _LAST_ROW)
    with site().database.reading() as reading:
        found = _get_own(reading, supply_id, account)
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


def receipt(supply_id: UUID) -> Response:
    """The receipt of a supply, as a file that can be checked without this site."""
    account, here = get_account(), site()
    with here.database.reading() as reading:
        found = _get_own(reading, supply_id, account)
        made = receipt_of(reading, found, keyring=here.keyring, signer=here.signer)
    response = Response(to_bytes(made), mimetype="application/json")
    name = f"receipt-file-{found.number}.json"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _get_own(reading: Session, supply_id: UUID, account: Account) -> Supply:
    found = get_supply(reading, supply_id)
    if account.force_id not in (None, found.force_id):
        raise NotFound("There is no such file of records here.")
    return found


def _mapping_of(account: Account) -> str:
    """By which shape a liaison's files are read, in words; "" for the format itself."""
    if account.force_id is None:
        return ""
    with site().database.reading() as reading:
        mapping = find_mapping(reading, account.force_id)
    return mapping.title if mapping else ""


def _keep(account: Account, form: SupplyForm) -> UUID | None:
    here, file = site(), form["file"].data
    assert isinstance(file, FileStorage)  # noqa: S101 - the form has checked that there is one
    try:
        return keep_file(
            here.database,
            reopens(file.stream),
            force_id=account.force_id or str(form["force"].data),
            declaration=form.declaration(),
            account_id=account.id,
            keyring=here.keyring,
            now=here.now(),
        )
    except Refused as refused:
        form.refuse(refused.message, "file")
        return None


def _take(account: Account, file_id: UUID, form: TakeForm) -> str | None:
    """Take a waiting file; the address of what became of it, or None with a word in the form."""
    here = site()
    try:
        outcome = take_waiting(
            here.database,
            file_id,
            force_id=account.force_id,
            account_id=account.id,
            keyring=here.keyring,
            tokens=here.tokens,
            now=here.now(),
        )
    except Refused as refused:
        form.refuse(refused.message)
        return None
    done = "same" if outcome.already_taken else "taken"
    return url_for("force.supply", supply_id=outcome.supply_id, done=done)
