"""The server on a real port: WebSocket, port, clean stop."""

import asyncio
import contextlib
import json
import logging

import httpx2
import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed, InvalidStatus

from bot.console.keys import Role
from bot.console.server import HttpServer, listen_on
from bot.domain.errors import PortInUse
from bot.store import inbox
from tests.console.stage import SECRETS, app_of
from tests.make import ANA, NOW, message

KEY = {"X-Api-Key": SECRETS[Role.VIEWER]}


@pytest.fixture
async def port(bot, tmp_path):
    listening = listen_on("127.0.0.1", 0)
    port = listening.getsockname()[1]
    logging.getLogger("websockets").setLevel(logging.WARNING)
    serving = asyncio.ensure_future(HttpServer(app_of(bot, tmp_path), listening).run())
    feeding = asyncio.ensure_future(bot.desk.feed.run())
    yield port
    for task in (serving, feeding):
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task


async def test_health_answers_on_the_port(port):
    async with httpx2.AsyncClient() as anyone:
        answer = await anyone.get(f"http://127.0.0.1:{port}/health")

    assert answer.json()["status"] == "ready"
    assert "server" not in answer.headers


async def test_what_happens_is_heard_live(bot, port):
    async with connect(
        f"ws://127.0.0.1:{port}/ws?session=*&events=message", additional_headers=KEY
    ) as line:
        while not bot.desk.feed._noting:
            await asyncio.sleep(0)
        inbox.record_all(bot.desk.store.db, [message("hi")], NOW)
        async with asyncio.timeout(5):
            told = json.loads(await line.recv())

    assert (told["event"], told["payload"]["from"]) == ("message", ANA)


@pytest.mark.parametrize(
    ("headers", "query", "status"),
    [
        ({}, "", 401),
        ({"X-Api-Key": "0" * 64}, "", 401),
        ({}, f"&x-api-key={SECRETS[Role.VIEWER]}", 401),
        (KEY, f"&x-api-key={SECRETS[Role.VIEWER]}", 401),
        ({**KEY, "Origin": "https://evil.example"}, "", 403),
    ],
)
async def test_a_strange_client_is_refused_before_any_data(port, headers, query, status):
    with pytest.raises(InvalidStatus) as refused:
        await connect(f"ws://127.0.0.1:{port}/ws?session=*{query}", additional_headers=headers)

    assert refused.value.response.status_code == status


async def test_a_session_that_there_is_not_is_refused(port):
    with pytest.raises((InvalidStatus, ConnectionClosed)):
        async with connect(
            f"ws://127.0.0.1:{port}/ws?session=other", additional_headers=KEY
        ) as line:
            await line.recv()


async def test_a_stop_does_not_wait_for_open_lines(bot, tmp_path):
    listening = listen_on("127.0.0.1", 0)
    port = listening.getsockname()[1]
    serving = asyncio.ensure_future(HttpServer(app_of(bot, tmp_path), listening).run())
    async with connect(f"ws://127.0.0.1:{port}/ws", additional_headers=KEY) as line:
        serving.cancel()
        async with asyncio.timeout(5):
            await asyncio.gather(serving, return_exceptions=True)
        with pytest.raises(ConnectionClosed):
            await line.recv()

    assert serving.cancelled()


def test_a_port_in_use_is_told():
    with listen_on("127.0.0.1", 0) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(PortInUse, match=f"{port} is in use; choose another"):
            listen_on("127.0.0.1", port)
