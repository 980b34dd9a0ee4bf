"""The files of the page and of the phones, under a strict content security policy."""

import secrets
from pathlib import Path

from bot.emulator.web import Answer, Refused, Request, Response, Router

HERE = Path(__file__).parent
KINDS = {
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".svg": "image/svg+xml",
}
POLICY = (
    "default-src 'none'; script-src 'nonce-{nonce}'; style-src 'self'; "
    "img-src 'self' data: blob:; media-src 'self' data: blob:; connect-src 'self' data: blob:; "
    "worker-src 'none'; object-src 'none'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'; require-trusted-types-for 'script'"
)
NOT_SUPPORTED = (
    b"<!doctype html><title>WhatsApp Web</title><h1>Browser not supported</h1>"
    b"<p>WhatsApp works with Google Chrome 100 and later.</p>"
)


def _html(path: Path) -> Response:
    nonce = secrets.token_urlsafe(16)
    text = path.read_text(encoding="utf-8").replace("{{nonce}}", nonce)
    headers = {
        "Content-Security-Policy": POLICY.format(nonce=nonce),
        "Referrer-Policy": "no-referrer",
    }
    return Response(body=text.encode(), kind=KINDS[".html"], headers=headers)


async def web_page(request: Request) -> Answer:
    """Return WhatsApp Web; a browser that says it is headless gets a page that never boots."""
    if "HeadlessChrome" in request.headers.get("user-agent", ""):
        return Response(body=NOT_SUPPORTED, kind=KINDS[".html"])
    return _html(HERE / "page" / "index.html")


async def phone_page(request: Request) -> Answer:
    """Return the page of the phones."""
    del request
    return _html(HERE / "phone" / "index.html")


async def asset(request: Request) -> Answer:
    """Return a script or style of either page."""
    _, _, folder, name = request.path.split("/", 3)
    path = HERE / folder / name
    if path.suffix not in {".js", ".css", ".svg"} or not path.is_file():
        raise Refused(404, f"no file {request.path}")
    return Response(body=path.read_bytes(), kind=KINDS[path.suffix])


def routes(router: Router) -> None:
    """Add the handlers to a router."""
    router.add("GET", "/", web_page)
    router.add("GET", "/phone", phone_page)
    router.add("GET", "/asset/page/*", asset)
    router.add("GET", "/asset/phone/*", asset)
