"""What every answer tells the browser about safety. The effects are tested in a browser, not the strings."""

from flask import Flask, Response, current_app

CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
FILE_CSP = "default-src 'none'; sandbox"
"""For uploaded files: whatever they are, they run nothing and belong to no origin."""

PDF_CSP = "default-src 'none'; style-src 'unsafe-inline'; object-src 'self'; base-uri 'none'; frame-ancestors 'none'"
"""For a PDF that opens in the browser: Safari and older engines show an empty page where it is sandboxed, or where their own
viewer may not style itself. It is served as a PDF and as nothing else (nosniff), so nothing in it can run as our page."""

HEADERS = {
    "Content-Security-Policy": CSP,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=(), browsing-topics=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
HSTS = "max-age=63072000; includeSubDomains"


def init_app(app: Flask) -> None:
    app.after_request(_protect)


def _protect(response: Response) -> Response:
    if "Content-Security-Policy" in response.headers:  # a file, which has stricter ones of its own
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
    else:
        response.headers.extend(HEADERS)
    if current_app.config["SECURE"]:
        response.headers["Strict-Transport-Security"] = HSTS
    return response
