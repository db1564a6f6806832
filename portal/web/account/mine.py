"""One's own account: who I am, another password, the other browsers."""

from flask import redirect, render_template, session, url_for

from portal.accounts.service import display_name, email_of
from portal.accounts.sign_ins import end_all_sign_ins, is_of, list_sign_ins
from portal.reference.forces import find_force
from portal.web.access import get_account, site
from portal.web.account.entry import REFUSED, Page, replace_password
from portal.web.account.forms import ChangePasswordForm
from portal.web.account.words import get_role


def me() -> Page:
    """Who is signed in, and in which browsers."""
    here, account = site(), get_account()
    with here.database.reading() as reading:
        sign_ins = list_sign_ins(reading, account.id, now=here.now())
    token = session["sign_in"]
    force = find_force(account.force_id) if account.force_id else None
    return render_template(
        "account/me.html",
        account=account,
        name=display_name(account, here.keyring),
        email=email_of(account, here.keyring),
        role=get_role(account.role),
        force=force.full_name if force else "",
        sign_ins=[(each, is_of(each, token)) for each in sign_ins],
    )


def change_password() -> Page:
    """Ask for the password and another one; every other browser is signed out."""
    here, account = site(), get_account()
    form, page = ChangePasswordForm(), "account/change_password.html"
    email = email_of(account, here.keyring)
    if not form.is_submitted():
        return render_template(page, form=form, account=account, email=email)
    refusal = replace_password(form, email) if form.validate() else (REFUSED,)
    if refusal:
        return (render_template(page, form=form, account=account, email=email), *refusal)
    return redirect(url_for("account.me", done="password"), 303)


def end_others() -> Page:
    """Sign every other browser out."""
    here, account = site(), get_account()
    with here.database.transaction() as writing:
        end_all_sign_ins(writing, account.id, now=here.now(), but=session["sign_in"])
    return redirect(url_for("account.me", done="others"), 303)
