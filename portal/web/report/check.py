"""Checking a receipt in the browser: on a page of this site, and in one file that can be saved.

What checks is the same script in both. The file holds it, and a content policy that lets nothing
else run and nothing be fetched, so that it works from disk for somebody who trusts nobody here.
"""

import base64
import hashlib
from functools import cache
from pathlib import Path

from flask import Response, current_app, render_template
from markupsafe import Markup

from portal.languages.translating import ENGLISH, speaking
from portal.web.report.blueprint import blueprint

SCRIPTS = (
    *("bytes", "files", "json", "curve", "proof", "policy"),
    *("signatures", "address", "words", "judge"),
)
"""The scripts that check, in the order in which they run; static/js/check/ holds them."""

_PAGE = "page"


@blueprint.get("/receipts/check")
def check_receipt() -> str:
    """The page that checks a receipt in the reader's own browser."""
    return render_template("report/check_receipt.html")


@blueprint.get("/receipts/check.html")
def check_file() -> Response:
    """The same page as one file to keep."""
    # No browser shows bytes of this kind, so the file never runs under this site's own address.
    response = Response(_file(Path(current_app.root_path, "static")).encode())
    response.content_type = "application/octet-stream"
    response.headers["Content-Disposition"] = 'attachment; filename="check.html"'
    return response


@cache
def _file(static: Path) -> str:
    script = "".join(
        (static / "js" / "check" / f"{name}.js").read_text(encoding="utf-8")
        for name in (*SCRIPTS, _PAGE)
    )
    style = (static / "css" / "check.css").read_text(encoding="utf-8")
    policy = "; ".join(
        (
            "default-src 'none'",
            f"script-src '{_hash(script)}'",
            f"style-src '{_hash(style)}'",
            "form-action 'none'",
            "base-uri 'none'",
        )
    )
    # The file is English for everybody, as what it says of a receipt is, word for word.
    with speaking(ENGLISH):
        return render_template(
            "report/check_file.html",
            policy=Markup(policy),  # noqa: S704 - made of the two hashes alone
            script=_element("script", script),
            style=_element("style", style),
        )


def _element(kind: str, content: str) -> Markup:
    return Markup(f"<{kind}>{content}</{kind}>")  # noqa: S704 - this project's own files


def _hash(content: str) -> str:
    """How a content policy names one script or style: CSP level 3, section 2.3.1."""
    digest = hashlib.sha256(content.encode()).digest()
    return f"sha256-{base64.b64encode(digest).decode()}"
