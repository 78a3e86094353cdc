"""The headers of every response, and the limits of every request."""

from __future__ import annotations

from http.client import BAD_REQUEST

from flask import Flask, Response, request
from werkzeug.middleware.proxy_fix import ProxyFix

from library.settings import Settings

HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
        "connect-src 'self'; worker-src 'self'; frame-src 'self'; form-action 'self'; frame-ancestors 'none'; "
        "base-uri 'none'; object-src 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
OVER_TLS = "max-age=31536000; includeSubDomains"
LARGEST_REQUEST = 1024 * 1024
MOST_FORM_PARTS = 200


def install(app: Flask, settings: Settings) -> None:
    """Set limits and headers; with a proxy of ours in front, its word on address and scheme is believed."""
    app.config.update(
        MAX_CONTENT_LENGTH=LARGEST_REQUEST,
        MAX_FORM_MEMORY_SIZE=LARGEST_REQUEST,
        MAX_FORM_PARTS=MOST_FORM_PARTS,
        TRUSTED_HOSTS=list(settings.trusted_hosts) or None,
    )
    if settings.behind_proxy:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=1, x_proto=1)  # type: ignore[method-assign]
    app.after_request(_protect)


def _protect(response: Response) -> Response:
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    if request.is_secure:
        response.headers["Strict-Transport-Security"] = OVER_TLS
    response.headers["Server"] = "library"
    if request.endpoint == "static" and response.status_code < BAD_REQUEST:
        lasting = "public, max-age=31536000, immutable" if "v" in request.args else "public, max-age=3600"
        response.headers["Cache-Control"] = lasting
    elif "Cache-Control" not in response.headers:
        response.headers["Cache-Control"] = "public, max-age=60" if _for_everybody(response) else "no-store"
    if response.mimetype == "text/html":
        response.vary.update(("Accept-Language", "Cookie"))
    return response


def _for_everybody(response: Response) -> bool:
    """What sets a cookie is for one reader alone."""
    read = request.method in ("GET", "HEAD")
    return read and response.status_code < BAD_REQUEST and "Set-Cookie" not in response.headers
