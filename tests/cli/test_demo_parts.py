"""What the demo waits for."""

import http.server
import socket
import subprocess
import sys
import threading

import pytest

from bot.cli.demo import Demo, bot_command, environment
from bot.cli.demo_parts import Gone, emulator_answers, free_port, pair, until
from bot.domain.errors import PortInUse


@pytest.fixture
def taken():
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        yield listening.getsockname()[1]


def test_a_port_that_was_asked_for_must_be_free(taken):
    with pytest.raises(PortInUse, match=f"port {taken} is in use"):
        free_port(taken, 1)


def test_the_usual_port_gives_way_when_it_is_taken(taken):
    assert free_port(None, taken) not in (0, taken)


def test_waiting_ends_when_the_process_does():
    process = subprocess.Popen([sys.executable, "-c", "raise SystemExit(3)"])
    process.wait()

    with pytest.raises(Gone, match="the bot did not start: its process ended with 3"):
        until(lambda: False, 5, "the bot did not start", process)


def test_nobody_answers_where_nobody_listens(taken):
    assert not emulator_answers("http://127.0.0.1:1/")


def test_a_refused_pairing_is_no_pairing():
    class Refuses(http.server.BaseHTTPRequestHandler):
        def do_POST(self):
            self.send_response(409)
            self.end_headers()

        def log_message(self, *_):
            pass

    with http.server.HTTPServer(("127.0.0.1", 0), Refuses) as server:
        thread = threading.Thread(target=server.handle_request)
        thread.start()
        paired = pair(f"http://127.0.0.1:{server.server_port}/", "1@c.us")
        thread.join(5)

    assert not paired


def test_the_demo_reaches_only_the_emulator_and_its_own_services(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    demo = Demo.of(tmp_path / "demo", None)
    env = environment(demo, "http://127.0.0.1:9/", "http://127.0.0.1:8")

    assert env["ALEXIA_WHATSAPP__URL"] == "http://127.0.0.1:9/"
    assert env["SHOP"] == "http://127.0.0.1:8"
    assert bot_command(demo)[-1] == str(tmp_path / "demo" / "config.yaml")


def test_a_config_that_is_here_is_tried_with_data_of_the_demo(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "config.yaml").touch()

    demo = Demo.of(tmp_path / "demo", None)

    assert demo.config == tmp_path / "config.yaml"
    assert environment(demo, "u", "s")["ALEXIA_DATA_DIR"] == str(tmp_path / "demo" / "state")
    assert not (tmp_path / "demo" / "rules").exists()
