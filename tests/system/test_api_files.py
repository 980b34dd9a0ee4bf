"""Files of the API reach the phone byte for byte, before a real browser and the emulator."""

import base64
import hashlib
import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import httpx2
import pytest

from benchmarks.stage import Stage, free_port

pytestmark = pytest.mark.browser

ANA = "5511987654321@c.us"
PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk"
    "+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
PDF = b"%PDF-1.4\n" + bytes(range(256)) * 4000


class Shop(BaseHTTPRequestHandler):
    """A picture on the web."""

    def do_GET(self):
        self.send_response(200)
        self.send_header("Content-Type", "image/png")
        self.end_headers()
        self.wfile.write(PNG)

    def log_message(self, *_):
        pass


@pytest.fixture
def desk(tmp_path):
    shop = ThreadingHTTPServer(("127.0.0.1", 0), Shop)
    threading.Thread(target=shop.serve_forever, daemon=True).start()
    stage, port = Stage(tmp_path), free_port()
    config = stage.bot / "config.yaml"
    told = config.read_text().replace("  port: 0\n", f"  port: {port}\n")
    config.write_text(told + "http: {allow_local: true}\n")
    try:
        stage.open_emulator()
        stage.log_in()
        key = json.loads((stage.bot / "state" / "tokens.json").read_text())["admin"]["key"]
        base = f"http://127.0.0.1:{port}/api/"
        with httpx2.Client(base_url=base, headers={"X-Api-Key": key}, timeout=30) as http:
            yield stage, http, f"http://127.0.0.1:{shop.server_address[1]}/menu.png"
    finally:
        stage.close()
        shop.shutdown()
        shop.server_close()


def sent(stage):
    lines = [line for line in stage.ledger() if line["direction"] == "out"]
    return {(line["type"], line["body"], line["media_sha256"]) for line in lines}


def test_base64_a_form_and_the_web_reach_the_phone(desk):
    stage, http, url = desk
    data = base64.b64encode(PNG).decode()
    image = {"data": data, "mimetype": "image/png", "filename": "dot.png"}
    http.post("sendImage", json={"chatId": ANA, "caption": "one", "file": image}).raise_for_status()
    http.post("sendImage", json={"chatId": ANA, "caption": "two", "file": {"url": url}})
    form = {"file": ("invoice.pdf", PDF, "application/pdf")}
    http.post("sendFile", data={"chatId": ANA, "caption": "three"}, files=form)

    stage.wait_for("all three", lambda: len(sent(stage)) == 3, 60)
    picture, paper = (hashlib.sha256(one).hexdigest() for one in (PNG, PDF))
    assert sent(stage) == {
        ("image", "one", picture), ("image", "two", picture), ("document", "three", paper),
    }  # fmt: skip
