"""What the demo waits for, and how it asks the emulator."""

import http.client
import json
import socket
import subprocess
import time
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from bot.domain.errors import PortInUse

ACCOUNT = "5511900000001@c.us"
CUSTOMER = {"id": "5511911111111@c.us", "name": "Ana Lima", "push_name": "Ana Lima"}
LOOK_AGAIN = 0.2  # seconds
PAIRING = 15.0  # seconds; the emulator waits 10 for a code


class Gone(Exception):
    """A part of the demo ended or did not begin."""


def until(
    holds: Callable[[], object],
    seconds: float,
    sentence: str,
    process: "subprocess.Popen[str]",
) -> None:
    """Return when something holds.

    Raises:
        Gone: Time is up, or the process has ended.
    """
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if process.poll() is not None:
            raise Gone(f"{sentence}: its process ended with {process.returncode}")
        if holds():
            return
        time.sleep(LOOK_AGAIN)
    raise Gone(f"{sentence} within {seconds:.0f} s")


def emulator_answers(url: str) -> bool:
    """Tell whether the emulator at that address answers."""
    return call(url, "GET", "/control/state", None, 2.0)[0] == 200


def pair(url: str, account: str) -> bool:
    """Scan the code that the page shows; False when there was none."""
    body = {"account": account, "push_name": "Alexia"}
    return call(url, "POST", "/control/pair", body, PAIRING)[0] == 200


def bring_somebody(url: str) -> None:
    """Let a customer be there to write as, unless somebody is."""
    status, data = call(url, "GET", "/phone/data", None, 2.0)
    if status == 200 and not json.loads(data)["people"]:
        call(url, "POST", "/control/contacts", [CUSTOMER], 2.0)


def free_port(wanted: int | None, usual: int) -> int:
    """Return the port that was asked for; else the usual one, or any when it is taken.

    Raises:
        PortInUse: Somebody listens on the port that was asked for.
    """
    for port in (usual, 0) if wanted is None else (wanted,):
        with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            found: int = probe.getsockname()[1]
            return found
    raise PortInUse(wanted or usual)


def call(
    url: str, method: str, path: str, body: dict[str, Any] | list[Any] | None, timeout: float
) -> tuple[int, bytes]:
    """Ask the emulator; status 0 when nobody answers."""
    line = http.client.HTTPConnection(urlsplit(url).netloc, timeout=timeout)
    try:
        raw = None if body is None else json.dumps(body)
        line.request(method, path, raw, {"Content-Type": "application/json"} if raw else {})
        answer = line.getresponse()
        return answer.status, answer.read()
    except (OSError, http.client.HTTPException):
        return 0, b""
    finally:
        line.close()
