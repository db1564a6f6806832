"""The headers of every response: nothing loads from elsewhere, nothing is stored or framed.

Sources of the values: the CSP level 3, Referrer Policy, Permissions Policy and Fetch standards.
"""

from __future__ import annotations

from collections.abc import Collection, MutableMapping

from flask import Flask, Response, request

CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self'",
        "font-src 'none'",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
        "manifest-src 'none'",
        "object-src 'none'",
    )
)

_DENIED_FEATURES = (
    "accelerometer",
    "autoplay",
    "browsing-topics",
    "camera",
    "clipboard-read",
    "compute-pressure",
    "display-capture",
    "encrypted-media",
    "fullscreen",
    "gamepad",
    "geolocation",
    "gyroscope",
    "hid",
    "identity-credentials-get",
    "idle-detection",
    "local-fonts",
    "magnetometer",
    "microphone",
    "midi",
    "otp-credentials",
    "payment",
    "picture-in-picture",
    "screen-wake-lock",
    "serial",
    "storage-access",
    "usb",
    "window-management",
    "xr-spatial-tracking",
)

# Passkeys of staff need these two; everything else is denied to our own pages as well.
_OWN_FEATURES = ("publickey-credentials-create", "publickey-credentials-get")

FILE_POLICY = "default-src 'none'; frame-ancestors 'none'; style-src 'unsafe-inline'; sandbox"
"""For what somebody sent us: shown by itself it runs nothing and belongs to no site.

Browsers style the frame in which they show a picture by itself; nothing else has a style there.
"""

PERMISSIONS_POLICY = ", ".join(
    [f"{name}=()" for name in _DENIED_FEATURES] + [f"{name}=(self)" for name in _OWN_FEATURES]
)

TWO_YEARS = 63_072_000  # seconds

_EVERYWHERE = {
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Resource-Policy": "same-origin",
}
_DYNAMIC = _EVERYWHERE | {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": PERMISSIONS_POLICY,
}
_CACHEABLE_STATUSES = frozenset({200, 206, 304})


def install(app: Flask, *, cacheable_endpoints: Collection[str] = ()) -> None:
    """Set the headers on every response, errors and redirects included.

    Everything is `no-store`, except a good answer of an endpoint named in `cacheable_endpoints`
    whose view set Cache-Control itself: public pieces of the ledger that never change.
    """
    allowed = frozenset(cacheable_endpoints)
    # Our pages send no Referer, and Flask-WTF would refuse every form on https for want of one.
    app.config["WTF_CSRF_SSL_STRICT"] = False

    def protect(response: Response) -> Response:
        _stay_here(response)
        # Views may tighten one of these and loosen none, so they are set and not merely filled in.
        headers = dynamic_headers(is_secure=request.is_secure)
        if response.headers.get("Content-Security-Policy") == FILE_POLICY:
            headers["Content-Security-Policy"] = FILE_POLICY
        cacheable = request.endpoint in allowed and response.status_code in _CACHEABLE_STATUSES
        if cacheable and "Cache-Control" in response.headers:
            del headers["Cache-Control"]
        response.headers.update(headers)
        return response

    # First in the list is last to run, so nothing that other modules add comes after it.
    app.after_request_funcs.setdefault(None, []).insert(0, protect)


def dynamic_headers(*, is_secure: bool) -> dict[str, str]:
    """The headers of every page; over https also that it is to be asked for so from now on."""
    headers = _DYNAMIC | {"Cache-Control": "no-store"}
    if is_secure:
        headers["Strict-Transport-Security"] = f"max-age={TWO_YEARS}"
    return headers


def _stay_here(response: Response) -> None:
    """Let a redirect of the router's own name no host: it makes it of whatever was asked for."""
    location = response.headers.get("Location", "")
    if location.startswith(request.host_url):
        response.headers["Location"] = "/" + location[len(request.host_url) :].lstrip("/")
        response.set_data(b"")


def add_static_headers(headers: MutableMapping[str, str], path: str, url: str) -> None:
    """Set the headers of a static file; for WhiteNoise's `add_headers_function`.

    A drawing opened as a page of its own must not run anything either.
    """
    for name, value in _EVERYWHERE.items():
        headers[name] = value
    headers["Content-Security-Policy"] = "default-src 'none'; frame-ancestors 'none'"
