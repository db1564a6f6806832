"""Signing in and out, and choosing a password of one's own."""

import math
from datetime import timedelta

from flask import after_this_request, redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response

from portal.accounts import entry
from portal.accounts.known_browsers import make_mark
from portal.accounts.sign_ins import end_sign_in
from portal.errors import Refused, TooManyTries
from portal.reports.visits import end_visit
from portal.web.access import find_account, site
from portal.web.account.forms import ChoosePasswordForm, SignInForm
from portal.web.account.words import get_role
from portal.web.addresses import find_own_page
from portal.web.forms import PlainForm

REFUSED = 400
_MARK_LASTS = timedelta(days=180)
Page = str | Response | tuple[str, int] | tuple[str, int, dict[str, str]]


def sign_in() -> Page:
    """Ask for e-mail address and password; a wrong one gets one answer, whatever was wrong."""
    form = SignInForm()
    if not form.is_submitted():
        account = find_account()
        return redirect(get_role(account.role).start) if account else _ask(form)
    if not form.validate():
        return _ask(form), REFUSED
    here = site()
    try:
        token = entry.sign_in(
            here.database,
            email=form["email"].data,
            password=form["password"].data,
            tokens=here.tokens,
            hasher=here.hasher,
            now=here.now(),
            mark=request.cookies.get(_mark_name(), ""),
        )
    except entry.MustChoosePassword:
        return render_template("account/choose_password.html", form=_choice(form["email"].data))
    except entry.WrongSignIn as wrong:
        form.refuse(wrong.message, "password")
        return _ask(form), REFUSED
    except TooManyTries as waiting:
        form.refuse(wait_words(waiting))
        return _ask(form), 429, {"Retry-After": str(waiting.retry_after)}
    begin(token, form["email"].data)
    return redirect(_next_page(), 303)


def choose_password() -> Page:
    """Replace the password that an administrator gave, and sign in."""
    form = ChoosePasswordForm()
    page = "account/choose_password.html"
    if not form.is_submitted():
        return render_template(page, form=form)
    if not form.validate():
        return render_template(page, form=form), REFUSED
    refusal = replace_password(form, form["email"].data)
    if refusal:
        return (render_template(page, form=form), *refusal)
    return redirect(_next_page(), 303)


def replace_password(form: PlainForm, email: str) -> tuple[int] | tuple[int, dict[str, str]] | None:
    """Replace a password and sign this browser in afresh; otherwise say why in the form.

    None when it was done, else the status and headers of the page that shows the form again.
    """
    here = site()
    try:
        token = entry.choose_password(
            here.database,
            email=email,
            password=form["password"].data,
            new_password=form["new_password"].data,
            keyring=here.keyring,
            tokens=here.tokens,
            hasher=here.hasher,
            now=here.now(),
            mark=request.cookies.get(_mark_name(), ""),
        )
    except entry.WrongSignIn as wrong:
        form.refuse(wrong.message, "password")
        return (REFUSED,)
    except Refused as refused:
        form.refuse(refused.message, "new_password")
        return (REFUSED,)
    except TooManyTries as waiting:
        form.refuse(wait_words(waiting))
        return 429, {"Retry-After": str(waiting.retry_after)}
    begin(token, email)
    return None


def sign_out() -> Page:
    """End this browser's sign-in and any visit in it, and forget both."""
    here = site()
    with here.database.transaction() as writing:
        if token := session.get("sign_in"):
            end_sign_in(writing, token, now=here.now())
        if token := session.get("visit"):
            end_visit(writing, token, now=here.now())
    session.clear()
    return redirect(url_for("account.sign_in", out=1), 303)


def begin(token: str, email: str) -> None:
    """Make this browser the holder of a new sign-in, and end all that it held open before.

    From now on it is known for this address, so that strangers' tries never hold it up.
    """
    sign_in_before, visit_before = session.get("sign_in"), session.get("visit")
    session.clear()
    session["sign_in"] = token
    if sign_in_before or visit_before:
        with site().database.transaction() as writing:
            end_sign_in(writing, sign_in_before or "", now=site().now())
            end_visit(writing, visit_before or "", now=site().now())
    after_this_request(lambda response: _remember(response, email))


def _remember(response: Response, email: str) -> Response:
    here = site()
    response.set_cookie(
        _mark_name(),
        make_mark(email, tokens=here.tokens),
        max_age=_MARK_LASTS,
        path="/account",
        secure=here.settings.secure_cookies,
        httponly=True,
        samesite="Lax",
    )
    return response


def _mark_name() -> str:
    return "__Secure-known" if site().settings.secure_cookies else "known"


def wait_words(waiting: TooManyTries) -> str:
    """How long to wait after too many tries, in words."""
    minutes = math.ceil(waiting.retry_after / 60)
    return (
        "There were too many tries. Nothing is locked for good. Wait "
        f"{minutes} minute{'' if minutes == 1 else 's'}, then try again."
    )


def _ask(form: SignInForm) -> str:
    return render_template("account/sign_in.html", form=form, is_out="out" in request.args)


def _choice(email: str) -> ChoosePasswordForm:
    # Nothing of the posted sign-in but the address may fill this form.
    return ChoosePasswordForm(formdata=None, data={"email": email})


def _next_page() -> str:
    asked = find_own_page(request.args.get("next", ""))
    account = find_account()
    return asked or (get_role(account.role).start if account else url_for("account.me"))
