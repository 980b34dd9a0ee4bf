"""A stand-in for the services that the example business calls: prices, orders, a calendar."""

import itertools
import json
from urllib.parse import parse_qs, urlsplit

from bot.cli.local_service import LocalService

FIRST_ORDER = 20481
PRICES = {"small": 12, "medium": 18, "large": 24}
TIMES = ["09:00", "10:30", "14:00", "16:30"]


class ShopStub(LocalService):
    """A small service on this machine: ``with ShopStub() as shop: shop.url``."""

    def __init__(self) -> None:
        super().__init__(self._answer)
        self.orders: dict[str, dict[str, object]] = {}
        self._numbers = itertools.count(FIRST_ORDER)

    def _answer(self, method: str, path: str, body: bytes) -> tuple[int, dict[str, object]]:
        return self.get(path) if method == "GET" else self.post(path, body)

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
