"""A stand-in for the services that the example business calls: prices, orders, a calendar."""

import itertools
import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Self
from urllib.parse import parse_qs, urlsplit

FIRST_ORDER = 20481
PRICES = {"small": 12, "medium": 18, "large": 24}
TIMES = ["09:00", "10:30", "14:00", "16:30"]
MOST_BYTES = 64 * 1024  # of a request


class ShopStub:
    """A small service on this machine: ``with ShopStub() as shop: shop.url``."""

    def __init__(self) -> None:
        self.orders: dict[str, dict[str, object]] = {}
        self._numbers = itertools.count(FIRST_ORDER)
        shop = self

        class Answers(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self._say(*shop.get(self.path))

            def do_POST(self) -> None:
                length = min(int(self.headers.get("Content-Length") or 0), MOST_BYTES)
                self._say(*shop.post(self.path, self.rfile.read(length)))

            def _say(self, status: int, answer: dict[str, object]) -> None:
                body = json.dumps(answer).encode()
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its name there
                """Keep quiet: the bot's log tells what was called."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)

    @property
    def url(self) -> str:
        """Its address, without a slash at the end."""
        return f"http://127.0.0.1:{self._server.server_port}"

    def get(self, path: str) -> tuple[int, dict[str, object]]:
        """Answer a GET: an order's state, or the free times of a day."""
        parts = urlsplit(path)
        match parts.path.strip("/").split("/"):
            case ["orders", number] if number in self.orders:
                return 200, {"id": int(number), "state": "in the oven", **self.orders[number]}
            case ["free"]:
                return 200, {"day": parse_qs(parts.query).get("day", [""])[0], "times": TIMES}
            case _:
                return 404, {"error": "not found"}

    def post(self, path: str, body: bytes) -> tuple[int, dict[str, object]]:
        """Answer a POST: a price, or a new order or booking."""
        try:
            wanted = json.loads(body or b"{}")
            count = int(wanted.get("count") or 1)
        except (ValueError, TypeError, AttributeError):
            return 400, {"error": "not JSON that is understood here"}
        match urlsplit(path).path.strip("/"):
            case "price":
                return 200, {
                    "total": PRICES.get(str(wanted.get("size")), PRICES["medium"]) * count,
                    "eta_minutes": 30,
                }
            case "orders":
                number = next(self._numbers)
                self.orders[str(number)] = {"ordered": wanted}
                return 200, {"id": number}
            case "book":
                return 200, {"id": next(self._numbers)}
            case _:
                return 404, {"error": "not found"}

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        failure: BaseException | None,
        where: TracebackType | None,
    ) -> None:
        self._server.shutdown()
        self._server.server_close()
