"""The accounts, for administrators: add, close, sign out, give a password to use once."""

from uuid import UUID

from flask import redirect, render_template, request, url_for

from portal.accounts.models import Account
from portal.accounts.passwords import new_password
from portal.accounts.service import (
    add_account,
    close_account,
    display_name,
    email_of,
    get_account_by_id,
    give_password,
    list_accounts,
)
from portal.accounts.sign_ins import end_all_sign_ins, list_sign_ins
from portal.errors import Refused
from portal.reference.forces import find_force
from portal.web.access import get_account, site
from portal.web.account.entry import REFUSED, Page
from portal.web.account.forms import PersonForm
from portal.web.account.words import get_role


def people() -> Page:
    """Every account."""
    with site().database.reading() as reading:
        accounts = list_accounts(reading)
    return render_template(
        "account/people.html",
        account=get_account(),
        people=[_in_words(each) for each in accounts],
    )


def add_person() -> Page:
    """Ask about a new account, make it, and show its password once."""
    form, here = PersonForm(), site()
    if not form.is_submitted():
        return _ask(form)
    if not form.validate():
        return _ask(form), REFUSED
    password = new_password()
    answers = form.answers()
    try:
        with here.database.transaction() as writing:
            made = add_account(
                writing,
                email=answers["email"],
                name=answers["name"],
                organisation=answers["organisation"],
                role=answers["role"],
                force_id=answers["force"] or None,
                password=password,
                keyring=here.keyring,
                tokens=here.tokens,
                hasher=here.hasher,
                now=here.now(),
                chosen_by_owner=False,
            )
    except Refused as refused:
        form.refuse(refused.message)
        return _ask(form), REFUSED
    return _show_password(made, password, is_new=True)


def person(account_id: UUID) -> Page:
    """One account."""
    here = site()
    with here.database.reading() as reading:
        found = get_account_by_id(reading, account_id)
        sign_ins = list_sign_ins(reading, account_id, now=here.now())
    return render_template(
        "account/person.html",
        account=get_account(),
        person=_in_words(found),
        is_me=found.id == get_account().id,
        sign_ins=sign_ins,
    )


def close_person(account_id: UUID) -> Page:
    """Ask whether to close an account for good, and do so."""
    here = site()
    if request.method == "POST":
        with here.database.transaction() as writing:
            close_account(writing, account_id, now=here.now())
        return redirect(url_for("account.person", account_id=account_id, done="closed"), 303)
    with here.database.reading() as reading:
        found = get_account_by_id(reading, account_id)
    return render_template(
        "account/close_person.html", account=get_account(), person=_in_words(found)
    )


def end_person(account_id: UUID) -> Page:
    """Sign an account out everywhere."""
    here = site()
    with here.database.transaction() as writing:
        get_account_by_id(writing, account_id)
        end_all_sign_ins(writing, account_id, now=here.now())
    return redirect(url_for("account.person", account_id=account_id, done="ended"), 303)


def give(account_id: UUID) -> Page:
    """Replace a forgotten password by one to use once, and show it once."""
    here, password = site(), new_password()
    hashed = here.hasher.hash(password)
    with here.database.transaction() as writing:
        changed = give_password(writing, account_id, password_hash=hashed, now=here.now())
    return _show_password(changed, password, is_new=False)


def _ask(form: PersonForm) -> str:
    return render_template("account/add_person.html", form=form, account=get_account())


def _show_password(of: Account, password: str, *, is_new: bool) -> str:
    return render_template(
        "account/given.html",
        account=get_account(),
        person=_in_words(of),
        password=password,
        is_new=is_new,
    )


def _in_words(of: Account) -> dict[str, object]:
    keyring = site().keyring
    force = find_force(of.force_id) if of.force_id else None
    return {
        "id": of.id,
        "name": display_name(of, keyring),
        "email": email_of(of, keyring),
        "organisation": of.organisation,
        "role": get_role(of.role).name,
        "force": force.short_name if force else "",
        "created_at": of.created_at,
        "closed_at": of.closed_at,
        "has_chosen": of.password_chosen_at is not None,
    }
