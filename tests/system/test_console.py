"""The API of a real daemon, before a real browser and the emulator."""

import hashlib
import hmac
import json
import os
import signal
import statistics
import threading
import time
import urllib.error
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import ClassVar

import pytest

from benchmarks.stage import Stage, free_port

pytestmark = pytest.mark.browser

ANA = "5511987654321@c.us"
RULES = """\
version: 1
rules:
  - id: echo
    when: {regex: '^ping (?P<n>\\d+)$'}
    do: {reply: "pong $(n)"}
  - id: paid
    when: {webhook: paid}
    do: {reply: "Thank you for paying."}
"""
MOST_PATIENT = 0.5  # seconds for an answer of /health


class Service(BaseHTTPRequestHandler):
    """A webhook that fails at first and keeps what it is told."""

    heard: ClassVar[list] = []
    failures = 2

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if Service.failures > 0:
            Service.failures -= 1
            self.send_response(500)
        else:
            Service.heard.append((dict(self.headers), body))
            self.send_response(200)
        self.end_headers()

    def log_message(self, *_):
        pass


class Desk:
    """What a program does with the API."""

    def __init__(self, stage, port):
        self.stage = stage
        self.base = f"http://127.0.0.1:{port}"

    @property
    def key(self):
        return json.loads((self.stage.bot / "state" / "tokens.json").read_text())["admin"]["key"]

    def health(self):
        """Return the status, the answer, and how long it took."""
        begun = time.monotonic()
        try:
            with urllib.request.urlopen(f"{self.base}/health", timeout=10) as answer:
                return answer.status, json.load(answer), time.monotonic() - begun
        except urllib.error.HTTPError as refused:
            return refused.code, json.load(refused), time.monotonic() - begun
        except OSError:
            return 0, {}, 0.0

    def call(self, path, body=None, **headers):
        raw = None if body is None else json.dumps(body).encode()
        given = {"X-Api-Key": self.key, "Content-Type": "application/json", **headers}
        request = urllib.request.Request(self.base + path, raw, given)
        with urllib.request.urlopen(request, timeout=10) as answer:
            return json.load(answer)


@pytest.fixture
def desk(tmp_path):
    Service.heard, Service.failures = [], 2
    service = ThreadingHTTPServer(("127.0.0.1", 0), Service)
    threading.Thread(target=service.serve_forever, daemon=True).start()
    stage, port = Stage(tmp_path, rules=RULES), free_port()
    config = stage.bot / "config.yaml"
    config.write_text(
        config.read_text().replace("  port: 0\n", f"  port: {port}\n")
        + "http: {allow_local: true}\n"
        + f"webhooks:\n  - url: http://127.0.0.1:{service.server_address[1]}/in\n"
        + "    hmac_key: file:key\n"
    )
    (stage.bot / "key").write_text("my-secret-key")
    try:
        stage.open_emulator()
        yield Desk(stage, port)
    finally:
        stage.close()
        service.shutdown()
        service.server_close()


def sends(stage, text):
    return [line for line in stage.ledger() if line["direction"] == "out" and line["body"] == text]


def test_a_program_talks_through_the_api_and_hears_by_webhook(desk):
    stage = desk.stage
    stage.open_daemon()
    stage.wait_for("the port", lambda: desk.health()[0] == 503, 10)
    stage.wait_for("the code", lambda: bool(desk.health()[1].get("status") == "login_required"), 60)
    assert desk.call("/api/default/auth/qr?format=raw")["value"]
    stage.pair()
    stage.wait_for("ready", lambda: desk.health()[0] == 200, 60)
    assert desk.health()[1]["sessions"] == {"default": "WORKING"}

    body = {"chatId": ANA, "text": "hello from n8n"}
    for _ in range(2):
        desk.call("/api/sendText", body, **{"Idempotency-Key": "one"})
    desk.call("/api/v1/webhooks/paid", {"chat": ANA, "amount": 5})
    stage.put(ANA, "ping 7")
    for text in ("hello from n8n", "Thank you for paying.", "pong 7"):
        stage.wait_for(text, lambda text=text: bool(sends(stage, text)), 20)
    assert len(sends(stage, "hello from n8n")) == 1

    def told():
        return [json.loads(body) for _, body in Service.heard]

    wanted = {"session.status", "message", "message.ack", "bot.rule.matched", "bot.reply.queued",
              "bot.reply.sent"}  # fmt: skip
    stage.wait_for("the webhooks", lambda: wanted <= {one["event"] for one in told()}, 20)
    assert len({one["id"] for one in told()}) == len(told())
    assert [one["payload"]["body"] for one in told() if one["event"] == "message"] == ["ping 7"]
    for headers, body in Service.heard:
        signature = hmac.new(b"my-secret-key", body, hashlib.sha512).hexdigest()
        assert headers["X-Webhook-Hmac"] == signature

    assert stage.stop_daemon() == 0


def test_health_answers_at_once_while_the_browser_hangs_and_while_much_comes_in(desk):
    stage = desk.stage
    stage.open_daemon()
    stage.pair()
    stage.wait_for("ready", lambda: desk.health()[0] == 200, 60)

    took = []
    with ThreadPoolExecutor(8) as hands:
        burst = [hands.submit(stage.put, f"55119{n:08d}@c.us", f"ping {n}") for n in range(500)]
        while not all(one.done() for one in burst):
            took.append(desk.health()[2])
            time.sleep(0.02)
    stopped = [*stage.parts("browser"), *stage.parts("renderer")]
    for pid in stopped:
        os.kill(pid, signal.SIGSTOP)
    end = time.monotonic() + 5
    while time.monotonic() < end:
        took.append(desk.health()[2])
        time.sleep(0.05)
    for pid in stopped:
        os.kill(pid, signal.SIGCONT)

    assert statistics.median(took) < MOST_PATIENT
