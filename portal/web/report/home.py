"""The pages that anyone may read: home, how it works, what we keep, and how to check a receipt."""

from functools import cache
from importlib.resources import files

from flask import Response, render_template, request

from portal.ledger.policy import policy_of
from portal.web.access import find_open_visit, site
from portal.web.report.blueprint import blueprint


@blueprint.get("/")
def home() -> str:
    """What this is, and the two ways in: start, or come back."""
    return render_template("report/home.html", has_visit=find_open_visit() is not None)


@blueprint.get("/how-it-works")
def how_it_works() -> str:
    """What happens to what a person tells us, step by step."""
    return render_template("report/how_it_works.html")


@blueprint.get("/easy-read")
def easy_read() -> str:
    """The same in short sentences with pictures, for people who find reading hard."""
    return render_template("report/easy_read.html")


@blueprint.get("/privacy")
def privacy() -> str:
    """What is kept, who can read it, and what is not done with it."""
    return render_template("report/privacy.html")


@blueprint.get("/accessibility")
def accessibility() -> str:
    """How the pages can be used, and what was tried."""
    return render_template("report/accessibility.html")


@blueprint.get("/receipts")
def receipts() -> str:
    """How anyone can check a receipt without trusting us."""
    signer = site().signer
    return render_template(
        "report/receipts.html",
        log_name=signer.name,
        log_key=signer.vkey,
        witnesses=site().witnesses,
    )


@blueprint.get("/receipts/policy")
def policy() -> Response:
    """The policy file for a verifier: the logs' public keys, and the witnesses.

    `?witnesses=none` leaves the witnesses out, for a receipt that they have yet to sign.
    """
    with_witnesses = request.args.get("witnesses") != "none"
    text = policy_of(site().signer, site().witnesses if with_witnesses else None)
    return _download(text, "on-record-policy.txt", "text/plain; charset=utf-8")


@blueprint.get("/receipts/verify.py")
def verifier() -> Response:
    """The stand-alone program that checks a receipt, exactly as this service carries it."""
    return _download(_verifier_source(), "verify.py", "text/x-python; charset=utf-8")


@cache
def _verifier_source() -> bytes:
    return files("portal.ledger").joinpath("verify.py").read_bytes()


def _download(content: bytes, name: str, kind: str) -> Response:
    response = Response(content, content_type=kind)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
