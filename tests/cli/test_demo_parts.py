"""What the demo waits for."""

import asyncio
import http.server
import json
import socket
import subprocess
import sys
import threading

import pytest

from bot.cli.demo import Demo, bot_command, environment, welcome
from bot.cli.demo_parts import (
    CUSTOMER,
    Gone,
    bring_somebody,
    call,
    emulator_answers,
    free_port,
    pair,
    until,
)
from bot.config import load_config
from bot.domain.errors import PortInUse
from bot.emulator import Emulator


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


@pytest.mark.parametrize("own", [True, False])
def test_the_commands_that_are_told_reach_the_demo(tmp_path, monkeypatch, own):
    monkeypatch.chdir(tmp_path)
    if own:
        (tmp_path / "config.yaml").touch()
    demo = Demo.of(tmp_path / "demo", None)

    told = welcome(demo, "http://127.0.0.1:9/", "8765")

    line = next(one for one in told.splitlines() if " trace" in one)
    words = line.partition("    what")[0].split()
    env = dict(word.split("=") for word in words if "=" in word)
    named = words[words.index("--config") + 1] if "--config" in words else "."
    assert load_config(tmp_path / named / "config.yaml", env).data_folder == demo.state


async def test_somebody_is_there_to_write_as_unless_people_are(tmp_path):
    async with Emulator(data=tmp_path) as emulator:
        await asyncio.to_thread(bring_somebody, emulator.url)
        first = await asyncio.to_thread(people, emulator.url)
        other = [{**CUSTOMER, "name": "Ana Maria"}]
        await asyncio.to_thread(call, emulator.url, "POST", "/control/contacts", other, 5.0)
        await asyncio.to_thread(bring_somebody, emulator.url)
        then = await asyncio.to_thread(people, emulator.url)

    assert (first, then) == (["Ana Lima"], ["Ana Maria"])


def people(url):
    data = json.loads(call(url, "GET", "/phone/data", None, 5.0)[1])
    return [one["name"] for one in data["people"]]
